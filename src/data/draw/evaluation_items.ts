/**
 * The questions that a model is scored on.
 *
 * @module
 */

import type { Sample } from "../types.ts";

/** One question and its true answer. */
export interface EvaluationItem {
  /** The conversation it is a turn of. */
  sample: Sample;
  /** Which turn of the sample it is, from 0: earlier turns are given with their true answers. */
  turn: number;
  /** What is asked. */
  question: string;
  /** The true answer. */
  truth: string;
  /** The question template it was made from, where the dataset says so. */
  template?: string;
}

/**
 * Every turn of every sample as an item to be answered and scored.
 *
 * @param samples Samples of one task.
 * @returns The items, in order.
 *
 * @example Two turns, two items
 * ```ts
 * import { evaluationItems } from "../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const turns = [{ question: "Cat or dog?", answer: "cat", template: "choice" }, { question: "Asleep?", answer: "yes" }];
 * const items = evaluationItems([{ id: "1", task: "pets", images: [], turns, file: "pets_val.json" }]);
 * assertEquals(items.map(({ turn, truth, template }) => [turn, truth, template]), [
 *   [0, "cat", "choice"],
 *   [1, "yes", undefined],
 * ]);
 * ```
 */
export function evaluationItems(samples: readonly Sample[]): EvaluationItem[] {
  return samples.flatMap((sample) =>
    sample.turns.map(({ question, answer, template }, turn) => ({
      sample,
      turn,
      question,
      truth: answer,
      ...(template === undefined ? {} : { template }),
    }))
  );
}
