/**
 * Weights that never change: those of EW, and CoTBal's once its probes are scored.
 *
 * @module
 */

import { InputError } from "../errors.ts";
import type { Balancer } from "./balancer.ts";

/**
 * Constant task weights: CoTBal's λ, or any other vector.
 *
 * @param name The method's short name.
 * @param lambda One weight a task, 0 or more and not all 0.
 * @returns The balancer.
 * @throws {InputError} If a weight is negative or not finite, or all are 0.
 *
 * @example
 * ```ts
 * import { constantWeights } from "./constant.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const cotbal = constantWeights("cotbal", [0.8, 1.2]);
 * assertEquals(cotbal.weights(1), [0.8, 1.2]);
 * ```
 */
export function constantWeights(name: string, lambda: readonly number[]): Balancer {
  const bad = lambda.findIndex((w) => !(w >= 0) || !Number.isFinite(w));
  if (bad >= 0) {
    throw new InputError(
      `${name}: weight of task ${bad + 1}: expected a number of 0 or more, found ${lambda[bad]}`,
    );
  }
  if (!lambda.some((w) => w > 0)) {
    throw new InputError(
      `${name}: expected a weight above 0 for one task or more, found ${lambda.join(", ") || "none"}`,
    );
  }
  const own = [...lambda];
  return { name, weights: () => [...own], observe() {} };
}
