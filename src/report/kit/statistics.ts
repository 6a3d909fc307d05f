/**
 * The little statistics a report needs beside those of balance/: they take lists with holes.
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

/**
 * The 95% interval that the choice of `questions` questions alone leaves around a rate of right answers: Agresti and
 * Coull's, which does not shrink to nothing at 0 and 100 ("Approximate is better than exact for interval estimation of
 * binomial proportions", The American Statistician 52, 1998).
 *
 * ```
 * p̃ ± z·√(p̃(1 − p̃)/ñ),  ñ = n + z²,  p̃ = (right + z²/2)/ñ,  z = 1.96
 * ```
 *
 * @param points Right answers in per cent.
 * @param questions Questions asked.
 * @returns Its ends in points, kept within 0 and 100; null without questions.
 *
 * @example Twenty right answers of twenty
 * ```ts
 * import { samplingInterval } from "./statistics.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { low, high } = samplingInterval(100, 20)!;
 * assertAlmostEquals(low, 81.0, 0.05);
 * assertEquals(high, 100);
 * ```
 */
export function samplingInterval(points: Maybe, questions: number): { low: number; high: number } | null {
  const found = agrestiCoull(points, questions);
  if (found === null) return null;
  const { centre, half } = found;
  return { low: Math.max(0, centre - half), high: Math.min(100, centre + half) };
}

/**
 * Half the width of {@linkcode samplingInterval}, before it is kept within 0 and 100.
 *
 * @param points Right answers in per cent.
 * @param questions Questions asked.
 * @returns Points; null without questions.
 */
export function samplingError(points: Maybe, questions: number): number | null {
  return agrestiCoull(points, questions)?.half ?? null;
}

function agrestiCoull(points: Maybe, questions: number): { centre: number; half: number } | null {
  if (!(questions > 0) || !known(points)) return null;
  const z = 1.96;
  const p = (points / 100 * questions + z * z / 2) / (questions + z * z);
  return { centre: 100 * p, half: 100 * z * Math.sqrt(p * (1 - p) / (questions + z * z)) };
}
