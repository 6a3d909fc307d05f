/**
 * CIDEr-D: how close captions come to their references, by weighted n-grams.
 *
 * @module
 */

import { InputError } from "../errors.ts";
import { UNSPACED } from "./unspaced.ts";

/** A caption and the captions it should be like. */
export interface CaptionItem {
  /** The caption to score. */
  prediction: string;
  /** One true caption or more. */
  references: readonly string[];
}

/** CIDEr-D of a set of captions. */
export interface CiderScore {
  /** The mean over the captions, from 0 to 10. */
  score: number;
  /** CIDEr-D of every caption, from 0 to 10. */
  perItem: number[];
}

/** Lengths of n-grams: 1 to this. */
const LONGEST = 4;

/** σ of the length penalty. */
const SIGMA = 6;

/** A letter of a script without spaces, with its marks, or a stretch of others. */
const PIECES = new RegExp(String.raw`${UNSPACED.source}\p{M}*|(?:(?!${UNSPACED.source}).)+`, "gu");

/**
 * The words of a caption: in lower case, split at spaces and punctuation, punctuation left out. A hyphen or an
 * apostrophe inside a word stays, and so does a point or comma inside a number.
 *
 * Scripts that are written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) are cut into characters, each
 * with the marks on it: their n-grams are those of characters, as the COCO caption evaluation's are when such captions
 * are given to it with a space after every character, the usual way for Chinese. Scores of captions cut into words by
 * a segmenter are other numbers. Korean has spaces and is cut at them.
 *
 * @param text The caption.
 * @returns Its words.
 *
 * @example
 * ```ts
 * import { captionWords } from "./cider.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(captionWords("A light-blue Circle, 0.5 wide."), ["a", "light-blue", "circle", "0.5", "wide"]);
 * assertEquals(captionWords("两只iPhone手机。"), ["两", "只", "iphone", "手", "机"]);
 * ```
 */
