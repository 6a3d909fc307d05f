/**
 * Conversations as a list of turns, each with who speaks and what is said: LLaVA's and ShareGPT's `conversations` of
 * `from` and `value`, chat APIs' `messages` of `role` and `content`.
 *
 * @module
 */

import { readContent } from "./content.ts";
import { asFields, type Fields, type Form, isGiven, type Message, type Wrong } from "./form.ts";
import { roleOf } from "./roles.ts";

/**
 * Reads a list of turns.
 *
 * @param list The list.
 * @param form What it is called.
 * @param wrong Makes errors.
 * @returns What is said, in order.
 * @throws {SampleError} If it is no list of turns, or somebody else speaks.
 */
export function readTurns(list: unknown, form: Pick<Form, "list" | "words">, wrong: Wrong): Message[] {
  if (!Array.isArray(list) || list.length === 0) {
    throw wrong(`${form.list} to be a list of turns`, list, "fill it in or remove the sample");
  }
  return list.map((entry: unknown, m): Message => {
    const turn = asFields(entry);
    const speaker = turn?.from ?? turn?.role;
    const role = roleOf(speaker);
    const { user, assistant } = form.words;
    if (turn === undefined || role === undefined) {
      throw wrong(
        `turn ${m + 1} of ${form.list} to be from "${user}" or "${assistant}" (or "system")`,
        turn === undefined ? entry : speaker,
        "mend it or remove the turn",
      );
    }
    const field = isGiven(turn.value) ? "value" : isGiven(turn.content) ? "content" : contentField(turn);
    return {
      role,
      pieces: readContent(turn[field], role, `turn ${m + 1}`, field, wrong),
      ...(isGiven(turn.references) ? { references: turn.references } : {}),
      ...(isGiven(turn.template) ? { template: turn.template } : {}),
    };
  });
}

/** The field that should be filled. */
function contentField(turn: Fields): string {
  return "from" in turn ? "value" : "content";
}

/** LLaVA's and ShareGPT's form. */
export const conversations: Form = {
  list: "conversations",
  words: { user: "human", assistant: "gpt" },
  fits: (fields) => isGiven(fields.conversations) || isGiven(fields.conversation),
  read: (fields, wrong) => readTurns(fields.conversations ?? fields.conversation, conversations, wrong),
};

/** The form of chat APIs. */
export const messages: Form = {
  list: "messages",
  words: { user: "user", assistant: "assistant" },
  fits: (fields) => isGiven(fields.messages),
  read: (fields, wrong) => readTurns(fields.messages, messages, wrong),
};
