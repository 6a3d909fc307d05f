/**
 * Search: weights by trying them.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { constantWeights } from "../constant.ts";
import { randomInBand } from "../search/band.ts";
import { bestWeights, nextWeights, streamOf } from "../search/search.ts";
import type { TrialTable } from "../search/trial.ts";
import { scoreEqual } from "./ew.ts";
import type { WeightingMethod } from "./method.ts";
import { shareOfEvery, type TriedWeights } from "./plan_builder.ts";

/** Tunings of a search where nobody says how many; see {@linkcode search}. */
export const DEFAULT_SEARCH_BUDGET = 8;

/**
 * Search: full tunings with tried weights, each chosen from the scores of those before.
 *
 * ```
 * λ_k = argmax EI(λ | V(λ_1) … V(λ_(k−1)))        λ = argmax_k E[mean_j V_j(λ_k) | all scores]
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | λ_1 | 1 for every task: EW's model, shared with it, which is not counted |
 * | V_j(λ) | validation score of task j after a tuning on all tasks with λ, same seed and order |
 * | EI | expected improvement by a Gaussian process over log λ: `search/surface.ts` |
 *
 * The first half of the budget is drawn from the band [½, 2] (of arXiv 2403.04343), for a surface needs points to begin
 * with; the rest are steps of the search. In the end the trial with the highest posterior mean is taken, λ = 1 among
 * them: the luckiest score is not the best weights. How much it gains, with its error, stands in search.json: what fixed
 * weights can gain at all.
 *
 * Source: Bayesian optimisation after Jones, Schonlau and Welch (1998) and Snoek, Larochelle and Adams (arXiv 1206.2944).
 * The budget of 8 is ours: four draws and four steps, each a tuning and a validation (with `tiny` on two CPU cores 26 s
 * and 7 s). Seven weights cannot be found exactly with so few; more tunings tell more.
 */
export const search: WeightingMethod = {
  id: "search",
  name: "Search",
  text: "Weights are tried in full tunings, each chosen from the scores before; the best tune the model.",
  formula: "λ = argmax_λ E[mean_j V_j(λ)]",
  symbols: "V_j: validation score of task j after a tuning with λ; E: mean of the surface through all scores",
  source: "Bayesian optimisation, arXiv 1206.2944",
  needs: "own models",
  constant: true,
  look: { color: "ink", mark: "cross", dash: "dashdot" },
  balancer({ weights }) {
    if (weights === undefined) throw new InputError("search: expected weights, one a task, found none");
    return constantWeights(search.id, weights);
  },
  measure(plan) {
    const tried: TriedWeights[] = [scoreEqual(plan)];
    const budget = plan.settings.searchBudget ?? DEFAULT_SEARCH_BUDGET;
    for (let k = 1; k <= budget; k++) {
      const folder = `probes/search/${String(k).padStart(2, "0")}`;
      const weights = k <= Math.ceil(budget / 2)
        ? randomInBand(plan.tasks.length, streamOf(search.id, plan.seed, k))
        : plan.propose({ method: search.id, folder, tried });
      const scores = plan.tune({
        folder,
        data: shareOfEvery(plan.tasks, "all"),
        split: "val",
        weighting: { method: search.id, weights },
      });
      tried.push({ weights, scores });
    }
    return plan.weigh({
      method: search.id,
      folder: "probes/search",
      scores: {},
      tried,
      table: "search-trials.json",
      weights: "search.json",
    });
  },
  propose(table) {
    const random = streamOf(search.id, table.seed, table.tried.length);
    return { tasks: table.tasks, ...nextWeights(table, random), warnings: [] };
  },
  weigh(tables) {
    const trials = tables as readonly TrialTable[];
    const found = bestWeights(trials);
    const warnings = found.gain <= found.gainError
      ? ["search: no weights that were tried are clearly better than equal ones."]
      : [];
    return { tasks: trials[0]!.tasks, ...found, warnings };
  },
};
