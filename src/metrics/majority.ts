/**
 * What one gets without looking: the best constant answer.
 *
 * @module
 */

import type { MetricName } from "./metric_name.ts";
import { InputError } from "../errors.ts";
import { ciderOfConstants } from "./cider.ts";
import { normalizeAnswer } from "./exact_match.ts";
import { type Box, type BoxForm, formatBox, parseBox } from "./iou.ts";
import { type Score, score, type ScoredItem } from "./score.ts";

/** A question with its true answer. */
export interface AnswerItem {
  /** The true answer. */
  truth: string;
  /** All true answers, where there are several: `truth` is one of them. */
  references?: readonly string[];
  /** The question, which multiple-choice reads the options from. */
  question?: string;
  /** The template the question was made from, if known. */
  template?: string;
  /** The sample's id, for messages. */
  id?: string;
  /** How boxes are written, for iou; all items of a set alike. */
  box?: BoxForm;
}

/** The scores of the best constant answers. */
export interface MajorityScores {
  /** One answer to all questions. */
  overall: {
    /** The answer, as it stands in the training set (or as computed from it, for boxes). */
    answer: string;
    /** Its score on the test set. */
    score: Score;
  };
  /** One answer a template; `null` where no test question names one. */
  perTemplate: {
    /** The answer to every template of the training set. */
    answers: Map<string, string>;
    /** Their score on the test set; a template unknown in training gets the overall answer. */
    score: Score;
  } | null;
}

/** At most this many different answers are tried. */
const CANDIDATES = 40;

/** At most this many training answers are compared with each candidate where comparing is slow. */
const COMPARED = 200;

/**
 * The scores of always giving the same answer, and of always giving the same answer to questions of one template. The
 * answers are chosen on the training set alone.
 *
 * | metric | the answer |
 * |---|---|
 * | exact-match | the most frequent one: true for most questions |
 * | relaxed-match, anls, vqa-accuracy, multiple-choice | of the 40 most frequent ones, the one with the best score on the training set |
 * | cider | the same, with evenly spaced other captions in place of missing frequent ones |
 * | iou | the mean, the median or one of the 40 most frequent boxes: the one that is right most often in training |
 *
 * Ties go to the more frequent answer, then to the one seen first. Slow metrics (anls, cider, vqa-accuracy) choose on
 * at most 200 evenly spaced training answers. Of a question with several references all may be the constant answer.
 *
 * @param train The training set's true answers.
 * @param test The test set's true answers.
 * @param metric The metric.
 * @returns The scores and the answers.
 * @throws {InputError} If one of the sets is empty, or a true answer of iou is no box.
 *
 * @example
 * ```ts
 * import { majorityScores } from "./majority.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const train = [
 *   { truth: "yes", template: "exists" },
 *   { truth: "yes", template: "exists" },
 *   { truth: "3", template: "count" },
 * ];
 * const { overall, perTemplate } = majorityScores(train, train, "exact-match");
 * assertEquals(overall.answer, "yes");
 * assertEquals(Math.round(overall.score.score), 67);
 * assertEquals(perTemplate?.score.score, 100);
 * ```
 */
export function majorityScores(
  train: readonly AnswerItem[],
  test: readonly AnswerItem[],
  metric: MetricName,
): MajorityScores {
  if (train.length === 0) throw new InputError(`majority, ${metric}: expected training answers, found none`);
  if (test.length === 0) throw new InputError(`majority, ${metric}: expected test answers, found none`);

  const answer = bestConstant(train, metric);
  const overall = { answer, score: score(metric, test.map((item) => answered(item, answer))) };
  if (test.every((item) => item.template === undefined)) return { overall, perTemplate: null };

  const groups = Map.groupBy(train.filter((item) => item.template !== undefined), (item) => item.template!);
  const answers = new Map([...groups].map(([template, items]) => [template, bestConstant(items, metric)]));
  const answerTo = (item: AnswerItem) => answers.get(item.template ?? "") ?? answer;
  const perTemplate = score(metric, test.map((item) => answered(item, answerTo(item))));
  return { overall, perTemplate: { answers, score: perTemplate } };
}

function answered(item: AnswerItem, prediction: string): ScoredItem {
  return { ...item, prediction };
}

function truthsOf(item: AnswerItem): readonly string[] {
  return item.references ?? [item.truth];
}

/** The answer that scores best on the training set when given to every question. */
function bestConstant(train: readonly AnswerItem[], metric: MetricName): string {
  const counts = new Map<string, { answer: string; count: number }>();
  for (const item of train) {
    const own = new Set<string>();
    for (const answer of truthsOf(item)) {
      const key = normalizeAnswer(answer);
      if (own.has(key)) continue; // a question counts once
      own.add(key);
      const entry = counts.get(key);
      if (entry === undefined) counts.set(key, { answer, count: 1 });
      else entry.count++;
    }
  }
  // The sort is stable: of two answers equally frequent, the one seen first stays first.
  const byCount = [...counts.values()].sort((a, b) => b.count - a.count);
  const frequent = byCount.slice(0, CANDIDATES).map((entry) => entry.answer);
  const first = frequent[0]!;
  if (metric === "exact-match" || byCount.length === 1) return first;
  if (metric === "cider") return bestCaption(byCount, train);

  const candidates = metric === "iou" ? [...frequent, ...middleBoxes(train)] : frequent;
  const compared = metric === "anls" || metric === "vqa-accuracy" ? evenly(train, COMPARED) : train;
  return argmax(candidates, (answer) => score(metric, compared.map((item) => answered(item, answer))).score);
}

/** The caption most like the training captions. */
function bestCaption(
  byCount: readonly { answer: string; count: number }[],
  train: readonly AnswerItem[],
): string {
  const repeated = byCount.filter((entry) => entry.count > 1).slice(0, CANDIDATES / 2);
  const others = byCount.slice(repeated.length);
  const candidates = [...repeated, ...evenly(others, CANDIDATES - repeated.length)].map((entry) =>
    entry.answer
  );
  const scores = ciderOfConstants(candidates, evenly(train, COMPARED).map(truthsOf));
  return argmax(candidates, (_, i) => scores[i]!);
}

/** The mean and the median of every coordinate. */
function middleBoxes(train: readonly AnswerItem[]): string[] {
  const form = train[0]?.box;
  const boxes = train.map((item) => parseBox(item.truth, form)).filter((box) => box !== null);
  if (boxes.length === 0) return [];
  const of = (middle: (values: number[]) => number) =>
    formatBox(
      ([0, 1, 2, 3] as const).map((k) => middle(boxes.map((box) => box[k]))) as unknown as Box,
      4,
      form,
    );
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return [of(mean), of(median)];
}

function argmax(candidates: readonly string[], value: (candidate: string, i: number) => number): string {
  let best = candidates[0]!;
  let highest = -Infinity;
  candidates.forEach((candidate, i) => {
    const found = value(candidate, i);
    if (found > highest) [best, highest] = [candidate, found];
  });
  return best;
}

/** At most `count` entries, evenly spaced, the first among them. */
function evenly<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  return Array.from({ length: count }, (_, i) => list[Math.floor(i * list.length / count)]!);
}
