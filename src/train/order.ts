/**
 * The order in which a part reads its sequences.
 *
 * @module
 */

import { planBatches } from "../data/mod.ts";
import type { TrainSequence } from "./engine.ts";

/** Sizes of a part's schedule. */
export interface OrderOptions {
  seed: number;
  /** Passes over the sequences; a fraction ends within a pass. */
  epochs: number;
  /** Sequences an optimiser step. */
  batch: number;
  /** Sequences a forward pass. */
  microBatch: number;
}

/** A part's schedule: which sequences each step reads. */
export interface Order {
  readonly steps: number;
  /** The micro-batches of a step, counted from 1. */
  step(step: number): TrainSequence[][];
}

/**
 * Shuffles the sequences of a part: tasks are mixed in proportion to their sizes, every pass in a new order.
 *
 * A step is a random sample of the whole mixture. It is never made of sequences of like length alone: lengths follow
 * tasks, and in a step of a single task the weighted mean loss would not feel the task's weight at all. Only within a
 * step are sequences sorted by length.
 *
 * @param sequences What there is to read; the order depends on their number and the seed only.
 * @param options Seed, passes and sizes.
 * @returns The schedule; the last step of a pass may be short.
 */
export function orderSequences(sequences: readonly TrainSequence[], options: OrderOptions): Order {
  const { seed, epochs, batch, microBatch } = options;
  const lengths = sequences.map(({ ids }) => ids.length);
  const perPass = Math.ceil(sequences.length / batch);
  const passes: number[][][] = [];
  const pass = (p: number): number[][] =>
    passes[p] ??= planBatches(lengths, { batchSize: batch, seed: `${seed}/pass-${p}` });
  return {
    steps: Math.max(1, Math.round(epochs * perPass)),
    step(step) {
      const chosen = pass(Math.floor((step - 1) / perPass))[(step - 1) % perPass]!.map((k) => sequences[k]!);
      chosen.sort((a, b) => a.ids.length - b.ids.length);
      const micro: TrainSequence[][] = [];
      for (let k = 0; k < chosen.length; k += microBatch) micro.push(chosen.slice(k, k + microBatch));
      return micro;
    },
  };
}
