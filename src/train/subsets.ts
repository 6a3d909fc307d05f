/**
 * Mini and large subsets of a task's training samples.
 *
 * @module
 */

import { Random } from "../random.ts";
import type { Share } from "./plan.ts";

/** Sampling rates, 0 to 1: the same for all tasks. */
export interface Rates {
  mini: number;
  large: number;
}

/**
 * Draws a subset of a task. With one seed, a task's mini subset lies inside its large one, so that the models `mini`
 * and `i+mini` differ by added samples only.
 *
 * @param samples All training samples of the task.
 * @param share Which subset.
 * @param rates The sampling rates.
 * @param seed Seed of the run.
 * @param task Name of the task: every task is drawn independently of the others.
 * @returns The subset, in the order of the samples; at least one of them.
 *
 * @example Minis lie inside large subsets
 * ```ts
 * import { drawSubset } from "./subsets.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const samples = Array.from({ length: 80 }, (_, i) => i);
 * const rates = { mini: 1 / 8, large: 1 / 2 };
 * const mini = drawSubset(samples, "mini", rates, 1, "vqa");
 * const large = drawSubset(samples, "large", rates, 1, "vqa");
 * assertEquals([mini.length, large.length], [10, 40]);
 * assert(mini.every((i) => large.includes(i)));
 * ```
 */
export function drawSubset<T>(
  samples: readonly T[],
  share: Share,
  rates: Rates,
  seed: number,
  task: string,
): T[] {
  if (share === "all") return [...samples];
  const order = new Random(seed).fork("subsets").fork(task).shuffle(samples.map((_, index) => index));
  const count = Math.max(1, Math.round(rates[share] * samples.length));
  return order.slice(0, count).sort((a, b) => a - b).map((index) => samples[index]!);
}
