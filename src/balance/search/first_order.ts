/**
 * Sensitivities: what scores gain when one task's weight is doubled, and what the best weights near 1 could gain.
 *
 * @module
 */

import { Random } from "../../random.ts";
import { WEIGHT_BAND } from "../cotbal/temperature.ts";
import { toBand } from "./band.ts";
import { cholesky } from "./cholesky.ts";
import { meanOf, type TrialTable } from "./trial.ts";

/** Draws behind the gain that noise alone would promise: enough for two digits of it. */
const DRAWS = 1000;

/** Sensitivities, and what follows from them. */
export interface FirstOrder {
  /** S[i→j], points a unit of log λ_i; mean over seeds. */
  sensitivity: number[][];
  /** Standard errors of S[i→j] from the validation questions. */
  questionErrors: number[][];
  /** Standard errors of S[i→j] over seeds; null with one seed. */
  seedErrors: number[][] | null;
  /** g_i: what the mean score gains a unit of log λ_i. */
  gradient: number[];
  /** Standard errors of g_i, of questions and training together. */
  gradientErrors: number[];
  /** The largest gain of the mean within the band, in points, to first order. */
  gain: number;
  /** Its standard error. */
  gainError: number;
  /** What noise of this size alone would promise on average: a gain must lie above it to be one. */
  gainByNoise: number;
  /** The weights that would gain most. */
  steepest: number[];
  /** How much of the gradient is more than noise, 0 to 1. */
  trust: number;
  /** λ along the gradient. */
  lambda: number[];
}

/**
 * Sensitivities and the weights that follow.
 *
 * ```
 * S[i→j] = (V_j(λ_i doubled) − V_j(1)) / log 2         g_i = mean_j S[i→j]       h_i = g_i − mean g
 * gain   = max Σ_i g_i·(λ_i − 1)   over Σλ = N, ½ ≤ λ ≤ 2
 * λ      ∝ exp(t·log 2·h / max |h|),   t = max(0, 1 − E|noise|² / |h|²),   brought into the band
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | V_j | validation score of task j; all models have one seed and one order |
 * | S[i→j] | what task j gains a unit of log λ_i |
 * | g, h | gradient of the mean score; a common factor of all λ has no effect, so only h, its part without one, counts |
 * | t | trust: James and Stein's shrinkage (1961), positive part, with E|noise|² = Σ_i var(h_i) |
 *
 * To first order log λ_i = λ_i − 1, so that the largest gain is a linear programme: all at ½, and the rest of the sum
 * given to the tasks in order of g. It is a maximum of noisy numbers, hence too high on average: `gainByNoise` is what
 * it would be if no weight mattered, over 1,000 draws of the noise. Where |h|² is what noise gives, t is near 0 and λ
 * near 1; the strongest λ differs from the weakest by no more than the band allows.
 *
 * The noise is that of the questions ({@linkcode TrialTable.covariance}) plus that of the training, with variance τ² a
 * model, in units of g: cov_ik = cov_ik(questions) + τ²·(1 if i = k, else 0) + τ², the last from the model at λ = 1, which
 * all S share. Several seeds show it: τ² is the variance of h over seeds, one for all tasks, divided by the seeds. One
 * seed shows a trace of it: in truth mean g = 0, so what is found beyond the error of the questions is training (or
 * curvature, which is no gain either): τ² = max(0, (mean g)² − var(mean g)) / (1 + 1/N). That is a single number's worth
 * of evidence: in 400 simulations of five tasks the variance of the gain came out 0.93 times the true one where all noise
 * was the training's, 1.45 times where none was. Several seeds are better.
 *
 * @param tables A table a seed: the first trial is λ = 1, trial i + 1 has λ_i doubled.
 * @returns Sensitivities, their errors, gains, weights.
 *
 * @example Doubling the first task helps all, and surely
 * ```ts
 * import { firstOrder } from "./first_order.ts";
 * import { assert, assertAlmostEquals } from "@std/assert";
 *
 * const trial = (lambda: number[], scores: number[]) => ({ lambda, scores, errors: [0.1, 0.1] });
 * const tried = [trial([1, 1], [50, 50]), trial([4 / 3, 2 / 3], [52, 51]), trial([2 / 3, 4 / 3], [49, 49])];
 * const covariance = [[0, 0, 0], [0, 0.01, 0], [0, 0, 0.01]];
 * const { sensitivity, gain, lambda } = firstOrder([{ seed: 1, tasks: ["a", "b"], tried, covariance }]);
 * assertAlmostEquals(sensitivity[0]![0]!, 2 / Math.log(2));
 * assertAlmostEquals(gain, (1.5 + 1) / Math.log(2) / 2); // λ = 1.5 and 0.5
 * assert(lambda[0]! > 1.4 && lambda[1]! < 0.6);
 * ```
 */
