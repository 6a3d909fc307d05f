/**
 * The order in which samples are trained on.
 *
 * @module
 */

import { Random } from "../../random.ts";

/** How batches are drawn. */
export interface BatchOptions {
  /** Samples a batch; the last batch of the pass takes what is left. */
  batchSize: number;
  /** Another seed gives another order. */
  seed: number | string;
  /** Batches that are drawn together and share samples out by length among them; 1 (by chance) if left out. */
  groupBatches?: number;
}

/**
 * Plans one shuffled pass over samples: every sample once, so that each task is trained on in proportion to its
 * size. With `groupBatches`, samples of like length meet in a batch, so that padded batches waste less: the shuffled
 * samples are taken that many batches at a time, sorted by length, cut, and the batches shuffled again.
 *
 * @param lengths Tokens of each sample.
 * @param options Batch size, seed, grouping.
 * @returns The batches, each a list of indices into `lengths`.
 * @throws {RangeError} If a size is not a whole number of at least 1.
 *
 * @example Ten samples, four at a time
 * ```ts
 * import { planBatches } from "../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const batches = planBatches(new Array(10).fill(7), { batchSize: 4, seed: 0 });
 * assertEquals(batches.map((batch) => batch.length), [4, 4, 2]);
 * assertEquals(batches.flat().sort((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
 * ```
 */
export function planBatches(lengths: ArrayLike<number>, options: BatchOptions): number[][] {
  const { batchSize, groupBatches = 1 } = options;
  for (const [name, value] of [["batchSize", batchSize], ["groupBatches", groupBatches]] as const) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(
        `planBatches: expected ${name} to be a whole number of at least 1, found ${value}`,
      );
    }
  }
  const random = new Random(options.seed);
  const order = random.fork("order").shuffle(Array.from(lengths, (_, index) => index));
  const batches: number[][] = [];
  const span = batchSize * groupBatches;
  for (let from = 0; from < order.length; from += span) {
    const group = order.slice(from, from + span);
    if (groupBatches > 1) group.sort((a, b) => lengths[a]! - lengths[b]!);
    for (let at = 0; at < group.length; at += batchSize) batches.push(group.slice(at, at + batchSize));
  }
  if (groupBatches > 1) {
    // The short batch at the end stays there: one size of step, but for the last.
    const last = order.length % batchSize === 0
      ? []
      : batches.splice(batches.findIndex((b) => b.length < batchSize), 1);
    random.fork("batches").shuffle(batches).push(...last);
  }
  return batches;
}
