/**
 * A search for weights by scores: which to try next, and which of those tried are best.
 *
 * @module
 */

import { Random } from "../../random.ts";
import { WEIGHT_BAND } from "../cotbal/temperature.ts";
import { logRatios, randomInBand, toBand } from "./band.ts";
import { fitSurface, type Surface } from "./surface.ts";
import { meanOf, type Trial, type TrialTable } from "./trial.ts";

/** Weights among which the next ones are chosen: ours; some dozens for every task of a large benchmark. */
const CANDIDATES = 512;

/**
 * The gain of every trial over the first, in mean points, and the surface through them.
 *
 * The noise σ² of one score is half the mean square error of the gains: a gain has the noise of two scores.
 */
function surfaceOf(tables: readonly TrialTable[]): { surface: Surface; trials: Trial[]; gains: number[] } {
  const trials = tables.flatMap(({ tried }) => tried);
  const gains = tables.flatMap(({ tried }) =>
    tried.map(({ scores }) => meanOf(scores) - meanOf(tried[0]!.scores))
  );
  const squares = tables.flatMap(({ tried }) =>
    tried.slice(1).map(({ errors }) => errors.reduce((sum, e) => sum + e * e, 0) / errors.length ** 2)
  );
  const noise = squares.length === 0 ? 0 : meanOf(squares) / 2;
  return { surface: fitSurface(trials.map(({ lambda }) => logRatios(lambda)), gains, noise), trials, gains };
}

/** The trial with the highest posterior mean; of equal ones the first. */
function bestTrial(surface: Surface, trials: readonly Trial[]): { index: number; mean: number } {
  let best = { index: 0, mean: -Infinity };
  for (const [index, { lambda }] of trials.entries()) {
    const { mean } = surface.at(logRatios(lambda));
    if (mean > best.mean) best = { index, mean };
  }
  return best;
}

/**
 * The weights to be tried next.
 *
 * ```
 * λ = argmax EI(log λ)   over 256 draws from the band and 256 steps from the best so far
 * ```
 *
 * A step adds normal noise of deviation 0.25 to every log λ_i (a third of the band's half width, log 2); the incumbent
 * is the highest posterior mean among the trials, not the luckiest score. The surface is {@linkcode fitSurface}'s.
 *
 * @param table What was tried so far, λ = 1 first.
 * @param random Where candidates are drawn from: a stream for this step alone, so that a resumed run draws the same.
 * @returns λ within the band, and its expected improvement in points.
 */
export function nextWeights(table: TrialTable, random: Random): { lambda: number[]; improvement: number } {
  const tasks = table.tasks.length;
  const { surface, trials } = surfaceOf([table]);
  const { index, mean } = bestTrial(surface, trials);
  const around = trials[index]!.lambda;
  const [low, high] = WEIGHT_BAND;
  let chosen = { lambda: around, improvement: -1 };
  for (let k = 0; k < CANDIDATES; k++) {
    const lambda = k % 2 === 0
      ? randomInBand(tasks, random)
      : toBand(around.map((w) => Math.min(high, Math.max(low, w * Math.exp(0.25 * random.normal())))));
    const improvement = surface.improvement(logRatios(lambda), mean);
    if (improvement > chosen.improvement) chosen = { lambda, improvement };
  }
  return chosen;
}

/** What a search found. */
export interface Found {
  /** The best weights among those tried, by posterior mean. */
  lambda: number[];
  /** What they gain over λ = 1 in mean validation score, in points, by the surface. */
  gain: number;
  /** Its standard deviation. */
  gainError: number;
  /** Every trial: its weights, the gain it scored, and the gain that the surface gives it. */
  tried: { seed: number; lambda: number[]; scored: number; expected: number }[];
}

/**
 * The best of what was tried: by the posterior mean of a surface through all scores, not by the luckiest one.
 *
 * @param tables What was tried, a table a seed; each seed's gains are over its own first trial.
 * @returns The best weights and what they gain.
 */
export function bestWeights(tables: readonly TrialTable[]): Found {
  const { surface, trials, gains } = surfaceOf(tables);
  const origin = logRatios(trials[0]!.lambda);
  const { index } = bestTrial(surface, trials);
  const { lambda } = trials[index]!;
  const gain = surface.difference(logRatios(lambda), origin);
  const seeds = tables.flatMap(({ seed, tried }) => tried.map(() => seed));
  return {
    lambda: [...lambda],
    gain: gain.mean,
    gainError: gain.deviation,
    tried: trials.map((trial, k) => ({
      seed: seeds[k]!,
      lambda: trial.lambda,
      scored: gains[k]!,
      expected: surface.difference(logRatios(trial.lambda), origin).mean,
    })),
  };
}

/** A stream for the k-th trial of a method with a seed. */
export function streamOf(method: string, seed: number, trial: number): Random {
  return new Random(seed).fork(`${method}/trial-${trial}`);
}
