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
