/**
 * Tasks outside the balancing: they keep a weight of their own under every method.
 *
 * @module
 */

import type { Balancer } from "./balancer.ts";
import { constantWeights } from "./constant.ts";

/**
 * Puts tasks with fixed weights beside those that a method weighs: the method sees the balanced tasks alone, as if the
 * others were not there.
 *
 * ```
 * λ_i = the method's weight of i   if i is balanced,   the fixed weight of i   else
 * ```
 *
 * So a fixed weight of 1 is that of a task to which the method gives its mean weight. Source: CoTBal's paper (arXiv
 * 2403.04343) keeps the text-only ShareGPT at 1.0 that way.
 *
 * @param fixed One entry a task: its fixed weight, or undefined where the method weighs it.
 * @param make Makes the method's balancer of the balanced tasks, whose indices it gets.
 * @returns A balancer of all tasks; the method's own where no weight is fixed, constant weights where all are.
 *
 * @example
 * ```ts
 * import { withFixedWeights } from "./fixed.ts";
 * import { taskLevelMean } from "./methods/tla.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tla = withFixedWeights([undefined, 0.5, undefined], (balanced) => taskLevelMean(balanced.length));
 * assertEquals(tla.weights(1, [30, 100, 10]), [40 / 60, 0.5, 40 / 20]);
 * ```
 */
export function withFixedWeights(
  fixed: readonly (number | undefined)[],
  make: (balanced: readonly number[]) => Balancer,
): Balancer {
  const balanced = fixed.flatMap((weight, i) => weight === undefined ? [i] : []);
  if (balanced.length === 0) return constantWeights("fixed", fixed.map((weight) => weight!));
  const own = make(balanced);
  if (balanced.length === fixed.length) return own;
  const pick = <A>(list: readonly A[]) => balanced.map((i) => list[i]!);
  return {
    name: own.name,
    weights(step, taskTokens) {
      const tokens = taskTokens && pick(taskTokens);
      // A step without any balanced task has nothing to ask the method for: their weights meet no token.
      const away = tokens !== undefined && tokens.every((n) => n === 0);
      const weights = away ? balanced.map(() => 1) : own.weights(step, tokens);
      return fixed.map((weight, i) => weight ?? weights[balanced.indexOf(i)]!);
    },
    observe({ step, taskLoss, taskTokens }) {
      own.observe({ step, taskLoss: pick(taskLoss), taskTokens: pick(taskTokens) });
    },
  };
}
