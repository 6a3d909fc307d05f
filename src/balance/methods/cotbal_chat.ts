/**
 * CoTBal's chat form: probes of single tasks, compared with the untuned base.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { constantWeights } from "../constant.ts";
import type { WeightingMethod } from "./method.ts";
import { aloneProbes, weighProbes } from "./probes.ts";

/**
 * CoTBal's chat form: no joint minis.
 *
 * ```
 * C[i→j] = (V_j(i) − V_j(base)) / (V_j(j) − V_j(base)),   i ≠ j      (10)
 * D[i]   = 1 − V_i(mini_i) / V_i(i)                                  (11)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | V_j(i) | validation score on task j of the model tuned on the large subset of task i alone |
 * | V_j(base) | the same of the untuned base |
 * | V_i(mini_i) | score on task i of the model tuned on a mini subset of task i alone |
 *
 * Weights follow from C and D as in {@linkcode cotbal}. Measured with 2N probes, all tuned from the base. A task with a
 * fixed weight is in none of them: they are of single tasks. Source: arXiv 2403.04343, equations 10 and 11.
 */
export const cotbalChat: WeightingMethod = {
  id: "cotbal-chat",
  name: "CoTBal chat",
  text: "CoTBal’s chat form: probes on one task alone, compared with the untuned base.",
  formula: "λ as CoTBal’s, C[i→j] = (V_j(i) − V_j(base)) / (V_j(j) − V_j(base))",
  symbols: "V_j(i): score on task j of the model tuned on task i alone; V_j(base): of the untuned base",
  source: "arXiv 2403.04343, equations 10 and 11",
  needs: "probes",
  constant: true,
  look: { color: "vermillion", mark: "diamond-open", dash: "dash" },
  balancer({ weights }) {
    if (weights === undefined) throw new InputError("cotbal-chat: expected weights, one a task, found none");
    return constantWeights(cotbalChat.id, weights);
  },
  measure(plan) {
    const base = plan.scoreBase("val");
    const { mini, large } = aloneProbes(plan, base, "all");
    return plan.weigh({
      method: cotbalChat.id,
      folder: `methods/${cotbalChat.id}/weights`,
      scores: { base, alone: large, mini },
      table: `methods/${cotbalChat.id}/validation.json`,
      weights: `methods/${cotbalChat.id}/weights.json`,
    });
  },
  weigh: weighProbes,
};
