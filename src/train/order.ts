/**
 * The order in which a training reads its sequences.
 *
 * @module
 */

import { planBatches } from "../data/draw/plan_batches.ts";
import { cutStep, dealStep, type TrainSequence, type TrainStep } from "../lmm/trainer/train_step.ts";
import type { TrainingSettings } from "../lmm/trainer/settings.ts";

/** What an order depends on. */
export interface OrderOptions extends Pick<TrainingSettings, "batch" | "microBatch"> {
  /** Another seed gives another order. */
  seed: number;
  /** Passes over the sequences; a fraction ends within a pass. */
  epochs: number;
  /** Number of tasks. */
  tasks: number;
}

/** Which sequences each step reads. */
export interface Order {
  /** Steps of the whole training. */
  readonly steps: number;
  /** What a step reads, counted from 1. */
  step(step: number): TrainStep;
}

/**
 * Shuffles sequences: tasks are mixed in proportion to their sizes, every pass in a new order.
 *
 * A step is a random sample of the whole mixture. It is never made of sequences of like length alone: lengths follow
 * tasks, and in a step of a single task the weighted mean loss would not feel the task's weight at all. Only within a
 * step are sequences sorted by length.
 *
 * @param sequences What there is to read; the order depends on their number and the seed only.
 * @param options Seed, passes and sizes.
 * @returns The order; the last step of a pass may be short.
 */
export function orderSequences(sequences: readonly TrainSequence[], options: OrderOptions): Order {
  const { seed, epochs, batch, microBatch, tasks } = options;
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
      return dealStep(cutStep(chosen, microBatch), tasks);
    },
  };
}
