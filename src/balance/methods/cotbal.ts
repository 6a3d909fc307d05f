/**
 * CoTBal itself: weights from the validation scores of probes.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { constantWeights } from "../constant.ts";
import type { WeightingMethod } from "./method.ts";
import { intervalsOfProbes, miniProbe, plusProbes, weighProbes } from "./probes.ts";

/**
 * CoTBal: what tasks do for each other and how hard they are, measured once, gives every task one weight.
 *
 * ```
 * λ = α_out·λ_out + α_in·λ_in + α_D·λ_D      (8)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | λ_out, λ_in | weights from outward and inward contributions (4, 5) |
 * | λ_D | weights from intra-task difficulty (6, 7) |
 * | α | their shares; the paper's 0.25, 0.25, 0.5 |
 *
 * Measured with N + 1 probes, all tuned from the same base with equal weights: `mini` on a mini subset of every task,
 * `plus-i` on the large subset of task i and the minis of all others. The untuned base is scored beside them. The
 * arithmetic is {@linkcode weightsFromScores}. Source: arXiv 2403.04343.
 */
export const cotbal: WeightingMethod = {
  id: "cotbal",
  name: "CoTBal",
  text: "One model on all tasks, every answer token weighs its task’s λ.",
  formula: "λ = α_out·λ_out + α_in·λ_in + α_D·λ_D",
  source: "arXiv 2403.04343, equation 8",
  needs: "probes",
  constant: true,
  look: { color: "vermillion", mark: "diamond", dash: "solid" },
  balancer({ weights }) {
    if (weights === undefined) throw new InputError("cotbal: expected weights, one a task, found none");
    return constantWeights(cotbal.id, weights);
  },
  measure(plan) {
    const base = plan.scoreBase("val");
    const mini = miniProbe(plan);
    const plus = plusProbes(plan, mini);
    return plan.weigh({
      method: cotbal.id,
      folder: "balance",
      scores: { base, mini, plus },
      table: "validation.json",
      weights: "weights.json",
      intervals: "intervals.json",
    });
  },
  weigh: weighProbes,
  intervals: intervalsOfProbes,
};
