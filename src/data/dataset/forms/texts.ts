/**
 * Conversations as `texts`, a list of `{user, assistant}`: the form of The Cauldron and FineVision.
 *
 * @module
 */

import { textPieces } from "./content.ts";
import { asFields, type Form, type Message } from "./form.ts";

/** The form of The Cauldron. */
export const texts: Form = {
  list: "texts",
  words: { user: "user", assistant: "assistant" },
  fits: ({ texts }) => Array.isArray(texts) && texts.some((entry) => asFields(entry)?.user !== undefined),
  read: ({ texts }, wrong) =>
    (texts as unknown[]).flatMap((entry, i): Message[] => {
      const { user, assistant } = asFields(entry) ?? {};
      if (typeof user !== "string" || typeof assistant !== "string") {
        throw wrong(`entry ${i + 1} of texts to be {user, assistant}, two texts`, entry, "mend it");
      }
      return [
        { role: "user", pieces: textPieces(user, "user") },
        { role: "assistant", pieces: textPieces(assistant, "assistant") },
      ];
    }),
};
