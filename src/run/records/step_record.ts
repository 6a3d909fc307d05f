/**
 * metrics.jsonl: one optimiser step a line.
 *
 * @module
 */

/** One line of metrics.jsonl: one optimiser step. */
export interface MetricsLine {
  /** Steps done, this one included: 1, 2, ... */
  step: number;
  /** Weighted mean loss of the step, in nats a token. */
  loss: number;
  /** Norm of the gradient, before clipping. */
  gradNorm: number;
  /** Learning rate of the step. */
  learningRate: number;
  /** Unweighted mean loss an answer token per task, in nats; null when the task was absent from the step. */
  taskLoss: (number | null)[];
  /** Answer tokens per task in this step. */
  taskTokens: number[];
  /** Answer tokens of the part so far, all tasks: the horizontal axis of a loss curve. */
  answerTokens: number;
  /** The weights this step used, per task; left out where they are all 1. */
  weights?: number[];
  /** Seconds of training of the part so far, interruptions apart. */
  seconds: number;
}
