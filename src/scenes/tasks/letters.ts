/**
 * The letters task: reading that is learnt gradually.
 *
 * The reading task's short signs are read whole or not at all, from one moment of the training on, so that its score
 * says more about a seed's luck than about weights. Here signs have two to five letters in one row or two, so that
 * there is always a next length to learn, and whole signs are scored by letters (ANLS). There are no signs of one
 * letter: a second letter read beside the only one leaves nothing of the ANLS, so that all of them were right or none.
 *
 * @module
 */

import { LETTERS } from "../picture/font.ts";
import type { SceneTask, Template } from "../templates.ts";

/** The fewest and the most letters of a sign. */
const LENGTHS = [2, 5] as const;

const spell: Template = {
  name: "spell",
  share: 0.5,
  kind: "sign",
  keys: [],
  last: true,
  questions: ({ sign }) =>
    sign === undefined
      ? []
      : [{ question: "what does the sign say?", answer: sign.letters.join(" "), key: "", subject: "sign" }],
};

const letterAt: Template = {
  name: "letter-at",
  share: 0.4,
  kind: "sign",
  keys: LETTERS,
  questions: ({ sign }) =>
    (sign?.letters ?? []).map((letter, i) => ({
      question: `what is letter ${i + 1}?`,
      answer: letter,
      key: letter,
      subject: `letter ${i + 1}`,
    })),
};

const countLetters: Template = {
  name: "count-letters",
  share: 0.1,
  kind: "sign",
  keys: ["2", "3", "4", "5"],
  questions: ({ sign }) => {
    const answer = String(sign?.letters.length);
    return sign === undefined
      ? []
      : [{ question: "how many letters?", answer, key: answer, subject: "count" }];
  },
};

/** The task; like OCRVQA. */
export const letters: SceneTask = {
  name: "letters",
  metric: "anls",
  turns: 2,
  letters: LENGTHS,
  templates: [spell, letterAt, countLetters],
};
