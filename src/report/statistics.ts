/**
 * The little statistics a report needs.
 *
 * @module
 */

import { known, type Maybe } from "./numbers.ts";

/**
 * The mean of the numbers there are.
 *
 * @param values Numbers; what is not finite is left out.
 * @returns The mean; null if nothing is left.
 */
export function mean(values: readonly Maybe[]): number | null {
  const numbers = values.filter(known);
  return numbers.length === 0 ? null : numbers.reduce((a, b) => a + b, 0) / numbers.length;
}

/**
 * The sample standard deviation (n − 1) of the numbers there are.
 *
 * @param values Numbers; what is not finite is left out.
 * @returns The deviation; null for fewer than two numbers.
 */
export function deviation(values: readonly Maybe[]): number | null {
  const numbers = values.filter(known);
  const centre = mean(numbers);
  if (centre === null || numbers.length < 2) return null;
  return Math.sqrt(numbers.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (numbers.length - 1));
}

/** A mean with its 95% interval. */
export interface Interval {
  mean: number;
  low: number;
  high: number;
  /** How many numbers it rests on. */
  n: number;
}

/**
 * The mean of paired differences with Student's 95% interval.
 *
 * @param differences One difference a pair.
 * @returns The interval; null for fewer than two pairs.
 *
 * @example Three seeds
 * ```ts
 * import { interval } from "./statistics.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { mean, low, high } = interval([1, 2, 3])!;
 * assertAlmostEquals(mean, 2);
 * assertAlmostEquals(high - mean, 4.303 / Math.sqrt(3), 1e-3);
 * assertAlmostEquals(mean - low, high - mean);
 * ```
 */
export function interval(differences: readonly number[]): Interval | null {
  const centre = mean(differences);
  const spread = deviation(differences);
  const n = differences.filter(known).length;
  if (centre === null || spread === null) return null;
  const half = studentQuantile(n - 1) * spread / Math.sqrt(n);
  return { mean: centre, low: centre - half, high: centre + half, n };
}

/**
 * Half the width of the 95% interval that the choice of `questions` questions alone leaves around a rate of right
 * answers (Agresti and Coull's interval, which does not shrink to nothing at 0 and 100).
 *
 * @param points Right answers in per cent.
 * @param questions Questions asked.
 * @returns Points; null without questions.
 */
export function samplingError(points: number, questions: number): number | null {
  if (!(questions > 0) || !known(points)) return null;
  const z = 1.96;
  const p = (points / 100 * questions + z * z / 2) / (questions + z * z);
  return 100 * z * Math.sqrt(p * (1 - p) / (questions + z * z));
}

/** The 97.5% points of Student's t for 1, 2, … 30 degrees of freedom. */
// deno-fmt-ignore
const STUDENT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
  2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
];

function studentQuantile(degrees: number): number {
  // Beyond the table, the first term of the expansion around the normal quantile is right to three digits.
  return STUDENT[degrees - 1] ?? 1.96 + 2.372 / degrees;
}
