/**
 * A surface through few noisy scores: what the scores say of a point, and how sure that is.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { cholesky, solveLower } from "./cholesky.ts";

/** What a surface says of a point, or of the difference of two. */
export interface Prediction {
  /** Mean of what it may be. */
  mean: number;
  /** Standard deviation. */
  deviation: number;
}

/** A surface: the posterior over functions, given scores. */
export interface Surface {
  /** Of the function at a point. */
  at(point: readonly number[]): Prediction;
  /** Of the function at `to` minus that at `from`. */
  difference(to: readonly number[], from: readonly number[]): Prediction;
  /** Expected improvement of a point over the value `best`; see {@linkcode expectedImprovement}. */
  improvement(point: readonly number[], best: number): number;
}

/** Lengths ℓ that are averaged over. The points of a band [0.5, 2] of seven tasks are about 1.5 apart. */
const LENGTHS = [0.5, 1, 2, 4];

/** Ratios s²/σ² that are averaged over: from nothing but noise to noise that hardly matters. */
const RATIOS = [0, 0.25, 1, 4, 16, 64, 256, 1024];

/** Multiples m of the given noise that are averaged over: what a training adds to it is not known beforehand. */
const NOISES = [1, 2, 4, 8];

/** The least noise, in points²: a score of 0.03 points more or less says nothing. */
const LEAST_NOISE = 1e-3;

/** One choice of ℓ, s² and m with what follows from it. */
interface Member {
  length: number;
  signal: number;
  /** Its share in the mean over all choices. */
  share: number;
  lower: number[][];
  /** L⁻¹ y. */
  solved: number[];
}

/**
 * Fits a Gaussian process.
 *
 * ```
 * y_k = f(x_k) + ε_k,  ε ~ N(0, m·σ²),  f ~ GP(0, b² + s²·exp(−|x − x'|² / 2ℓ²))
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | x | a point: log λ about its mean |
 * | y | the gain in mean score over λ = 1, in points |
 * | σ² | noise of a gain from the choice of questions, given |
 * | m | how much noise there is: 1, 2, 4 or 8 times σ² |
 * | s², ℓ | height and length of what the weights change: s²/σ² = 0, ¼, 1, 4, … 1024; ℓ = ½, 1, 2, 4 |
 * | b² | the level, nearly free: four times (σ² + mean y²) |
 *
 * With few scores the likelihood cannot choose m, s and ℓ, and the most likely ones overfit: predictions are the mean
 * over all 128 choices, each weighted by its likelihood p(y | m, s, ℓ), all equally likely beforehand. Where the scores
 * are noise, s = 0 weighs most, and the surface is nearly flat.
 *
 * Source: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), equations 2.25, 2.26 and 2.30; the
 * mean over hyperparameters as in Snoek, Larochelle and Adams (arXiv 1206.2944), on a grid instead of drawn. The grids
 * are ours: wide enough for points of a band [0.5, 2] and for scores between a tenth of a point and tens.
 *
 * @param points One or more points of one length.
 * @param values y, one a point.
 * @param noise σ², 0 or more; at least 0.001 is used.
 * @returns The surface.
 * @throws {InputError} If there is no point, the lists differ in length, or a number is not finite.
 *
 * @example Clear scores are followed, noise is not
 * ```ts
 * import { fitSurface } from "./surface.ts";
 * import { assert } from "@std/assert";
 *
 * const points = [[-1], [-0.5], [0], [0.5], [1]];
 * const clear = fitSurface(points, points.map(([x]) => 10 * x!), 0.01);
 * assert(Math.abs(clear.at([0.25]).mean - 2.5) < 0.5);
 * const noisy = fitSurface(points, [1, -2, 2, -1, 0.5], 4);
 * assert(Math.abs(noisy.difference([1], [-1]).mean) < 0.5);
 * ```
 */
