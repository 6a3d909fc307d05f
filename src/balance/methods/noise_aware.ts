/**
 * Noise-aware CoTBal: not the paper's method, but one of its own beside it.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { constantWeights } from "../constant.ts";
import { drawName, drawsOf, type Points, type PointTable, pointTable } from "../cotbal/noise/points.ts";
import { noiseIntervals, noiseWeights } from "../cotbal/noise/weights.ts";
import type { WeightingMethod } from "./method.ts";
import type { MethodSettings } from "./method_settings.ts";
import { seedOfDraw } from "./plan_builder.ts";
import { miniProbe, plusProbes, type ProbeDraw } from "./probes.ts";

/**
 * How often the probes are tuned where nothing is set: 3.
 *
 * A draw of the probes costs as much as R_large + N·R_mini final tunings (1.4 with the built-in seven tasks). Three is
 * the least from which a variance between draws is worth its name (two degrees of freedom), and takes the draws'
 * part of every standard error to 58% of one draw's. Measured on the built-in tasks: averaging V over seeds brought the
 * rank correlation of λ to 0.86, subtracting the blank-image scores alone to 0.75.
 */
export const DEFAULT_PROBE_SEEDS = 3;

/**
 * Noise-aware CoTBal: CoTBal's equations over scores of several draws, from which what is noise is taken out.
 *
 * ```
 * λ = α_out·N·softmax(Ĉ_out/T) + α_in·N·softmax(−Ĉ_in/T) + α_D·N·softmax(D̂/T)
 * ```
 *
 * | symbol | meaning | default |
 * |---|---|---|
 * | n | draws: how often every probe is tuned, on subsets of its own and in an order of its own | 3, see {@linkcode DEFAULT_PROBE_SEEDS} |
 * | f | floor: score of the mini probe with blank images, subtracted from V before D | measured |
 * | z | standard errors by which a gain must be above 0 for what divides by it | 1.96, a two-sided 95% interval |
 * | Ĉ, D̂ | C and D over the mean of the draws, each shrunk to the mean of its kind by its own variance (`shrink`) | measured |
 * | T | at least what is set, raised until every weight is in [0.5, 2] | 0.5, the paper's |
 * | α | shares | 0.25, 0.25, 0.5, the paper's |
 *
 * What differs from the paper (arXiv 2403.04343) is said in `measureWithNoise` and `noiseWeights`, which hold the
 * arithmetic. The first draw is the paper's own probes: a run with both methods tunes them once.
 */
export const noiseAware: WeightingMethod = {
  id: "noise-aware",
  name: "noise-aware (not the paper’s)",
  text:
    "CoTBal changed by us: probes of several draws, blank-image scores subtracted, unclear values left out, " +
    "the rest shrunk by their noise.",
  formula: "λ = α_out·λ_out + α_in·λ_in + α_D·λ_D",
  symbols: "λ_out, λ_in, λ_D: of means over draws, shrunk by their noise, at a temperature of at least 0.5",
  source: "this package; equations 3 to 8 of arXiv 2403.04343, Morris (1983)",
  needs: "probes",
  constant: true,
  look: { color: "vermillion", mark: "circle-open", dash: "dot" },
  balancer({ weights }) {
    if (weights === undefined) {
      throw new InputError(`${noiseAware.id}: expected weights, one a task, found none`);
    }
    return constantWeights(noiseAware.id, weights);
  },
  measure(plan) {
    const scores: Record<string, string | string[]> = { base: plan.scoreBase("val") };
    for (let draw = 1; draw <= (plan.settings.probeSeeds ?? DEFAULT_PROBE_SEEDS); draw++) {
      const tuning: ProbeDraw = draw === 1
        ? { at: "probes", keep: true }
        : { at: `probes/draw-${draw}`, keep: true, drawSeed: seedOfDraw(plan, draw) };
      const mini = miniProbe(plan, tuning);
      scores[drawName("mini", draw)] = mini;
      scores[drawName("plus", draw)] = plusProbes(plan, mini, tuning);
      scores[drawName("blank", draw)] = plan.scoreBlank(`${tuning.at}/mini`);
    }
    return plan.weigh({
      method: noiseAware.id,
      folder: `methods/${noiseAware.id}/weights`,
      scores,
      table: `methods/${noiseAware.id}/validation.json`,
      weights: `methods/${noiseAware.id}/weights.json`,
      intervals: `methods/${noiseAware.id}/intervals.json`,
    });
  },
  weigh: (tables, settings, points) => noiseWeights(tableOf(tables, settings, points), optionsOf(settings)),
  intervals: (tables, settings, points) =>
    noiseIntervals(tableOf(tables, settings, points), optionsOf(settings)),
};

/** The draws of all seeds together. */
function tableOf(
  tables: readonly object[],
  settings: MethodSettings,
  points: readonly Points[] | undefined,
): PointTable {
  if (points === undefined || points.length === 0) {
    throw new InputError(
      `${noiseAware.id}: expected the points of single questions beside the scores, found none`,
    );
  }
  return pointTable((tables[0] as { tasks: string[] }).tasks, points.flatMap(drawsOf), settings);
}

function optionsOf({ temperature, alpha }: MethodSettings) {
  return { ...(temperature !== undefined && { temperature }), ...(alpha && { alpha }) };
}