export function firstOrder(tables: readonly TrialTable[]): FirstOrder {
  const n = tables[0]!.tasks.length;
  const each = tables.map(sensitivitiesOf);
  const cells = (of: (i: number, j: number) => number) =>
    Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => of(i, j)));
  const sensitivity = cells((i, j) => meanOf(each.map((s) => s[i]![j]!)));
  // All seeds answer the same questions: their errors are alike, not independent.
  const questionErrors = cells((i, j) =>
    meanOf(tables.map(({ tried }) => tried[i + 1]!.errors[j]! / Math.log(2)))
  );
  const seeds = tables.length;
  const seedErrors = seeds === 1
    ? null
    : cells((i, j) => Math.sqrt(variance(each.map((s) => s[i]![j]!)) / seeds));

  const gradient = sensitivity.map(meanOf);
  const gradients = each.map((s) => s.map(meanOf));
  const noise = noiseOf(tables, gradients);
  const steepest = steepestWeights(gradient);
  const gainOf = (g: readonly number[], lambda: readonly number[]) =>
    g.reduce((sum, x, i) => sum + x * (lambda[i]! - 1), 0);
  const direction = steepest.map((w) => w - 1);
  const gainVariance = quadratic(noise, direction);

  const h = withoutMean(gradient);
  const expected = noise.reduce((sum, row, i) => sum + row[i]! - meanOf(row), 0); // trace of P·noise·P
  const found = h.reduce((sum, x) => sum + x * x, 0);
  const trust = found === 0 ? 0 : Math.max(0, 1 - expected / found);
  const most = Math.max(...h.map(Math.abs));
  const lambda = trust === 0
    ? h.map(() => 1)
    : toBand(h.map((x) => Math.exp(trust * Math.log(2) * x / most)));

  return {
    sensitivity,
    questionErrors,
    seedErrors,
    gradient,
    gradientErrors: noise.map((row, i) => Math.sqrt(row[i]!)),
    gain: gainOf(gradient, steepest),
    gainError: Math.sqrt(Math.max(0, gainVariance)),
    gainByNoise: gainByNoise(noise, (g) => gainOf(g, steepestWeights(g))),
    steepest,
    trust,
    lambda,
  };
}

function sensitivitiesOf({ tried }: TrialTable): number[][] {
  const [first, ...doubled] = tried;
  return doubled.map(({ scores }) => scores.map((score, j) => (score - first!.scores[j]!) / Math.log(2)));
}

/** Covariance of the noise of the mean gradient: of the questions and of the training. */
function noiseOf(tables: readonly TrialTable[], gradients: readonly number[][]): number[][] {
  const n = tables[0]!.tasks.length;
  const seeds = tables.length;
  const questions = Array.from(
    { length: n },
    (_, i) =>
      Array.from(
        { length: n },
        (_, k) => meanOf(tables.map(({ covariance }) => covariance[i + 1]![k + 1]!)) / Math.log(2) ** 2,
      ),
  );
  const parts = gradients.map(withoutMean);
  const training = seeds === 1
    ? Math.max(0, meanOf(gradients[0]!) ** 2 - meanOf(questions.map(meanOf))) / (1 + 1 / n)
    : meanOf(Array.from({ length: n }, (_, i) => variance(parts.map((h) => h[i]!)))) * n / (n - 1) / seeds;
  return questions.map((row, i) => row.map((x, k) => x + (i === k ? 2 : 1) * training));
}

/** argmax Σ g·λ over Σλ = N within the band: all at the lower end, the rest to the tasks in order of g. */
function steepestWeights(gradient: readonly number[]): number[] {
  const n = gradient.length;
  const [low, high] = WEIGHT_BAND;
  const lambda = gradient.map(() => low);
  let left = n * (1 - low);
  const order = gradient.map((_, i) => i).sort((a, b) => gradient[b]! - gradient[a]! || a - b);
  for (const i of order) {
    const more = Math.min(high - low, left);
    lambda[i]! += more;
    left -= more;
  }
  // Equal gradients leave nothing to gain by any weights.
  return gradient.every((g) => g === gradient[0]) ? gradient.map(() => 1) : lambda;
}

/** Mean of the largest gain over draws of the noise. */
function gainByNoise(noise: readonly number[][], largest: (g: number[]) => number): number {
  const lower = cholesky(noise);
  const random = new Random("gain by noise");
  let sum = 0;
  for (let k = 0; k < DRAWS; k++) {
    const z = lower.map(() => random.normal());
    sum += largest(lower.map((row) => row.reduce((total, x, i) => total + x * z[i]!, 0)));
  }
  return sum / DRAWS;
}

function withoutMean(values: readonly number[]): number[] {
  const mean = meanOf(values);
  return values.map((x) => x - mean);
}

/** Sample variance (n − 1). */
function variance(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
}

function quadratic(matrix: readonly (readonly number[])[], x: readonly number[]): number {
  return matrix.reduce((sum, row, i) => sum + x[i]! * row.reduce((inner, m, k) => inner + m * x[k]!, 0), 0);
}
