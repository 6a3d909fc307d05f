/**
 * CoTBal with the precise difficulty: D from models of single tasks.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { constantWeights } from "../constant.ts";
import type { WeightingMethod } from "./method.ts";
import { aloneProbes, byTask, miniProbe, plusProbes, weighProbes } from "./probes.ts";

/**
 * CoTBal with the precise difficulty: contributions as ever, difficulties without what other tasks teach.
 *
 * ```
 * C[i→j] = (V_j(i+mini) − V_j(mini)) / (V_j(j+mini) − V_j(mini)),   i ≠ j      (3)
 * D[i]   = 1 − V_i(mini_i) / V_i(i)                                            (12)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | V_i(mini_i) | validation score on task i of the model tuned on a mini subset of task i alone |
 * | V_i(i) | the same of the model tuned on the large subset of task i alone |
 *
 * Weights follow from C and D as in {@linkcode cotbal}. Measured with 3N + 1 probes; those that `cotbal` and
 * `cotbal-chat` tune in the same run are shared. A model of one task alone is scored on that task only, unless
 * `cotbal-chat` asks for all. Source: arXiv 2403.04343, equation 12.
 */
export const cotbalPrecise: WeightingMethod = {
  id: "cotbal-precise",
  name: "CoTBal precise",
  text: "CoTBal with the difficulty of each task from models tuned on it alone.",
  formula: "λ as CoTBal’s, D[i] = 1 − V_i(mini_i) / V_i(i)",
  symbols: "V_i(mini_i), V_i(i): score on task i of the models tuned on its mini and its large subset alone",
  source: "arXiv 2403.04343, equation 12",
  needs: "probes",
  constant: true,
  look: { color: "vermillion", mark: "square-open", dash: "dashdot" },
  balancer({ weights }) {
    if (weights === undefined) {
      throw new InputError("cotbal-precise: expected weights, one a task, found none");
    }
    return constantWeights(cotbalPrecise.id, weights);
  },
  measure(plan) {
    const base = plan.scoreBase("val");
    const mini = miniProbe(plan);
    const plus = plusProbes(plan, mini);
    const alone = aloneProbes(plan, base, "own");
    return plan.weigh({
      method: cotbalPrecise.id,
      folder: `methods/${cotbalPrecise.id}/weights`,
      scores: { base, mini, plus, miniAlone: alone.mini, largeAlone: byTask(plan, alone.large) },
      table: `methods/${cotbalPrecise.id}/validation.json`,
      weights: `methods/${cotbalPrecise.id}/weights.json`,
    });
  },
  weigh: weighProbes,
};
