/**
 * The words of the benchmark.
 *
 * @module
 */

import { COORDINATE_PIECES } from "./box_text.ts";
import { LETTERS } from "./picture/font.ts";
import { COLUMN_NAMES, ROW_NAMES } from "./picture/place.ts";
import { COLOUR_NAMES, MAX_BAR, SHAPES, SIZE_NAMES } from "./picture/scene.ts";

/** "and" and "are" occur in no text but the control task's answers: no other task's need them. */
const WORDS = (
  "a above and are at bar bars below colour describe first has height high higher highest how image in is " +
  "larger last leftmost letter letters look lowest many no object objects of or rightmost say shape sign size " +
  "tell than the there what where with yes does"
).split(" ");

/**
 * Every word that can occur in a question, an answer or a dense caption of the benchmark, and every piece of a
 * box. A text consists of these, separated by spaces; a full stop, question mark or colon is glued to the word
 * before it and no part of it.
 *
 * @returns The words, in an order that stays the same: words, numbers, letters, pieces of boxes.
 *
 * @example Small enough for a small model
 * ```ts
 * import { vocabulary } from "./vocabulary.ts";
 * import { assert } from "@std/assert";
 *
 * assert(vocabulary().length < 250);
 * ```
 */
export function vocabulary(): string[] {
  const numbers = Array.from({ length: MAX_BAR + 1 }, (_, k) => String(k));
  return [
    ...new Set([
      ...WORDS,
      ...COLOUR_NAMES,
      ...SHAPES,
      ...SIZE_NAMES,
      ...ROW_NAMES,
      ...COLUMN_NAMES,
      ...numbers,
      ...LETTERS,
      ...COORDINATE_PIECES,
    ]),
  ];
}
