/**
 * A metric for a task that names none.
 *
 * @module
 */

import { parseBox } from "../metrics/iou.ts";
import type { MetricName } from "./types.ts";

/** Every metric's name. */
export const METRICS: readonly MetricName[] = ["exact-match", "relaxed-match", "anls", "cider", "iou"];

/** The part of the answers that must have a form before the form decides. */
const MOST = 0.8;

/**
 * Guesses a task's metric from its answers: boxes are scored by their overlap, answers of one to three words by
 * exact match, sentences by CIDEr.
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
  if (part((answer) => parseBox(answer) !== null) >= MOST) {
    return { metric: "iou", because: "its answers are boxes" };
  }
  if (part((answer) => answer.trim().split(/\s+/).length <= 3) >= MOST) {
    return { metric: "exact-match", because: "its answers have one to three words" };
  }
  return { metric: "cider", because: "its answers are sentences" };
}
