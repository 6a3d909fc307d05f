/**
 * What a tuning reads of each task.
 *
 * @module
 */

import type { TrainSequence } from "../../lmm/trainer/train_step.ts";
import type { DrawnTasks } from "../../run/records/part_result.ts";
import { type OrderOptions, planOrder } from "../../train/order.ts";

/**
 * Counts what an order reads, step by step.
 *
 * @param sequences What there is to read.
 * @param options The order.
 * @returns Counts, one number a task.
 */
export function countDrawn(
  sequences: readonly Pick<TrainSequence, "ids" | "mask" | "task">[],
  options: OrderOptions,
): DrawnTasks {
  const none = () => new Array<number>(options.tasks).fill(0);
  const found: DrawnTasks = { sizes: none(), conversations: none(), tokens: none(), answerTokens: none() };
  const answers = sequences.map(({ mask }) => mask.subarray(1).reduce((sum, x) => sum + x, 0));
  for (const { task } of sequences) found.sizes[task]!++;
  const order = planOrder(sequences, options);
  for (let step = 1; step <= order.steps; step++) {
    for (const k of order.step(step).flat()) {
      const { task, ids } = sequences[k]!;
      found.conversations[task]!++;
      found.tokens[task]! += ids.length;
      found.answerTokens[task]! += answers[k]!;
    }
  }
  return found;
}
