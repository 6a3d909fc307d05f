/**
 * CoTBal's weights as mixing weights: how often a task is drawn, in place of how much its tokens weigh.
 *
 * @module
 */

import { constantWeights } from "../constant.ts";
import { cotbal } from "./cotbal.ts";
import type { WeightingMethod } from "./method.ts";
import { shareOfEvery } from "./plan_builder.ts";

/**
 * CoTBal by sampling: conversations of task i are drawn in proportion to λ_i times their share, every token weighs 1.
 *
 * ```
 * p_i = λ_i·q_i / Σ_j λ_j·q_j
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | λ | CoTBal's weights, equation (8) of arXiv 2403.04343 |
 * | q_i | the share task i would have: that of its size n_i / Σ n_j, or the run's mixing weight |
 *
 * In expectation a task adds as much to the sum of gradients as under CoTBal, at the same number of steps: a loss weight
 * scales the gradient of what was drawn anyway, a mixing weight draws more of it, and repeats a task that has too little.
 * The two differ in the noise of a step, in how often a conversation is seen, and in how Adam, which divides by the size of
 * gradients, answers to rare large ones. The comparison is this project's own; the paper weighs losses alone. Sampling by
 * task in place of weighting is the usual way in text-to-text models (T5, arXiv 1910.10683, 3.5.2).
 */
export const cotbalMix: WeightingMethod = {
  id: "cotbal-mix",
  name: "CoTBal mix",
  text: "Tasks are drawn by CoTBal’s λ in place of weighing their tokens by it.",
  formula: "p_i = λ_i·q_i / Σ_j λ_j·q_j",
  symbols: "λ: CoTBal’s weights; q_i: share of task i without them; p_i: share of the draws",
  source: "CoTBal by sampling; this project",
  needs: "own models",
  constant: true,
  samples: true,
  look: { color: "vermillion", mark: "triangle-up-open", dash: "dash" },
  balancer: ({ tasks }) => constantWeights(cotbalMix.id, Array.from({ length: tasks }, () => 1)),
  // The very parts of CoTBal, which it shares.
  measure: (plan) => cotbal.measure!(plan),
  weigh: (...given) => cotbal.weigh!(...given),
  models(plan, weights) {
    plan.tune({
      folder: `methods/${cotbalMix.id}`,
      data: shareOfEvery(plan.tasks, "all"),
      split: "test",
      weighting: { method: cotbalMix.id },
      sampling: { lambda: weights! },
      keep: true,
    });
  },
};
