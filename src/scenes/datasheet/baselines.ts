/**
 * What a task scores without looking at the picture.
 *
 * @module
 */

import { majorityScores } from "../../metrics/majority.ts";
import { score } from "../../metrics/score.ts";
import { chanceScores } from "../chance.ts";
import type { DealtTurn } from "../deal.ts";
import type { SceneTask } from "../templates.ts";

/** Points on the test split. */
export interface Baselines {
  /** Of an answer drawn by lot, see `chanceScores`. */
  chance: number;
  /** Of the best constant answer. */
  majority: number;
  /** Of the best constant answer to each template. */
  template: number;
  /** Of the most frequent training answer to the very same words; where they are new, the template's. */
  words: number;
}

/**
 * Scores the answers that need no picture, chosen on the training split.
 *
 * @param task The task.
 * @param train The training questions.
 * @param test The test questions.
 * @returns Points, 0 to 100.
 *
 * @example Words that give the answer away
 * ```ts
 * import { baselines } from "./baselines.ts";
 * import { vqa } from "../tasks/vqa.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const turns = [
 *   { question: "is there a red ring?", answer: "yes", template: "existence" },
 *   { question: "is there a blue ring?", answer: "no", template: "existence" },
 * ];
 * const { chance, template, words } = baselines(vqa, turns, turns);
 * assertEquals([chance, template, words], [50, 50, 100]);
 * ```
 */
export function baselines(
  task: SceneTask,
  train: readonly DealtTurn[],
  test: readonly DealtTurn[],
): Baselines {
  const truths = (turns: readonly DealtTurn[]) =>
    turns.map(({ answer, template }) => ({ truth: answer, template }));
  const { overall, perTemplate } = majorityScores(truths(train), truths(test), task.metric);
  const known = new Map(
    [...Map.groupBy(train, ({ question }) => question)].map(([question, turns]) => [
      question,
      topAnswers(turns)[0]!.answer,
    ]),
  );
  const items = test.map(({ question, answer, template }) => ({
    truth: answer,
    prediction: known.get(question) ?? perTemplate?.answers.get(template) ?? overall.answer,
  }));
  return {
    chance: chanceScores(task, test).points,
    majority: overall.score.points,
    template: (perTemplate ?? { score: overall.score }).score.points,
    words: score(task.metric, items).points,
  };
}

/**
 * The answers by how often they occur.
 *
 * @param turns The questions and answers.
 * @returns The answers, the most frequent first; of equals the one that occurs first.
 */
export function topAnswers(turns: readonly DealtTurn[]): { answer: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { answer } of turns) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts].map(([answer, count]) => ({ answer, count })).sort((a, b) => b.count - a.count);
}
