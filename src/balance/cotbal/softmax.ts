/**
 * Values to weights: the softmax of equations (4), (5) and (7).
 *
 * @module
 */

import { InputError } from "../../errors.ts";

/**
 * Turns one value a task into one weight a task.
 *
 * ```
 * λ_i = N · exp(x_i / T) / Σ_k exp(x_k / T)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | x_i | the value of task i: C_out for (4), −C_in for (5), D for (7) |
 * | T | temperature; the paper uses 0.5. T → ∞ gives every task weight 1, T → 0 gives everything to the largest value |
 * | N | number of tasks: the weights sum to N |
 *
 * A task whose value is undefined (`null`) gets weight 1, which is the weight of a task about which nothing is
 * known, and the others share the rest, so the sum is still N. The paper does not cover this case.
 *
 * @param values One value a task, `null` where it is undefined.
 * @param temperature T, above 0.
 * @returns One weight a task, all at least 0, with sum N.
 * @throws {InputError} If the temperature is not above 0, or a value is not finite.
 *
 * @example The larger value gets the larger weight
 * ```ts
 * import { softmaxWeights } from "./softmax.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [easy, hard] = softmaxWeights([0.1, 0.6], 0.5);
 * assertAlmostEquals(easy!, 0.5379, 1e-4);
 * assertAlmostEquals(hard!, 1.4621, 1e-4);
 * ```
 */
export function softmaxWeights(values: readonly (number | null)[], temperature: number): number[] {
  if (!(temperature > 0) || !Number.isFinite(temperature)) {
    throw new InputError(`expected a temperature above 0, found ${temperature}`);
  }
  const known = values.filter((x) => x !== null);
  const bad = known.find((x) => !Number.isFinite(x));
  if (bad !== undefined) throw new InputError(`expected finite values to weight the tasks by, found ${bad}`);
  const largest = known.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = known.reduce((total, x) => total + Math.exp((x - largest) / temperature), 0);
  return values.map((x) => x === null ? 1 : known.length * Math.exp((x - largest) / temperature) / sum);
}
