/**
 * A layout that ends what it trains, where its template does not.
 *
 * @module
 */

import type { ChatFormat } from "./chat_format.ts";
import { placeholders, tooLong } from "./conversation.ts";

/** A token that ends answers. */
export interface EndToken {
  /** Its id. */
  id: number;
  /** How it is spelled. */
  text: string;
}

/**
 * What is said of a layout that writes no end.
 *
 * @param name The layout's name.
 * @returns A sentence.
 */
export function noEndNote(name: string): string {
  return `${name} writes no token that ends an answer: a tuned model may not learn to stop, and its answers run into ` +
    "the limit. Have the template write one after each answer, such as {{ eos_token }}";
}

/**
 * Puts a token behind the last answer of every conversation that is trained on, with a loss: a model that was never shown
 * where an answer ends does not stop. Earlier answers and prompts stay as the layout writes them, so that a conversation
 * is read in training as it is in use.
 *
 * @param format The layout.
 * @param end The token: the model's own, by its configuration.
 * @returns The layout with the end; the same one where it has an end of its own.
 *
 * @example
 * ```ts
 * import { endingFormat } from "./ending_format.ts";
 * import type { ChatFormat } from "./chat_format.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const encoded = { ids: Int32Array.of(1, 7, 8, 9), mask: Uint8Array.of(0, 0, 1, 0), images: [] };
 * const open: ChatFormat = {
 *   name: "the template",
 *   imageId: 3,
 *   stops: [],
 *   notes: [],
 *   imageTokens: () => 0,
 *   encode: () => encoded,
 *   promptOf: () => ({ ids: Int32Array.of(1, 7), images: [] }),
 * };
 * const format = endingFormat(open, { id: 2, text: "</s>" });
 * const sample = { id: "1", task: "vqa", images: [], turns: [], file: "vqa_train.json" };
 * const { ids, mask } = format.encode(sample, [], { maxTokens: 8 });
 * assertEquals([[...ids], [...mask]], [[1, 7, 8, 2, 9], [0, 0, 1, 1, 0]]);
 * ```
 */
export function endingFormat(format: ChatFormat, end: EndToken): ChatFormat {
  if (format.stops.length > 0) return format;
  const unsaid = noEndNote(format.name);
  return {
    ...format,
    stops: [end.id],
    notes: [
      ...format.notes.filter((note) => note !== unsaid),
      `${format.name} writes no token that ends an answer: ${end.text} is put behind the last answer of each ` +
      "conversation and trained, so that a tuned model stops",
    ],
    encode(sample, grids, options) {
      const { ids, mask, images } = format.encode(sample, grids, options);
      const length = ids.length + 1;
      if (length > options.maxTokens) {
        throw tooLong(sample, length, placeholders(format, grids), options.maxTokens);
      }
      const at = mask.lastIndexOf(1) + 1;
      const ended = { ids: new Int32Array(length), mask: new Uint8Array(length), images };
      ended.ids.set(ids.subarray(0, at));
      ended.ids[at] = end.id;
      ended.ids.set(ids.subarray(at), at + 1);
      ended.mask.set(mask.subarray(0, at));
      ended.mask[at] = 1;
      return ended;
    },
  };
}
