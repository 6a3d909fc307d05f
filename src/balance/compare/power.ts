/**
 * How many seeds it takes to see a difference.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { studentQuantile } from "./student.ts";

/** What is to be seen, and how surely. */
export interface PowerOptions {
  /** The true difference that shall be found, in points; 1 if left out. */
  difference?: number;
  /** Level of the test's interval; 0.95 if left out. */
  level?: number;
  /** The chance with which it shall be found; 0.8 if left out, Cohen's convention (Statistical Power Analysis, 1988). */
  power?: number;
}

/** More seeds than this are not counted one by one. */
const MOST = 100_000;

/**
 * The number of paired seeds with which a paired t-test finds a difference.
 *
 * ```
 * n = the least whole number of 2 or more with n ≥ ((t_{n−1, 1−α/2} + t_{n−1, power}) · σ / δ)²
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | σ | deviation of the paired differences between seeds |
 * | δ | the true difference |
 * | α | 1 − level |
 * | t_{ν, q} | quantile of Student's t with ν degrees of freedom, one-sided |
 *
 * Source: R. Sokal and F. Rohlf, Biometry, 3rd ed. 1995, 9.8, for one sample of differences. σ comes from the seeds
 * that ran, so the answer is no better known than it: from four seeds, σ is known to a factor of 0.6 to 3.7.
 *
 * @param deviation σ, in points.
 * @param options The difference, level and power.
 * @returns The number of seeds; 100,000 where it takes more.
 * @throws {InputError} If the deviation is negative or not finite, or an option is out of range.
 *
 * @example A point, where seeds scatter by a point and by two
 * ```ts
 * import { seedsNeeded } from "./power.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([seedsNeeded(1), seedsNeeded(2)], [10, 34]);
 * ```
 */
export function seedsNeeded(deviation: number, options: PowerOptions = {}): number {
  const { difference = 1, level = 0.95, power = 0.8 } = options;
  if (!(deviation >= 0 && Number.isFinite(deviation))) {
    throw new InputError(`seeds needed: expected a deviation of 0 or more, found ${deviation}`);
  }
  if (!(difference > 0 && Number.isFinite(difference))) {
    throw new InputError(`seeds needed: expected a difference above 0, found ${difference}`);
  }
  if (!(level > 0 && level < 1)) {
    throw new InputError(`seeds needed: expected a level between 0 and 1, found ${level}`);
  }
  if (!(power >= 0.5 && power < 1)) {
    throw new InputError(`seeds needed: expected a power of 0.5 or more and below 1, found ${power}`);
  }
  // t falls with the degrees of freedom, so what is enough stays enough with more seeds.
  const enough = (n: number) => {
    const t = studentQuantile(n - 1, level) + (power === 0.5 ? 0 : studentQuantile(n - 1, 2 * power - 1));
    return n >= (t * deviation / difference) ** 2;
  };
  let high = 2;
  while (high < MOST && !enough(high)) high *= 2;
  if (high === 2) return 2;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (middle >= MOST || enough(middle)) high = middle;
    else low = middle;
  }
  return Math.min(high, MOST);
}
