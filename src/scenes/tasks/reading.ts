/**
 * The reading task: the letters of a sign, all of them or the first or last.
 *
 * Letters are written apart ("k o t"), so that a letter is the same token wherever it stands.
 *
 * @module
 */

import { LETTERS } from "../picture/font.ts";
import type { SceneTask, Template } from "../templates.ts";

const wholeSign: Template = {
  name: "whole-sign",
  share: 0.5,
  kind: "sign",
  keys: [],
  last: true,
  questions: ({ sign }) =>
    sign === undefined
      ? []
      : [{ question: "what does the sign say?", answer: sign.letters.join(" "), key: "", subject: "sign" }],
};

function letterAt(name: string, word: string, index: number): Template {
  return {
    name,
    share: 0.25,
    kind: "sign",
    keys: LETTERS,
    questions: ({ sign }) => {
      const letter = sign?.letters.at(index);
      if (letter === undefined) return [];
      return [{ question: `what is the ${word} letter?`, answer: letter, key: letter, subject: word }];
    },
  };
}

/** The task; like OCRVQA. */
export const reading: SceneTask = {
  name: "reading",
  metric: "exact-match",
  turns: 2,
  templates: [wholeSign, letterAt("first-letter", "first", 0), letterAt("last-letter", "last", -1)],
};
