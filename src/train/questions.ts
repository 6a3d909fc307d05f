/**
 * The questions that an evaluation asks.
 *
 * @module
 */

import type { Dataset, Sample, Split } from "../data/types.ts";

/** One question of a conversation. */
export interface Question {
  sample: Sample;
  /** Its index in the conversation. */
  turn: number;
  question: string;
  truth: string;
  template: string | undefined;
}

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
export function questionsOf(dataset: Dataset, split: Split, task: string, limit: number | null): Question[] {
  const samples = dataset.samples[split].get(task) ?? [];
  const longest = samples.reduce((most, sample) => Math.max(most, sample.turns.length), 0);
  const questions: Question[] = [];
  for (let turn = 0; turn < longest; turn++) {
    for (const sample of samples) {
      if (limit !== null && questions.length >= limit) return questions;
      const asked = sample.turns[turn];
      if (asked === undefined) continue;
      const { question, answer, template } = asked;
      questions.push({ sample, turn, question, truth: answer, template });
    }
  }
  return questions;
}
