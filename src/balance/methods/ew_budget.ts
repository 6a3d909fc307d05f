/**
 * EW given the budget of CoTBal's probes on top.
 *
 * @module
 */

import { constantWeights } from "../constant.ts";
import type { WeightingMethod } from "./method.ts";
import { shareOfEvery } from "./plan_builder.ts";

/**
 * EW with the probes' budget: equal weights, tuned for as many more passes as CoTBal spends on its probes.
 *
 * ```
 * λ_i = 1,   passes = E·(1 + R_large + N·R_mini)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | E | passes of every other method |
 * | R_large, R_mini | the sampling rates of the probes |
 * | N | number of tasks |
 *
 * CoTBal reads that much more than EW before its weights are known (arXiv 2403.04343: extra cost ≈ R_large + N·R_mini
 * final runs, exact in samples). Whoever has that budget may as well tune longer: a gain of CoTBal over EW that this
 * model shows too is the budget's, not the weights'. The schedule stretches over all passes. What validating the probes
 * takes is not in it. The last pass is cut off where the budget ends.
 *
 * Where the run's probes are cheaper ones, or tasks are grouped or have fixed weights, the passes are those that its
 * probes read: E·(1 + Σ conversations of the probes / conversations of all). Probes that end early are tuned first, and
 * what they left out is left out here too. A run that tunes none of CoTBal's N + 1 probes has the formula above.
 *
 * The comparison is this project's own; the paper does not make it.
 */
export const ewBudget: WeightingMethod = {
  id: "ew-budget",
  name: "EW + budget",
  text: "Equal weighting, tuned for as much longer as CoTBal’s probes would take.",
  formula: "λ_i = 1",
  source: "EW at CoTBal’s cost; this project",
  needs: "nothing",
  constant: true,
  look: { color: "blue", mark: "circle-open", dash: "dot" },
  balancer: ({ tasks }) => constantWeights(ewBudget.id, Array.from({ length: tasks }, () => 1)),
  models(plan) {
    plan.tune({
      folder: `methods/${ewBudget.id}`,
      data: shareOfEvery(plan.tasks, "all"),
      split: "test",
      weighting: { method: ewBudget.id },
      keep: true,
      withProbes: true,
    });
  },
};
