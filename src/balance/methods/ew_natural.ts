/**
 * EW on the natural mixture, whatever mixing weights the run has.
 *
 * @module
 */

import { constantWeights } from "../constant.ts";
import type { WeightingMethod } from "./method.ts";
import { shareOfEvery } from "./plan_builder.ts";

/**
 * EW without mixing weights: tasks are drawn in proportion to their sizes, every token weighs 1.
 *
 * ```
 * λ_i = 1,   p_i = n_i / Σ_j n_j
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | n_i | training conversations of task i |
 * | p_i | its share of the draws |
 *
 * The reference for `--mix` and `--mix-temperature` in the same run: what EW is without them, seed by seed.
 */
export const ewNatural: WeightingMethod = {
  id: "ew-natural",
  name: "EW natural",
  text: "Equal weighting on tasks drawn by their sizes: the reference for mixing weights.",
  formula: "λ_i = 1",
  source: "EW without --mix; this project",
  needs: "nothing",
  constant: true,
  look: { color: "blue", mark: "square-open", dash: "dashdot" },
  balancer: ({ tasks }) => constantWeights(ewNatural.id, Array.from({ length: tasks }, () => 1)),
  models(plan) {
    plan.tune({
      folder: `methods/${ewNatural.id}`,
      data: shareOfEvery(plan.tasks, "all"),
      split: "test",
      weighting: { method: ewNatural.id },
      sampling: "size",
      keep: true,
    });
  },
};
