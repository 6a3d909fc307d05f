/**
 * One door to all metrics.
 *
 * @module
 */

import { type MetricName, METRICS } from "./metric_name.ts";
import { InputError } from "../errors.ts";
import { anls } from "./anls.ts";
import { cider } from "./cider.ts";
import { exactMatch } from "./exact_match.ts";
import { iou, parseBox } from "./iou.ts";
import { relaxedMatch } from "./relaxed_match.ts";

/** An answered question. */
export interface ScoredItem {
  /** The model's answer. */
  prediction: string;
  /** The true answer. */
  truth: string;
  /** The sample's id, for messages. */
  id?: string;
  /** The template the question was made from, if known. */
  template?: string;
}

/** The unit of a score: per cent, or CIDEr-D's own scale, 0 to 10. */
export type ScoreUnit = "percent" | "cider";

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
  /**
   * Other measures in points, by name: "relaxed-match" and "anls" beside exact-match, "exact-match" beside these two,
   * "mean-iou" and "unparsed" (answers without a readable box) beside iou.
   */
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
 *
 * @param metric The metric's name.
 * @param items The answers. CIDEr-D weights words by this set: always give the same set of questions.
 * @returns The score, and the score of every answer.
 * @throws {InputError} If there is no item, the metric is unknown, or a true answer of iou is no box.
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
  const each = (rate: (prediction: string, truth: string) => number) =>
    items.map((item) => 100 * rate(item.prediction, item.truth));
  const percent = (perItem: number[], others: Record<string, number>): Score => {
    const points = mean(perItem);
    return { metric, score: points, unit: "percent", points, perItem, others };
  };

  switch (metric) {
    case "exact-match":
      return percent(each(exactMatch), { "relaxed-match": mean(each(relaxedMatch)), anls: mean(each(anls)) });
    case "relaxed-match":
      return percent(each(relaxedMatch), { "exact-match": mean(each(exactMatch)) });
    case "anls":
      return percent(each(anls), { "exact-match": mean(each(exactMatch)) });
    case "cider": {
      const found = cider(items.map(({ prediction, truth }) => ({ prediction, references: [truth] })));
      const perItem = found.perItem.map((x) => 10 * x);
      return { metric, score: found.score, unit: "cider", points: 10 * found.score, perItem, others: {} };
    }
    case "iou": {
      const overlaps = items.map((item, i) => {
        const truth = parseBox(item.truth);
        if (truth === null) {
          throw new InputError(
            `iou, ${
              item.id ?? `item ${i + 1}`
            }: expected a true answer [x1, y1, x2, y2] with coordinates in [0, 1], ` +
              `found ${JSON.stringify(item.truth)}`,
          );
        }
        const box = parseBox(item.prediction);
        return box === null ? null : iou(box, truth);
      });
      return percent(overlaps.map((x) => x !== null && x > 0.5 ? 100 : 0), {
        "mean-iou": 100 * mean(overlaps.map((x) => x ?? 0)),
        unparsed: 100 * mean(overlaps.map((x) => x === null ? 1 : 0)),
      });
    }
    default:
      throw new InputError(`expected a metric (${METRICS.join(", ")}), found ${JSON.stringify(metric)}`);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
