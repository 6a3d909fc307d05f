/**
 * The lines of metrics.jsonl as TensorBoard's scalars.
 *
 * @module
 */

import { meanOf } from "../best_evaluation.ts";
import type { MetricsLine } from "../records/metrics_line.ts";

/** A scalar: its name, by which TensorBoard makes groups up to the first slash, and its value. */
export type Scalar = readonly [tag: string, value: number];

/**
 * What a line says.
 *
 * @param line The line.
 * @param tasks Names of the tasks.
 * @returns Its scalars; a value that is not there has none.
 *
 * @example Losses by task
 * ```ts
 * import { scalarsOf } from "./scalars_of.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = { step: 1, seconds: 1, answerTokens: 4, tokens: 9, conversations: 1, taskTokens: [4, 0] };
 * const line = { ...counts, loss: 2, gradNorm: 1, learningRate: 0.5, taskLoss: [2, null] };
 * assertEquals(scalarsOf(line, ["vqa", "chart"]), [
 *   ["training/loss", 2],
 *   ["training/gradient_norm", 1],
 *   ["training/learning_rate", 0.5],
 *   ["loss/vqa", 2],
 * ]);
 * ```
 */
export function scalarsOf(line: MetricsLine, tasks: readonly string[]): Scalar[] {
  const { weights = [], validation, evaluation } = line;
  const each = (group: string, values: readonly (number | null)[] = []) =>
    values.flatMap((value, i): Scalar[] => value === null ? [] : [[`${group}/${tasks[i]}`, value]]);
  const one = (tag: string, value: number | undefined): Scalar[] => value === undefined ? [] : [[tag, value]];
  return [
    ["training/loss", line.loss],
    ["training/gradient_norm", line.gradNorm],
    ["training/learning_rate", line.learningRate],
    ...one("training/tokens_per_second", line.tokensPerSecond),
    ...one("memory/peak_device_bytes", line.peakDeviceBytes),
    ...one("memory/resident_bytes", line.residentBytes),
    ...each("loss", line.taskLoss),
    ...each("weight", weights),
    ...each("method_validation_loss", validation?.loss),
    ...each("validation_loss", evaluation?.loss),
    ...each("validation_score", evaluation?.score),
    ...(evaluation === undefined ? [] : [
      ["validation/mean_loss", meanOf(evaluation, "loss")] as const,
      ["validation/mean_score", meanOf(evaluation, "score")] as const,
    ]),
  ];
}
