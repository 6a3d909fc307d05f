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
  /** The weights this step used, a task each; older runs left them out where they were all 1. */
  weights?: number[];
  /** What was measured on validation questions before the step, where a method asks for it. */
  validation?: ValidationRecord;
  /** What validation questions said of the parameters after the step, where `--evaluate-every` asked for it. */
  evaluation?: EvaluationRecord;
  /** Seconds of training so far, interruptions apart. */
  seconds: number;
  /** Positions trained on a second since the last look at the losses, validations apart; not in older runs. */
  tokensPerSecond?: number;
  /** The most bytes on the device since the training was begun or gone on with; not in older runs. */
  peakDeviceBytes?: number;
  /** Bytes of memory that the process held at the last look at the losses; not in older runs. */
  residentBytes?: number;
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

/** A look at validation questions after a step: losses and scores. */
export interface EvaluationRecord {
  /** Mean loss an answer token, in nats, one a task; null for a task that the part does not tune on. */
  loss: (number | null)[];
  /** Points of generated answers, one a task; null likewise. */
  score: (number | null)[];
  /** Questions that were answered. */
  questions: number;
  /** Positions of the sequences and prompts that were read, without padding. */
  tokens: number;
  /** Seconds it took; they are among those of the training. */
  seconds: number;
}
