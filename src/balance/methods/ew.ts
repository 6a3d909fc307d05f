/**
 * EW, equal weights.
 *
 * @module
 */

import type { Balancer } from "../balancer.ts";
import { constantWeights } from "../constant.ts";
import type { WeightingMethod } from "./method.ts";
import { type PlanBuilder, type TriedWeights, tuneOnAll } from "./plan_builder.ts";

/**
 * EW, equal weights: every answer token counts the same, whatever its task.
 *
 * ```
 * λ_i = 1
 * ```
 *
 * What most training code does, and the first baseline of CoTBal's paper (arXiv 2403.04343). With other words: the
 * loss is the mean over the answer tokens of the step, so that tasks with many and long answers rule.
 *
 * @param tasks Number of tasks, 1 or more.
 * @returns The balancer.
 * @throws {InputError} If there is no task.
 *
 * @example
 * ```ts
 * import { equalWeights } from "./ew.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(equalWeights(3).weights(1), [1, 1, 1]);
 * ```
 */
export function equalWeights(tasks: number): Balancer {
  return constantWeights(ew.id, Array.from({ length: tasks }, () => 1));
}

/** EW. Its model also answers with every image blank, which shows how much is seen rather than guessed. */
export const ew: WeightingMethod = {
  id: "ew",
  name: "EW",
  text: "Equal weighting: one model on all tasks, every answer token weighs 1.",
  formula: "λ_i = 1",
  source: "the usual training; a baseline of arXiv 2403.04343",
  needs: "nothing",
  constant: true,
  look: { color: "blue", mark: "circle", dash: "dash" },
  asBase: "ΔI and ΔE are taken against EW (all weights 1), since STL did not run; " +
    "add it with --methods ew,cotbal,stl.",
  balancer: ({ tasks }) => equalWeights(tasks),
  models(plan) {
    tuneOnAll(plan, ew.id);
    plan.scoreBlank(`methods/${ew.id}`);
  },
};

/**
 * Plans the score of equal weights on the validation split: EW's model, which is shared with EW where it runs.
 *
 * @param plan The plan.
 * @returns λ = 1 and the file of its scores: the first of what is tried.
 */
export function scoreEqual(plan: PlanBuilder): TriedWeights {
  tuneOnAll(plan, ew.id);
  const scores = plan.score({ model: `methods/${ew.id}`, folder: "probes/equal", split: "val" });
  return { weights: plan.tasks.map(() => 1), scores };
}
