/**
 * RLW, random loss weighting.
 *
 * @module
 */

import { Random } from "../../random.ts";
import type { Balancer } from "../balancer.ts";
import { softmaxWeights } from "../cotbal/softmax.ts";
import type { WeightingMethod } from "./method.ts";

/**
 * RLW, random loss weighting: every step draws its weights, whatever the losses are.
 *
 * ```
 * λ = K · softmax(x),   x_i ~ N(0, 1)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | K | number of tasks |
 * | x_i | a number of task i, drawn again every step |
 *
 * Source: Lin et al., "Reasonable Effectiveness of Random Weighting" (TMLR 2022, arXiv 2111.10603), with normal numbers
 * and a softmax, as their experiments have it; a baseline of CoTBal's paper (arXiv 2403.04343). It has no parameters. A
 * method that is not better than this has learnt nothing from the losses.
 *
 * The weights of a step follow from the seed and the step alone, so a resumed run draws the same ones. Observations
 * are not used: there is no delay.
 *
 * @param tasks K.
 * @param seed The seed of the tuning.
 * @returns The balancer.
 *
 * @example One seed, one step, one draw
 * ```ts
 * import { randomWeights } from "./rlw.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const weights = randomWeights(3, 1).weights(7);
 * assertEquals(weights, randomWeights(3, 1).weights(7));
 * assertAlmostEquals(weights[0]! + weights[1]! + weights[2]!, 3, 1e-12);
 * ```
 */
export function randomWeights(tasks: number, seed: number): Balancer {
  const random = new Random(seed).fork("rlw");
  return {
    name: rlw.id,
    weights(step) {
      const draw = random.fork(`${step}`);
      return softmaxWeights(Array.from({ length: tasks }, () => draw.normal()), 1);
    },
    observe() {},
  };
}

/** RLW. */
export const rlw: WeightingMethod = {
  id: "rlw",
  name: "RLW",
  text: "Random loss weighting: every step draws its weights.",
  formula: "λ = K · softmax(x)",
  symbols: "K: tasks; x_i: drawn from N(0, 1), again every step",
  source: "arXiv 2111.10603; a baseline of arXiv 2403.04343",
  needs: "nothing",
  constant: false,
  look: { color: "orange", mark: "circle-open", dash: "dot" },
  balancer: ({ tasks, seed }) => randomWeights(tasks, seed),
};