export function captionWords(text: string): string[] {
  const words = text.toLowerCase().match(
    /[\p{L}\p{M}\p{N}]+(?:(?:['’-]|(?<=\p{N})[.,](?=\p{N}))[\p{L}\p{M}\p{N}]+)*/gu,
  ) ?? [];
  return words.flatMap((word) =>
    UNSPACED.test(word)
      ? (word.match(PIECES) ?? []).map((piece) => piece.replace(/^['’.,-]+|['’.,-]+$/g, "")).filter((piece) =>
        piece !== ""
      )
      : word
  );
}

/**
 * CIDEr-D of a set of captions (Vedantam et al., CIDEr: Consensus-based Image Description Evaluation, 2015), with the
 * conventions of the COCO caption evaluation.
 *
 * ```
 * g_n(c)[w]  = tf_c(w) · (log N − log max(1, df(w)))                     for every n-gram w of caption c
 * sim_n(c,r) = Σ_w min(g_n(c)[w], g_n(r)[w]) · g_n(r)[w] / (‖g_n(c)‖ · ‖g_n(r)‖) · exp(−(l_c − l_r)² / 2σ²)
 * CIDEr-D(c) = 10 · mean over n = 1..4 and over the references r of sim_n(c, r)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | tf_c(w) | how often w occurs in c |
 * | df(w) | number of items of the evaluated set with w in one of their references |
 * | N | number of items of the evaluated set |
 * | l | length of a caption, counted in bigrams |
 * | σ | 6 |
 *
 * The weights come from the evaluated set, so scores of different sets cannot be compared: fix the set. A caption
 * equal to its reference scores 10 if it has four words or more and none of its n-gram lengths is in every item; a
 * shorter one scores less. A set of one item scores 0, since log N is 0. Papers print this number (0 to 10) or
 * 100 times it.
 *
 * @param items The evaluated set.
 * @returns The mean, and every caption's score.
 * @throws {InputError} If there is no item, or an item has no reference.
 *
 * @example
 * ```ts
 * import { cider } from "./cider.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { score, perItem } = cider([
 *   { prediction: "a red circle and a blue square", references: ["a red circle and a blue square"] },
 *   { prediction: "a green star", references: ["two bars over one word"] },
 * ]);
 * assertAlmostEquals(perItem[0]!, 10);
 * assertAlmostEquals(score, 5);
 * ```
 */
export function cider(items: readonly CaptionItem[]): CiderScore {
  if (items.length === 0) throw new InputError("cider: expected one caption or more, found none");
  const references = weighReferences(items.map((item, i) => {
    if (item.references.length > 0) return item.references;
    throw new InputError(`cider, item ${i + 1}: expected a reference, found none`);
  }));
  const perItem = items.map((item, i) => consensus(references.weigh(item.prediction), references.items[i]!));
  return { score: mean(perItem), perItem };
}

/**
 * CIDEr-D of single captions, each given as the answer to every item of a set: how good a constant caption is.
 *
 * @param captions The captions to rate.
 * @param references One true caption or more of every item.
 * @returns One score a caption, from 0 to 10: the same as {@linkcode cider} of a set with that caption everywhere.
 * @throws {InputError} If there is no item.
 *
 * @example
 * ```ts
 * import { ciderOfConstants } from "./cider.ts";
 * import { assert } from "@std/assert";
 *
 * const references = [["a red circle"], ["a red square"], ["two green bars"]];
 * const [red, blue] = ciderOfConstants(["a red circle", "blue"], references);
 * assert(red! > blue!);
 * ```
 */
export function ciderOfConstants(
  captions: readonly string[],
  references: readonly (readonly string[])[],
): number[] {
  if (references.length === 0) throw new InputError("cider: expected one caption or more, found none");
  const { weigh, items } = weighReferences(references);
  return captions.map((caption) => {
    const grams = weigh(caption);
    return mean(items.map((ofItem) => consensus(grams, ofItem)));
  });
}

/**
 * CIDEr-D of a set in which every item is given the true caption of another: what captions score that are true of
 * something else.
 *
 * @param captions The true caption of every item.
 * @param shifts By how many items the captions are moved on, each time from where they were; from 0 to their number.
 * @returns One score a shift, from 0 to 10: the same as {@linkcode cider} of the set with its captions moved.
 * @throws {InputError} If there is no item.
 *
 * @example Two things, described as each other
 * ```ts
 * import { ciderOfOthers } from "./cider.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(ciderOfOthers(["a red circle", "two green bars"], [1]), [0]);
 * ```
 */
export function ciderOfOthers(captions: readonly string[], shifts: readonly number[]): number[] {
  if (captions.length === 0) throw new InputError("cider: expected one caption or more, found none");
  const { items } = weighReferences(captions.map((caption) => [caption]));
  return shifts.map((shift) =>
    mean(items.map((ofItem, i) => consensus(items[(i + shift) % items.length]![0]!, ofItem)))
  );
}

/** The references of every item, weighted, and how to weight any other caption of the set. */
function weighReferences(references: readonly (readonly string[])[]): {
  items: Grams[][];
  weigh: (caption: string) => Grams;
} {
  const counts = references.map((ofItem) => ofItem.map((text) => countGrams(captionWords(text))));
  const frequency = new Map<string, number>();
  for (const ofItem of counts) {
    const seen = new Set(ofItem.flatMap((grams) => [...grams.keys()]));
    for (const gram of seen) frequency.set(gram, (frequency.get(gram) ?? 0) + 1);
  }
  const logN = Math.log(references.length);
  return {
    items: counts.map((ofItem) => ofItem.map((grams) => weighGrams(grams, frequency, logN))),
    weigh: (caption) => weighGrams(countGrams(captionWords(caption)), frequency, logN),
  };
}

/** CIDEr-D of one caption. */
function consensus(caption: Grams, references: readonly Grams[]): number {
  return 10 * mean(references.map((reference) => similarity(caption, reference)));
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** A caption's weighted n-grams: one map and one norm for every n, and its length in bigrams. */
interface Grams {
  weights: Map<string, number>[];
  norms: number[];
  length: number;
}

/** Every n-gram (words joined by spaces) and how often it occurs. */
function countGrams(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (let n = 1; n <= LONGEST; n++) {
    for (let i = 0; i + n <= words.length; i++) {
      const gram = words.slice(i, i + n).join(" ");
      counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
  }
  return counts;
}

function weighGrams(
  counts: ReadonlyMap<string, number>,
  frequency: ReadonlyMap<string, number>,
  logN: number,
): Grams {
  const weights = Array.from({ length: LONGEST }, () => new Map<string, number>());
  const squares = Array.from({ length: LONGEST }, () => 0);
  let length = 0;
  for (const [gram, count] of counts) {
    const n = gram.split(" ").length - 1;
    const weight = count * (logN - Math.log(Math.max(1, frequency.get(gram) ?? 0)));
    weights[n]!.set(gram, weight);
    squares[n]! += weight * weight;
    if (n === 1) length += count;
  }
  return { weights, norms: squares.map(Math.sqrt), length };
}

/** Mean over n of sim_n. */
function similarity(caption: Grams, reference: Grams): number {
  const penalty = Math.exp(-((caption.length - reference.length) ** 2) / (2 * SIGMA ** 2));
  let sum = 0;
  for (let n = 0; n < LONGEST; n++) {
    const norms = caption.norms[n]! * reference.norms[n]!;
    if (norms === 0) continue;
    let product = 0;
    for (const [gram, weight] of caption.weights[n]!) {
      const other = reference.weights[n]!.get(gram) ?? 0;
      product += Math.min(weight, other) * other;
    }
    sum += product / norms;
  }
  return penalty * sum / LONGEST;
}
