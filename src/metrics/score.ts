/**
 * One door to all metrics.
 *
 * @module
 */

import { METRIC_NOTES, type MetricName, METRICS, type ScoreUnit } from "./metric_name.ts";
import { InputError } from "../errors.ts";
import { anls } from "./anls.ts";
import { cider } from "./cider.ts";
import { exactMatch } from "./exact_match.ts";
import { type BoxForm, describeBox, iou, parseBox } from "./iou.ts";
import { multipleChoice } from "./multiple_choice.ts";
import { relaxedMatch } from "./relaxed_match.ts";
import { vqaAccuracy } from "./vqa_accuracy.ts";

/** An answered question. */
export interface ScoredItem {
  /** The model's answer. */
  prediction: string;
  /** The true answer. */
  truth: string;
  /** All true answers, where there are several: `truth` is one of them. */
  references?: readonly string[];
  /** The question, which multiple-choice reads the options from. */
  question?: string;
  /** The sample's id, for messages. */
  id?: string;
  /** The template the question was made from, if known. */
  template?: string;
  /** How boxes are written in truth and answer, for iou; parts of the sides, two corners, if left out. */
  box?: BoxForm;
}

/** The score of a set of answers. */
export interface Score {
  /** The metric's name. */
  metric: MetricName;
  /** The score in its unit: per cent for all metrics but CIDEr-D, which keeps its own scale of 0 to 10. */
  score: number;
  /** The unit of `score`. */
  unit: ScoreUnit;
  /** The score on one scale for all metrics: 0 to 100 points. Per cent as it is, CIDEr-D times 10. */
  points: number;
  /** Points of every answer, in order. CIDEr-D's depend on the whole set. */
  perItem: number[];
  /** Other measures in points, by name: those that {@linkcode METRIC_NOTES} lists for the metric. */
  others: Record<string, number>;
}

/**
 * Scores a set of answers.
 *
 * | metric | a right answer | score |
 * |---|---|---|
 * | exact-match | equal but for case, outer spaces and one trailing full stop | % right |
 * | relaxed-match | the same, or a number within 5% | % right |
 * | anls | similar by letters, from 0.5 on | 100 × mean similarity |
 * | cider | like its reference by weighted n-grams | CIDEr-D, 0 to 10 |
 * | iou | first box `[x1, y1, x2, y2]` has IoU > 0.5 with the true one; no box is wrong | % right |
 * | vqa-accuracy | given by three people of ten, others in part | 100 × mean accuracy |
 * | multiple-choice | names the true option by its letter or text | % right |
 *
 * Where a question has several `references`, the best match counts, but for cider (their mean), vqa-accuracy (one
 * vote each) and iou (which takes one).
 *
 * @param metric The metric's name.
 * @param items The answers. CIDEr-D weights words by this set: always give the same set of questions.
 * @returns The score, and the score of every answer.
 * @throws {InputError} If there is no item, the metric is unknown, an item has an empty list of references, or a true
 * answer of iou is no box or not the only one.
 *
 * @example Several references
 * ```ts
 * import { score } from "./score.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const item = { prediction: "couch", truth: "sofa", references: ["sofa", "couch"] };
 * assertEquals(score("exact-match", [item]).score, 100);
 * ```
 *
 * @example
 * ```ts
 * import { score } from "./score.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const result = score("exact-match", [
 *   { prediction: "Red.", truth: "red" },
 *   { prediction: "two", truth: "three" },
 * ]);
 * assertEquals(result.score, 50);
 * assertEquals(result.perItem, [100, 0]);
 * ```
 */
export function score(metric: MetricName, items: readonly ScoredItem[]): Score {
  if (items.length === 0) throw new InputError(`${metric}: expected one answer or more to score, found none`);
  if (!METRICS.includes(metric)) {
    throw new InputError(`expected a metric (${METRICS.join(", ")}), found ${JSON.stringify(metric)}`);
  }
  const truths = items.map((item, i) => {
    const references = item.references ?? [item.truth];
    if (references.length > 0) return references;
    throw new InputError(
      `${metric}, ${name(item, i)}: expected one reference or more, found none; give its truth`,
    );
  });
  const best = (rate: (prediction: string, truth: string) => number) =>
    items.map((item, i) => 100 * Math.max(...truths[i]!.map((truth) => rate(item.prediction, truth))));
  const percent = (perItem: number[], others: Record<string, number>): Score => {
    const points = mean(perItem);
    return { metric, score: points, unit: METRIC_NOTES[metric].unit, points, perItem, others };
  };

  switch (metric) {
    case "exact-match":
      return percent(best(exactMatch), { "relaxed-match": mean(best(relaxedMatch)), anls: mean(best(anls)) });
    case "relaxed-match":
      return percent(best(relaxedMatch), { "exact-match": mean(best(exactMatch)) });
    case "anls":
      return percent(best(anls), { "exact-match": mean(best(exactMatch)) });
    case "cider": {
      const found = cider(items.map(({ prediction }, i) => ({ prediction, references: truths[i]! })));
      const perItem = found.perItem.map((x) => 10 * x);
      return {
        metric,
        score: found.score,
        unit: METRIC_NOTES.cider.unit,
        points: 10 * found.score,
        perItem,
        others: {},
      };
    }
    case "iou": {
      const overlaps = items.map((item, i) => {
        const [first, second] = truths[i]!;
        const truth = parseBox(first!, item.box);
        if (truth === null) {
          throw new InputError(
            `iou, ${name(item, i)}: expected a true answer ${describeBox(item.box)}, ` +
              `found ${JSON.stringify(first)}`,
          );
        }
        if (second !== undefined) {
          throw new InputError(
            `iou, ${name(item, i)}: expected one true box, found ${truths[i]!.length}; keep one of them`,
          );
        }
        const box = parseBox(item.prediction, item.box);
        return box === null ? null : iou(box, truth);
      });
      return percent(overlaps.map((x) => x !== null && x > 0.5 ? 100 : 0), {
        "mean-iou": 100 * mean(overlaps.map((x) => x ?? 0)),
        unparsed: 100 * mean(overlaps.map((x) => x === null ? 1 : 0)),
      });
    }
    case "vqa-accuracy":
      return percent(items.map(({ prediction }, i) => 100 * vqaAccuracy(prediction, truths[i]!)), {
        "exact-match": mean(best(exactMatch)),
      });
    case "multiple-choice": {
      const results = items.map(({ prediction, question }, i) =>
        truths[i]!.map((truth) => multipleChoice(prediction, truth, question))
      );
      return percent(results.map((all) => all.some(({ right }) => right === 1) ? 100 : 0), {
        unparsed: 100 * mean(results.map((all) => all.some(({ parsed }) => parsed) ? 0 : 1)),
      });
    }
  }
}

/** What messages call an item. */
function name(item: ScoredItem, index: number): string {
  return item.id ?? `item ${index + 1}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
