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
  if (2 * Math.min(a.length, b.length) <= longest) return 0; // the missing characters alone are half
  const wrong = editDistance(a, b) / longest;
  return wrong < 0.5 ? 1 - wrong : 0;
}

/** Row by row, in place: before step j, `row[j]` is the distance of the first i − 1 of `a` to the first j of `b`. */
function editDistance(a: readonly string[], b: readonly string[]): number {
  const row = Uint32Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const letter = a[i - 1];
    let diagonal = i - 1;
    let left = i;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j]!;
      const replace = diagonal + (letter === b[j - 1] ? 0 : 1);
      left = Math.min(replace, above + 1, left + 1);
      diagonal = above;
      row[j] = left;
    }
  }
  return row[b.length]!;
}
