/**
 * Merge: weights from the scores of merged models.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { constantWeights } from "../constant.ts";
import { doubled, randomInBand } from "../search/band.ts";
import { bestWeights, nextWeights, streamOf } from "../search/search.ts";
import { meanOf, type TrialTable } from "../search/trial.ts";
import type { WeightingMethod } from "./method.ts";
import type { PlanBuilder, TriedWeights } from "./plan_builder.ts";
import { tunedAlone } from "./stl.ts";

/** Merged models that are scored where nobody says how many; see {@linkcode merge}. */
export const DEFAULT_MERGE_BUDGET = 12;

/**
 * Merge: models of single tasks, averaged by weights, stand for models tuned on weighted mixtures.
 *
 * ```
 * θ(p) = θ_0 + Σ_i p_i·(θ_i − θ_0),  Σ p_i = 1        λ = N·p,  p = argmax mean_j V_j(θ(p))
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | θ_0, θ_i | parameters of the base, and of the model tuned on task i alone (STL's, shared with it) |
 * | p, λ | shares of the merge, and the weights they stand for: the uniform merge is λ = 1 |
 * | V_j(θ) | validation score of task j |
 *
 * Source: Berasi, Farina, Mancini and Ricci, "Linear Model Merging Unlocks Simple and Scalable Multimodal Data Mixture
 * Optimization" (arXiv 2602.04937), which ranks mixtures of data by merged models. There p is the share of a task in
 * the data and all experts are tuned on equally much; here λ = N·p weighs the tokens of data as they are.
 *
 * Merges are tried within the band [½, 2] only, so that every λ may be trained with (the band of arXiv 2403.04343): the
 * uniform merge, each task doubled, draws of the seed from the band, and for the last quarter those with the largest
 * expected improvement. Of all tried, the one with the highest posterior mean is taken (`search/surface.ts`).
 *
 * Limits: with many tasks the shares are small, and a merged model may answer a task no better than the base although
 * its own model does. Such a task has no say in the weights, and a warning names it.
 *
 * The budget of 12 is ours: equal shares, each of seven tasks doubled, a draw and three steps. Measured with `tiny` on two
 * CPU cores: a merge costs 7 s (1,400 validation questions), a tuning on all tasks 26 s, all models of single tasks 31 s;
 * so that 12 merges cost about as much as three tunings.
 */
export const merge: WeightingMethod = {
  id: "merge",
  name: "Merge",
  text: "Models of single tasks, averaged by weights, are scored; the best weights tune one model.",
  formula: "λ = N · argmax_p mean_j V_j(θ_0 + Σ_i p_i · (θ_i − θ_0))",
  symbols:
    "p: shares of the merge; θ_0, θ_i: the base, and the model of task i; V_j: validation score of task j",
  source: "arXiv 2602.04937",
  needs: "own models",
  constant: true,
  look: { color: "orange", mark: "triangle-down", dash: "dash" },
  balancer({ weights }) {
    if (weights === undefined) throw new InputError("merge: expected weights, one a task, found none");
    return constantWeights(merge.id, weights);
  },
  measure(plan) {
    const models = plan.tasks.map((task) => {
      const model = tunedAlone(plan, task);
      plan.tune({ ...model, keep: true });
      return model.folder;
    });
    const tried: TriedWeights[] = [];
    const place = (k: number) => `probes/merge/${String(k + 1).padStart(2, "0")}`;
    const score = (weights: TriedWeights["weights"]) => {
      const scores = plan.merge({ models, folder: place(tried.length), weights, split: "val" });
      tried.push({ weights, scores });
    };
    const budget = plan.settings.mergeBudget ?? DEFAULT_MERGE_BUDGET;
    const steps = Math.floor(budget / 4);
    for (const lambda of design(plan, budget - steps)) score(lambda);
    for (let k = 0; k < steps; k++) {
      score(plan.propose({ method: merge.id, folder: place(tried.length), tried }));
    }
    return plan.weigh({
      method: merge.id,
      folder: "probes/merge",
      scores: { base: plan.scoreBase("val") },
      tried,
      table: "merge-trials.json",
      weights: "merge.json",
    });
  },
  propose(table) {
    const random = streamOf(merge.id, table.seed, table.tried.length);
    return { tasks: table.tasks, ...nextWeights(table, random), warnings: [] };
  },
  weigh(tables) {
    const trials = tables as readonly MergeTable[];
    const { tasks } = trials[0]!;
    const deaf = tasks.filter((_, j) =>
      trials.every(({ base, tried }) => meanOf(tried.map(({ scores }) => scores[j]! - base[j]!)) < 1)
    );
    const warnings = deaf.length === 0 ? [] : [
      `merge: merged models answer ${
        deaf.join(", ")
      } no better than the untuned base, so these tasks had no say ` +
      "in the weights: shares this small undo what their own models learnt.",
    ];
    return { tasks, ...bestWeights(trials), warnings };
  },
};

/** What merges scored, beside the untuned base. */
interface MergeTable extends TrialTable {
  /** V_j(θ_0), one a task. */
  base: number[];
}

/** The merges that are known beforehand: uniform, each task doubled, draws from the band. */
function design(plan: PlanBuilder, count: number): number[][] {
  const n = plan.tasks.length;
  return Array.from({ length: count }, (_, k) => {
    if (k === 0) return Array.from({ length: n }, () => 1);
    return k <= n ? doubled(n, k - 1) : randomInBand(n, streamOf(merge.id, plan.seed, k));
  });
}
