/**
 * Marks in rendered text: what a template wrote, and what it was given, would otherwise look the same.
 *
 * @module
 */

import type { RenderedText, Stretch } from "../encode_rendered.ts";
import { TemplateError } from "./bounds.ts";
import type { Marks } from "./chat_template.ts";

/** Characters that Unicode keeps free for uses like this one. */
const FREE = Array.from({ length: 32 }, (_, i) => String.fromCharCode(0xfdd0 + i));
const ANY_FREE = /[\uFDD0-\uFDEF]/;

/** Characters that mark places of a rendered text. */
export interface TextMarks extends Marks {
  /** Stands before a special token that a text spells out. */
  literal: string;
}

/**
 * Chooses marks that no text holds.
 *
 * @param texts Texts.
 * @returns The marks.
 * @throws {TemplateError} If every character that could be one is taken.
 */
export function chooseMarks(texts: Iterable<string>): TextMarks {
  const taken = new Set<string>();
  for (const text of texts) {
    if (ANY_FREE.test(text)) {
      for (const character of text) if (ANY_FREE.test(character)) taken.add(character);
    }
  }
  const [begin, end, literal] = FREE.filter((character) => !taken.has(character));
  if (literal === undefined) {
    throw new TemplateError("expected text, found most of Unicode's noncharacters in it");
  }
  return { begin: begin!, end: end!, literal };
}

/**
 * Takes the marks out of a rendered text.
 *
 * @param marked The text with marks.
 * @param marks The marks.
 * @returns The text, what its marks said is spelled out, and what they said is trained.
 * @throws {TemplateError} If a trained stretch begins and does not end.
 */
export function unmark(
  marked: string,
  { begin, end, literal }: TextMarks,
): RenderedText & { trained: Stretch[] } {
  const pieces = marked.split(new RegExp(`([${begin}${end}${literal}])`));
  if (pieces.length === 1) return { text: marked, literal: new Set(), trained: [] };
  let text = "", from = 0, open = 0;
  const spelled = new Set<number>(), trained: Stretch[] = [];
  for (const piece of pieces) {
    if (piece === begin) {
      if (open++ === 0) from = text.length;
    } else if (piece === end) {
      if (--open === 0 && text.length > from) trained.push([from, text.length]);
      if (open < 0) break;
    } else if (piece === literal) spelled.add(text.length);
    else text += piece;
  }
  if (open !== 0) throw new TemplateError("it begins a {% generation %} block without ending it");
  return { text, literal: spelled, trained };
}
