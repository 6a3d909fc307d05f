/**
 * STL, single-task learning.
 *
 * @module
 */

import { constantWeights } from "../constant.ts";
import type { WeightingMethod } from "./method.ts";
import type { ModelRequest, PlanBuilder } from "./plan_builder.ts";

/**
 * STL: every task is tuned alone, from the same base, in a model of its own.
 *
 * ```
 * L = L_i   in the model of task i
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | L_i | mean loss an answer token of task i in the step |
 *
 * With K tasks there are K models; each answers the questions of its own task, and their scores are joined. There is
 * nothing to weigh. CoTBal's paper (arXiv 2403.04343) takes ΔI% and ΔE% against it.
 */
export const stl: WeightingMethod = {
  id: "stl",
  name: "STL",
  text: "Single-task learning: a model a task, each tuned on that task alone.",
  formula: "L = L_i",
  symbols: "L_i: mean loss an answer token of task i, in the model of task i",
  source: "the base of arXiv 2403.04343",
  needs: "own models",
  constant: true,
  look: { color: "green", mark: "square", dash: "dot" },
  asBase: "ΔI and ΔE are taken against STL: every task tuned alone, as in the paper.",
  balancer: ({ tasks }) => constantWeights(stl.id, Array.from({ length: tasks }, () => 1)),
  models(plan) {
    const scores = plan.tasks.map((task) => plan.tune(tunedAlone(plan, task)));
    plan.join(`methods/${stl.id}`, scores);
  },
};

/**
 * The model of one task: tuned on that task alone and scored on it.
 *
 * @param plan The plan.
 * @param task The task.
 * @returns What to ask of the plan; methods that ask for it as well share the model.
 */
export function tunedAlone(plan: PlanBuilder, task: string): ModelRequest {
  return {
    folder: `methods/${stl.id}/${plan.folderOf(task)}`,
    data: { [task]: "all" },
    split: "test",
    tasks: [task],
    weighting: { method: stl.id },
  };
}
