/**
 * What one optimiser step reads, as one value: made once where the order is dealt, and read by the weighting method,
 * the sums of the loss, the upload to the device and the account of costs.
 *
 * @module
 */

import type { Sequence } from "../batch.ts";

/** One conversation, ready to train on. */
export interface TrainSequence extends Sequence {
  /** The sample's id, for messages. */
  id: string;
  /** Index of its task. */
  task: number;
  /** 1 where a token is part of an answer, else 0; as long as `ids`. */
  mask: Uint8Array;
}

/** A row of a packed micro-batch whose next token is part of an answer. */
export interface AnswerRow {
  /** The row, from 0. */
  row: number;
  /** The next token. */
  target: number;
  /** Index of its task. */
  task: number;
}

/** The sequences of one forward pass. */
export interface MicroBatch {
  /** Packed one after the other. */
  sequences: readonly TrainSequence[];
  /** The rows with a loss, in order. */
  answerRows: readonly AnswerRow[];
}

/** The sequences of one optimiser step. */
export interface TrainStep {
  /** Gradients add up over these. */
  microBatches: readonly MicroBatch[];
  /** Answer tokens of each task. */
  taskTokens: readonly number[];
  /** Positions of all sequences, without padding. */
  tokens: number;
  /** How many sequences. */
  conversations: number;
}

/**
 * Makes the value of a step.
 *
 * @param microBatches Sequences of each micro-batch.
 * @param tasks Number of tasks.
 * @returns The step.
 *
 * @example Two answer tokens of the first task
 * ```ts
 * import { dealStep } from "./train_step.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sequence = {
 *   id: "1",
 *   task: 0,
 *   ids: Int32Array.of(1, 7, 8, 2),
 *   mask: Uint8Array.of(0, 0, 1, 1),
 *   images: [],
 * };
 * const step = dealStep([[sequence]], 2);
 * assertEquals(step.taskTokens, [2, 0]);
 * assertEquals(step.microBatches[0]!.answerRows, [
 *   { row: 1, target: 8, task: 0 },
 *   { row: 2, target: 2, task: 0 },
 * ]);
 * ```
 */
export function dealStep(microBatches: readonly (readonly TrainSequence[])[], tasks: number): TrainStep {
  const taskTokens = new Array<number>(tasks).fill(0);
  let tokens = 0, conversations = 0;
  const dealt = microBatches.map((sequences): MicroBatch => {
    const answerRows: AnswerRow[] = [];
    let first = 0;
    for (const { ids, mask, task } of sequences) {
      for (let i = 1; i < ids.length; i++) {
        if (!mask[i]) continue;
        answerRows.push({ row: first + i - 1, target: ids[i]!, task });
        taskTokens[task]!++;
      }
      first += ids.length;
    }
    tokens += first;
    conversations += sequences.length;
    return { sequences, answerRows };
  });
  return { microBatches: dealt, taskTokens, tokens, conversations };
}

/**
 * Cuts a step's sequences into those of its forward passes.
 *
 * @param sequences Of the step, in order.
 * @param microBatch Sequences a pass; the last takes what is left.
 */
export function cutStep<T>(sequences: readonly T[], microBatch: number): T[][] {
  const passes: T[][] = [];
  for (let k = 0; k < sequences.length; k += microBatch) passes.push(sequences.slice(k, k + microBatch));
  return passes;
}
