/**
 * The order in which a training reads its sequences.
 *
 * @module
 */

import { mixStream } from "../data/draw/mix.ts";
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
  /**
   * How many sequences of each task a pass draws, summing to all there are, so that the number of steps stays; each
   * once without it.
   */
  quotas?: readonly number[] | undefined;
}

/** Which sequences each step reads. */
export interface Order {
  /** Steps of the whole training. */
  readonly steps: number;
  /** What a step reads, counted from 1. */
  step(step: number): TrainStep;
}

/** Which sequences each step reads, by their indices: nothing of their content is looked at. */
export interface PlannedOrder {
  /** Steps of the whole training. */
  readonly steps: number;
  /** The micro-batches of a step, counted from 1. */
  step(step: number): number[][];
}

/** What of a sequence its place in an order depends on. */
export type Ordered = Pick<TrainSequence, "ids" | "task">;

/**
 * Shuffles sequences: tasks are mixed in proportion to their sizes, or as `quotas` say, every pass in a new order.
 *
 * A step is a random sample of the whole mixture. It is never made of sequences of like length alone: lengths follow
 * tasks, and in a step of a single task the weighted mean loss would not feel the task's weight at all. Only within a
 * step are sequences sorted by length.
 *
 * @param sequences What there is to read; the order depends on their number, tasks and lengths and the seed only.
 * @param options Seed, passes and sizes.
 * @returns The order; the last step of a pass may be short.
 */
export function planOrder(sequences: readonly Ordered[], options: OrderOptions): PlannedOrder {
  const { seed, epochs, batch, microBatch, quotas } = options;
  const lengths = sequences.map(({ ids }) => ids.length);
  const perPass = Math.ceil(sequences.length / batch);
  const drawn = quotas === undefined ? () => undefined : drawsOf(sequences, quotas, seed);
  // One pass alone is held, as that of a large dataset takes memory.
  let held: { pass: number; batches: number[][] } | undefined;
  const pass = (p: number): number[][] => {
    if (held?.pass === p) return held.batches;
    const chosen = drawn(p);
    const batches = planBatches(chosen?.map((k) => lengths[k]!) ?? lengths, {
      batchSize: batch,
      seed: `${seed}/pass-${p}`,
    });
    held = {
      pass: p,
      batches: chosen === undefined ? batches : batches.map((some) => some.map((k) => chosen[k]!)),
    };
    return held.batches;
  };
  return {
    steps: Math.max(1, Math.round(epochs * perPass)),
    step(step) {
      const chosen = [...pass(Math.floor((step - 1) / perPass))[(step - 1) % perPass]!];
      chosen.sort((a, b) => lengths[a]! - lengths[b]!);
      return cutStep(chosen, microBatch);
    },
  };
}

/** The sequences of a pass, task after task. */
function drawsOf(
  sequences: readonly Ordered[],
  quotas: readonly number[],
  seed: number,
): (pass: number) => number[] {
  const own = quotas.map((): number[] => []);
  sequences.forEach(({ task }, k) => own[task]!.push(k));
  const streams = own.map((members, task) =>
    members.length === 0 ? undefined : mixStream(members.length, quotas[task]!, `${seed}/mix-${task}`)
  );
  return (pass) => streams.flatMap((stream, task) => stream?.draw(pass).map((i) => own[task]![i]!) ?? []);
}

/**
 * The order of {@linkcode planOrder}, with what each step reads.
 *
 * @param sequences What there is to read.
 * @param options Seed, passes and sizes.
 * @returns The order.
 */
export function orderSequences(sequences: readonly TrainSequence[], options: OrderOptions): Order {
  const planned = planOrder(sequences, options);
  return {
    steps: planned.steps,
    step: (step) => dealStep(planned.step(step).map((some) => some.map((k) => sequences[k]!)), options.tasks),
  };
}
