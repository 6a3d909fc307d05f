/**
 * The questions that a model is scored on.
 *
 * @module
 */

import type { BoxForm } from "../../metrics/iou.ts";
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
  /** All true answers, where there are several: `truth` is one of them. */
  references?: readonly string[];
  /** The question template it was made from, where the dataset says so. */
  template?: string;
  /** How boxes are written in its answers, where that is said of the task. */
  box?: BoxForm;
}

/**
 * Every turn of every sample as an item to be answered and scored. Turns that hold one list of references are one
 * question: the first stands for all.
 *
 * @param samples Samples of one task.
 * @param box How boxes are written in its answers.
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
export function evaluationItems(samples: readonly Sample[], box?: BoxForm): EvaluationItem[] {
  const asked = new Set<readonly string[]>();
  return samples.flatMap((sample) =>
    sample.turns.flatMap(({ question, answer, references, template }, turn) => {
      if (references !== undefined && asked.has(references)) return [];
      if (references !== undefined) asked.add(references);
      return {
        sample,
        turn,
        question,
        truth: answer,
        ...(references === undefined ? {} : { references }),
        ...(template === undefined ? {} : { template }),
        ...(box === undefined ? {} : { box }),
      };
    })
  );
}
