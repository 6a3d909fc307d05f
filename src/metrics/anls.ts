/**
 * ANLS: how much of a text was read right.
 *
 * @module
 */

/**
 * The similarity of two texts by letters, for reading tasks (Biten et al., Scene Text Visual Question Answering,
 * 2019).
 *
 * ```
 * s = 1 − d / max(|prediction|, |truth|)   if that is above 0.5, else 0
 * ```
 *
 * with d the edit distance (insertions, deletions and replacements of a character). The mean of s over the questions
 * is ANLS, the average normalised Levenshtein similarity. Case and spaces at the ends do not count, runs of spaces
 * count as one. Two empty texts are equal.
 *
 * @param prediction The model's answer.
 * @param truth The true answer.
 * @returns s, from 0 to 1.
 *
 * @example
 * ```ts
 * import { anls } from "./anls.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(anls("STOP", "stop"), 1);
 * assertEquals(anls("shop", "stop"), 0.75);
 * assertEquals(anls("slow", "stop"), 0); // half wrong or more counts for nothing
 * ```
 */
export function anls(prediction: string, truth: string): number {
  const a = Array.from(prediction.trim().toLowerCase().replace(/\s+/g, " "));
  const b = Array.from(truth.trim().toLowerCase().replace(/\s+/g, " "));
  const longest = Math.max(a.length, b.length);
  if (longest === 0) return 1;
  const wrong = editDistance(a, b) / longest;
  return wrong < 0.5 ? 1 - wrong : 0;
}

/** Row by row: `row[j]` is the distance between the first i of `a` and the first j of `b`. */
function editDistance(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
