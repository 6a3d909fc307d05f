/**
 * Weights by the tasks' sizes.
 *
 * @module
 */

import { constantWeights } from "../constant.ts";
import type { WeightingMethod } from "./method.ts";

/**
 * Inverse size: the fewer samples a task has, the more each of them weighs.
 *
 * ```
 * λ_i = N · (1/n_i) / Σ_j (1/n_j)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | n_i | conversations of task i that are tuned on |
 * | N | number of tasks that have some: the weights sum to N |
 *
 * Samples of all tasks then weigh alike over a pass, if their answers are equally long. It is the simplest answer to
 * unequal tasks, with no parameters and nothing measured, known as inverse frequency weighting of classes (King and
 * Zeng 2001); a balancing method should beat it. A task without samples gets 0: it has no token to weigh.
 *
 * @param samples n, one number a task.
 * @returns λ, one a task.
 *
 * @example A task of a third of the size weighs three times as much
 * ```ts
 * import { inverseSizeWeights } from "./inverse_size.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(inverseSizeWeights([100, 300]), [1.5, 0.5]);
 * ```
 */
export function inverseSizeWeights(samples: readonly number[]): number[] {
  const inverse = samples.map((n) => n > 0 ? 1 / n : 0);
  const sum = inverse.reduce((a, b) => a + b, 0);
  const tasks = samples.filter((n) => n > 0).length;
  return inverse.map((x) => tasks * x / sum);
}

/** Inverse size. */
export const inverseSize: WeightingMethod = {
  id: "inverse-size",
  name: "inverse size",
  text: "The fewer samples a task has, the more each of them weighs.",
  formula: "λ_i = N · (1/n_i) / Σ_j (1/n_j)",
  symbols: "n_i: training conversations of task i; N: tasks",
  source: "inverse frequency weighting, applied to tasks",
  needs: "nothing",
  constant: true,
  look: { color: "ink", mark: "circle", dash: "dash" },
  balancer: ({ samples }) => constantWeights(inverseSize.id, inverseSizeWeights(samples)),
};
