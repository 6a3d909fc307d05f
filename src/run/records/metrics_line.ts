/**
 * metrics.jsonl: one optimiser step a line.
 *
 * @module
 */

import type { StepLog } from "../../lmm/trainer/trainer.ts";

/** One line of metrics.jsonl: what the trainer knows of a step, and how far the training is with it. */
export interface MetricsLine extends StepLog {
  /** Answer tokens of the training so far, all tasks: the horizontal axis of a loss curve. */
  answerTokens: number;
  /** Positions of the sequences of the training so far, without padding. */
  tokens: number;
  /** Conversations of the training so far, repetitions counted. */
  conversations: number;
  /** The weights this step used, a task each; left out where they are all 1. */
  weights?: number[];
  /** What was measured on validation questions before the step, where it was asked for. */
  validation?: ValidationRecord;
  /** Seconds of training so far, interruptions apart. */
  seconds: number;
  /** What of them was spent waiting for images to be read; only where they are read while the model is trained. */
  waiting?: number;
}

/** A look at validation questions while a model is tuned: of the parameters that its step began with. */
export interface ValidationRecord {
  /** Mean loss an answer token, in nats, one a task; null for a task without questions. */
  loss: (number | null)[];
  /** Positions of the sequences that were read, without padding. */
  tokens: number;
  /** Seconds it took; they are among those of the training. */
  seconds: number;
}
