/**
 * The questions that an evaluation asks.
 *
 * @module
 */

import { type EvaluationItem, evaluationItems } from "../data/draw/evaluation_items.ts";
import type { Dataset, Split } from "../data/types.ts";

/**
 * The questions of a task, first those that open a conversation, then the second ones and so on: a limited number of
 * questions then comes from as many images as possible.
 *
 * @param dataset The dataset.
 * @param split The split.
 * @param task The task's name.
 * @param limit How many at most; null = all.
 * @returns The questions; the same ones whenever they are asked for.
 */
export function questionsOf(
  dataset: Dataset,
  split: Split,
  task: string,
  limit: number | null,
): EvaluationItem[] {
  const { box } = dataset.tasks.find(({ name }) => name === task) ?? {};
  const items = evaluationItems(dataset.samples[split].get(task) ?? [], box);
  return items.sort((a, b) => a.turn - b.turn).slice(0, limit ?? Infinity);
}
