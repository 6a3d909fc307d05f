/**
 * Questions with the answers of the model before training, and of the trainings.
 *
 * @module
 */

import { type Html, html } from "../../report/kit/html.ts";
import { sampleCard } from "../../report/sections/results/samples.ts";
import type { Example } from "../../run/records/example.ts";
import type { Answer } from "../../run/records/part_result.ts";
import { RUN_LOOKS } from "./runs.ts";

/**
 * Notes a model's answers at the questions.
 *
 * @param examples The questions; they are changed.
 * @param of Whose answers: "base", "equal" or "yours".
 * @param answers The answers; none takes earlier ones away.
 */
export function noteAnswers(examples: readonly Example[], of: string, answers: readonly Answer[]): void {
  const known = new Map(answers.map((answer) => [`${answer.task} ${answer.id} ${answer.turn}`, answer]));
  for (const example of examples) {
    const found = known.get(`${example.task} ${example.id} ${example.turn}`);
    if (found === undefined) delete example.answers[of];
    // CIDEr's points depend on the whole set, and this one is small.
    else {example.answers[of] = {
        answer: found.answer,
        score: example.metric === "cider" ? NaN : found.score,
      };}
  }
}

/**
 * The questions as cards.
 *
 * @param examples The questions.
 * @returns The cards.
 */
export function answerCards(examples: readonly Example[]): Html {
  const methods = [...RUN_LOOKS.keys()];
  return html`${examples.map((example, i) => sampleCard({ looks: RUN_LOOKS }, example, methods, "", i))}`;
}
