/**
 * Student's t distribution: quantiles and probabilities.
 *
 * @module
 */

/**
 * The t with P(|t'| ≤ t) = level, by bisection.
 *
 * @param freedom Degrees of freedom, a whole number of 1 or more.
 * @param level The probability between −t and t, between 0 and 1.
 * @returns The quantile, 0 or more.
 *
 * @example The 95% of nine degrees of freedom
 * ```ts
 * import { studentQuantile } from "./student.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(studentQuantile(9, 0.95), 2.2622, 1e-4);
 * ```
 */
export function studentQuantile(freedom: number, level: number): number {
  let low = 0, high = 1;
  while (studentWithin(freedom, high) < level) high *= 2;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (studentWithin(freedom, middle) < level) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * P(|t'| ≤ t) for whole degrees of freedom ν, with θ = atan(t / √ν): a finite sum over powers of cos θ
 * (Abramowitz and Stegun, 26.7.3 and 26.7.4).
 *
 * @param freedom Degrees of freedom, a whole number of 1 or more.
 * @param t 0 or more; Infinity gives 1.
 * @returns The probability, from 0 to 1.
 */
export function studentWithin(freedom: number, t: number): number {
  const theta = Math.atan(t / Math.sqrt(freedom));
  const cos = Math.cos(theta);
  const sin = Math.sin(theta);
  const odd = freedom % 2 === 1;
  let term = odd ? cos : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= freedom - 2; k += 2) {
    term *= cos * cos * (k - 1) / k;
    sum += term;
  }
  return odd ? 2 / Math.PI * (theta + sin * sum) : sin * sum;
}
