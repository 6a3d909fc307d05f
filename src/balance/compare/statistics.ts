/**
 * Means with error bars, and how far two rankings agree: what tells a result from a seed's luck.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { studentQuantile } from "./student.ts";

/** A mean over seeds and how sure it is. */
export interface MeanInterval {
  /** Mean of the values. */
  mean: number;
  /** Sample standard deviation (n − 1); `null` for one value. */
  deviation: number | null;
  /** Lower end of the confidence interval; `null` for one value. */
  low: number | null;
  /** Upper end of the confidence interval; `null` for one value. */
  high: number | null;
  /** Number of values. */
  n: number;
}

/**
 * Mean and confidence interval of a few values, by Student's t.
 *
 * ```
 * mean ± t(n − 1, level) · deviation / √n
 * ```
 *
 * To compare two methods on the same seeds, give the differences seed by seed: the interval of paired differences
 * is the tighter one, and a gain is clear where it leaves out 0.
 *
 * @param values One value a seed, 1 or more.
 * @param level Confidence level, between 0 and 1.
 * @returns The mean and its interval.
 * @throws {InputError} If there is no value, a value is not finite, or the level is not between 0 and 1.
 *
 * @example
 * ```ts
 * import { meanInterval } from "./statistics.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { mean, low, high } = meanInterval([1, 2, 3]);
 * assertAlmostEquals(mean, 2);
 * assertAlmostEquals(low!, -0.4841, 1e-4);
 * assertAlmostEquals(high!, 4.4841, 1e-4);
 * ```
 */
export function meanInterval(values: readonly number[], level = 0.95): MeanInterval {
  if (!(level > 0 && level < 1)) throw new InputError(`expected a level between 0 and 1, found ${level}`);
  checkValues(values);
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  if (n === 1) return { mean, deviation: null, low: null, high: null, n };
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1));
  const half = studentQuantile(n - 1, level) * deviation / Math.sqrt(n);
  return { mean, deviation, low: mean - half, high: mean + half, n };
}

/**
 * Spearman's rank correlation: 1 where two lists rank the tasks alike, −1 where they rank them the other way round.
 * Ties share the mean of their ranks.
 *
 * @param a One value a task.
 * @param b One value a task.
 * @returns The correlation, or `null` where a list has fewer than two different values.
 * @throws {InputError} If the lists differ in length or hold a value that is not finite.
 *
 * @example
 * ```ts
 * import { rankCorrelation } from "./statistics.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(rankCorrelation([1, 2, 3, 4], [10, 20, 40, 30])!, 0.8);
 * ```
 */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length) {
    throw new InputError(`expected two lists of one length, found ${a.length} and ${b.length} values`);
  }
  checkValues(a);
  checkValues(b);
  const ra = ranks(a);
  const rb = ranks(b);
  const middle = (a.length + 1) / 2;
  let ab = 0, aa = 0, bb = 0;
  for (let i = 0; i < a.length; i++) {
    const x = ra[i]! - middle;
    const y = rb[i]! - middle;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa === 0 || bb === 0 ? null : ab / Math.sqrt(aa * bb);
}

function checkValues(values: readonly number[]) {
  if (values.length === 0) throw new InputError("expected one value or more, found none");
  const bad = values.find((x) => !Number.isFinite(x));
  if (bad !== undefined) throw new InputError(`expected finite values, found ${bad}`);
}

/** Ranks from 1; equal values share the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  return values.map((x) => {
    const below = values.filter((y) => y < x).length;
    const equal = values.filter((y) => y === x).length;
    return below + (equal + 1) / 2;
  });
}