export function fitSurface(
  points: readonly (readonly number[])[],
  values: readonly number[],
  noise: number,
): Surface {
  if (points.length === 0 || points.length !== values.length) {
    throw new InputError(
      `expected one score or more, one a point, found ${values.length} and ${points.length} points`,
    );
  }
  if (![...points.flat(), ...values, noise].every(Number.isFinite)) {
    throw new InputError("expected finite points, scores and noise");
  }
  const sigma = Math.max(LEAST_NOISE, noise);
  const level = 4 * (sigma + values.reduce((sum, y) => sum + y * y, 0) / values.length);
  const members = fitMembers(points, values, sigma, level);
  const covariance = ({ signal, length }: Member, x: readonly number[], z: readonly number[]) =>
    level + kernel(signal, length, x, z);

  /** Mean and variance of Σ a_i·f(x_i), by each member. */
  const combine = (terms: readonly (readonly [number, readonly number[]])[]) =>
    members.map((member) => {
      const right = points.map((p) => terms.reduce((sum, [a, x]) => sum + a * covariance(member, x, p), 0));
      const solved = solveLower(member.lower, right);
      let variance = 0;
      for (const [a, x] of terms) for (const [c, z] of terms) variance += a * c * covariance(member, x, z);
      for (const v of solved) variance -= v * v;
      const mean = solved.reduce((sum, v, i) => sum + v * member.solved[i]!, 0);
      return { share: member.share, mean, variance: Math.max(0, variance) };
    });
  const average = (each: ReturnType<typeof combine>): Prediction => {
    const mean = each.reduce((sum, one) => sum + one.share * one.mean, 0);
    const variance = each.reduce((sum, one) => sum + one.share * (one.variance + (one.mean - mean) ** 2), 0);
    return { mean, deviation: Math.sqrt(variance) };
  };
  return {
    at: (point) => average(combine([[1, point]])),
    difference: (to, from) => average(combine([[1, to], [-1, from]])),
    improvement: (point, best) =>
      combine([[1, point]]).reduce(
        (sum, { share, mean, variance }) =>
          sum + share * expectedImprovement({ mean, deviation: Math.sqrt(variance) }, best),
        0,
      ),
  };
}

function kernel(signal: number, length: number, x: readonly number[], z: readonly number[]): number {
  if (signal === 0) return 0;
  const distance = x.reduce((sum, a, i) => sum + (a - z[i]!) ** 2, 0);
  return signal * Math.exp(-distance / (2 * length * length));
}

function fitMembers(
  points: readonly (readonly number[])[],
  values: readonly number[],
  sigma: number,
  level: number,
): Member[] {
  const all: (Member & { evidence: number })[] = [];
  for (const m of NOISES) {
    for (const ratio of RATIOS) {
      for (const length of LENGTHS) {
        const signal = ratio * sigma;
        const lower = cholesky(
          points.map((x, k) =>
            points.map((z, l) => level + kernel(signal, length, x, z) + (k === l ? m * sigma : 0))
          ),
        );
        const solved = solveLower(lower, values);
        const evidence = -solved.reduce((sum, v) => sum + v * v, 0) / 2 -
          lower.reduce((sum, row, i) => sum + Math.log(row[i]!), 0);
        all.push({ length, signal, lower, solved, evidence, share: 0 });
      }
    }
  }
  const most = Math.max(...all.map(({ evidence }) => evidence));
  for (const member of all) member.share = Math.exp(member.evidence - most);
  // Choices that nearly never hold cost time and change nothing.
  const kept = all.filter(({ share }) => share > 1e-4);
  const total = kept.reduce((sum, { share }) => sum + share, 0);
  for (const member of kept) member.share /= total;
  return kept;
}

/**
 * Expected improvement: how far, on average, a value will lie above the best one so far; 0 where it lies below.
 *
 * ```
 * EI = (μ − best)·Φ(z) + d·φ(z),  z = (μ − best) / d
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | μ, d | mean and standard deviation of the value |
 * | φ, Φ | density and distribution function of the normal distribution |
 *
 * Source: Jones, Schonlau and Welch, Efficient global optimization of expensive black-box functions (1998),
 * equation 15.
 *
 * @param value Mean and standard deviation.
 * @param best The best value so far.
 * @returns EI, 0 or more.
 *
 * @example
 * ```ts
 * import { expectedImprovement } from "./surface.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(expectedImprovement({ mean: 0, deviation: 1 }, 0), 0.3989, 1e-4);
 * assertAlmostEquals(expectedImprovement({ mean: 2, deviation: 0 }, 1), 1);
 * ```
 */
export function expectedImprovement({ mean, deviation }: Prediction, best: number): number {
  const gain = mean - best;
  if (deviation === 0) return Math.max(0, gain);
  const z = gain / deviation;
  const density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  return Math.max(0, gain * normalBelow(z) + deviation * density);
}

/** Φ(z), within 7.5e-8 (Abramowitz and Stegun, 26.2.17). */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = t *
    (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = series * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  return z >= 0 ? 1 - above : above;
}
