/**
 * Weights within the band: projected into it, drawn from it.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import type { Random } from "../../random.ts";
import { WEIGHT_BAND } from "../cotbal/temperature.ts";

/**
 * The weights of mean 1 within the band that are nearest to given ones in their ratios.
 *
 * ```
 * λ_i = min(high, max(low, c·w_i)),   c such that Σ λ_i = N
 * ```
 *
 * Clipping alone would change the sum, and scaling after it would leave the band again; the sum grows with c, which is
 * found by bisection. Weights of mean 1 within the band come back as they are.
 *
 * @param weights Weights above 0, one a task.
 * @param band Lowest and highest weight; the paper's [0.5, 2] (arXiv 2403.04343) without it.
 * @returns λ, with sum N and every weight within the band.
 * @throws {InputError} If a weight is not a number above 0.
 *
 * @example
 * ```ts
 * import { toBand } from "./band.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [high, low, rest] = toBand([9, 0.01, 1]);
 * assertAlmostEquals(high!, 2);
 * assertAlmostEquals(low!, 0.5);
 * assertAlmostEquals(rest!, 0.5);
 * ```
 */
export function toBand(
  weights: readonly number[],
  band: readonly [number, number] = WEIGHT_BAND,
): number[] {
  const bad = weights.findIndex((w) => !(w > 0) || !Number.isFinite(w));
  if (bad >= 0) {
    throw new InputError(`weight of task ${bad + 1}: expected a number above 0, found ${weights[bad]}`);
  }
  const [low, high] = band;
  const at = (c: number) => weights.map((w) => Math.min(high, Math.max(low, c * w)));
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const scale = weights.length / sum(weights);
  const scaled = at(scale);
  if (scaled.every((w, i) => w === scale * weights[i]!)) return scaled;
  let [below, above] = [low / Math.max(...weights), high / Math.min(...weights)];
  for (let i = 0; i < 100; i++) {
    const middle = (below + above) / 2;
    if (sum(at(middle)) < weights.length) below = middle;
    else above = middle;
  }
  return at(above);
}

/**
 * Weights with that of one task doubled: the mean stays 1, since a common factor has no effect on the loss.
 *
 * ```
 * λ_i = 2N / (N + 1),  λ_k = N / (N + 1) for k ≠ i
 * ```
 *
 * @param tasks Number of tasks, N.
 * @param task The task i, from 0.
 * @returns λ.
 */
export function doubled(tasks: number, task: number): number[] {
  return Array.from({ length: tasks }, (_, k) => (k === task ? 2 : 1) * tasks / (tasks + 1));
}

/**
 * Draws weights from the band: every log λ_i evenly, then brought to mean 1 by {@linkcode toBand}.
 *
 * @param tasks Number of tasks.
 * @param random Where the numbers come from.
 * @returns λ.
 */
export function randomInBand(tasks: number, random: Random): number[] {
  const [low, high] = WEIGHT_BAND.map(Math.log) as [number, number];
  return toBand(Array.from({ length: tasks }, () => Math.exp(low + (high - low) * random.next())));
}

/**
 * Weights as a point for a surface: log λ about its mean, so that a common factor has no say.
 *
 * @param lambda Weights above 0.
 * @returns One coordinate a task.
 */
export function logRatios(lambda: readonly number[]): number[] {
  const logs = lambda.map(Math.log);
  const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
  return logs.map((x) => x - mean);
}
