/**
 * The letters task: reading that is learnt gradually.
 *
 * The reading task's short signs are read whole or not at all, from one moment of the training on, so that its score
 * says more about a seed's luck than about weights. Here signs have one to five letters in one row or two, so that
 * there is always a next length to learn, and whole signs are scored by letters (ANLS).
 *
 * @module
 */

import { LETTERS } from "../picture/font.ts";
import type { SceneTask, Template } from "../templates.ts";

/** The most letters of a sign. */
const MOST = 5;

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
  keys: Array.from({ length: MOST }, (_, k) => String(k + 1)),
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
  letters: [1, MOST],
  templates: [spell, letterAt, countLetters],
};
