/**
 * Sensitivity: weights from what doubling each task's weight does.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { constantWeights } from "../constant.ts";
import { doubled } from "../search/band.ts";
import { type FirstOrder, firstOrder } from "../search/first_order.ts";
import type { TrialTable } from "../search/trial.ts";
import { scoreEqual } from "./ew.ts";
import type { TaskWeights, WeightingMethod } from "./method.ts";
import { shareOfEvery } from "./plan_builder.ts";

/** Where a run keeps the diagnosis, in the folder of each seed and, of several together, above them. */
export const SENSITIVITY_FILE = "sensitivity.json";

/** sensitivity.json: the diagnosis, and the weights that follow from it. */
export interface SensitivityReport extends TaskWeights, FirstOrder {}

/**
 * Sensitivity: one tuning a task with its weight doubled says where the mean score goes.
 *
 * ```
 * S[i→j] = (V_j(λ_i doubled) − V_j(λ = 1)) / log 2        log λ_i ∝ Σ_j S[i→j], shrunk by its error
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | V_j(λ) | validation score of task j after a tuning on all tasks with λ, same seed and order |
 *
 * After the doubling all weights are scaled to mean 1, which changes nothing: the loss (arXiv 2403.04343, equation 2)
 * does not feel a common factor. The arithmetic, its shrinkage and the scaling to the band are {@linkcode firstOrder}'s.
 *
 * sensitivity.json is a diagnosis too: S with its errors, and by how much any weights within the band can move the mean
 * score to first order. It costs N tunings; that at λ = 1 is EW's, shared with it.
 *
 * Source: finite differences of the scores; ours. Doubling is the band's upper end for one task.
 */
export const sensitivity: WeightingMethod = {
  id: "sensitivity",
  name: "Sensitivity",
  text: "Each task’s weight is doubled in turn; weights go where the mean score rises, shrunk by its error.",
  formula: "log λ_i ∝ Σ_j (V_j(2 · λ_i) − V_j(1))",
  symbols:
    "V_j(2 · λ_i): validation score of task j with the weight of task i doubled; V_j(1): with equal weights",
  source: "finite differences; shrinkage by James and Stein, 1961",
  needs: "own models",
  constant: true,
  look: { color: "sky", mark: "circle-open", dash: "dot" },
  balancer({ weights }) {
    if (weights === undefined) throw new InputError("sensitivity: expected weights, one a task, found none");
    return constantWeights(sensitivity.id, weights);
  },
  measure(plan) {
    const equal = scoreEqual(plan);
    const tried = plan.tasks.map((task, i) => {
      const weights = doubled(plan.tasks.length, i);
      const scores = plan.tune({
        folder: `probes/double/${plan.folderOf(task)}`,
        data: shareOfEvery(plan.tasks, "all"),
        split: "val",
        weighting: { method: sensitivity.id, weights },
      });
      return { weights, scores };
    });
    return plan.weigh({
      method: sensitivity.id,
      folder: "probes/sensitivity",
      scores: {},
      tried: [equal, ...tried],
      table: "sensitivity-trials.json",
      weights: SENSITIVITY_FILE,
    });
  },
  weigh(tables): SensitivityReport {
    const trials = tables as readonly TrialTable[];
    const found = firstOrder(trials);
    const warnings: string[] = [];
    if (trials.length === 1) {
      warnings.push(
        "sensitivity: with one seed the errors are those of the validation questions, and of the training only what " +
          "moves all doublings alike; several seeds tell more.",
      );
    }
    if (found.gain <= found.gainByNoise + found.gainError) {
      warnings.push("sensitivity: what weights can gain here is not clearly more than noise.");
    }
    return { tasks: trials[0]!.tasks, ...found, warnings };
  },
};
