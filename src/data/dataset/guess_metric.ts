/**
 * A metric for a task that names none.
 *
 * @module
 */

import { parseBox } from "../../metrics/iou.ts";
import type { MetricName } from "../../metrics/metric_name.ts";

/** The part of the answers that must have a form before the form decides. */
const MOST = 0.8;
/** A box in pixels, or in another notation. */
const FOUR_NUMBERS = /^\W*-?[\d.]+(?:[\s,;<>()[\]]+-?[\d.]+){3}\W*$/;

/**
 * Guesses a task's metric from its answers: boxes are scored by their overlap, answers of one to three words by
 * exact match, sentences by CIDEr. Overlap needs all answers to be boxes between 0 and 1; where some are not, or all
 * are in pixels, the reason says so.
 *
 * @param answers The answers of the task's samples.
 * @returns The metric, and what in the answers decided.
 *
 * @example
 * ```ts
 * import { guessMetric } from "./guess_metric.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(guessMetric(["yes", "two cubes"]).metric, "exact-match");
 * assertEquals(guessMetric(["[0.1, 0.2, 0.5, 0.6]"]).metric, "iou");
 * assertEquals(guessMetric(["A red cube stands on the left."]).metric, "cider");
 * ```
 */
export function guessMetric(answers: readonly string[]): { metric: MetricName; because: string } {
  const part = (test: (answer: string) => boolean) =>
    answers.filter(test).length / Math.max(1, answers.length);
  const boxes = part((answer) => parseBox(answer) !== null);
  if (boxes === 1) return { metric: "iou", because: "its answers are boxes" };
  if (boxes >= MOST) {
    const others = answers.filter((answer) => parseBox(answer) === null);
    return {
      metric: "exact-match",
      because:
        `${others.length} of its ${answers.length} answers are no boxes between 0 and 1, which iou needs ` +
        `(${JSON.stringify(others[0]!.slice(0, 40))})`,
    };
  }
  if (part((answer) => FOUR_NUMBERS.test(answer)) >= MOST) {
    return {
      metric: "exact-match",
      because: "its answers are four numbers, but not boxes [x1, y1, x2, y2] between 0 and 1 (parts of the " +
        "image, padded to a square), which iou needs",
    };
  }
  if (part((answer) => answer.trim().split(/\s+/).length <= 3) >= MOST) {
    return { metric: "exact-match", because: "its answers have one to three words" };
  }
  return { metric: "cider", because: "its answers are sentences" };
}
