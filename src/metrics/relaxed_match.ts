/**
 * Relaxed match: ChartQA's score.
 *
 * @module
 */

import { exactMatch, normalizeAnswer } from "./exact_match.ts";

/**
 * Whether an answer is right within 5%: two numbers match if |prediction − truth| ≤ 0.05 · |truth|, anything else
 * must match exactly (Masry et al., ChartQA, 2022; after Methani et al., PlotQA, 2020).
 *
 * A number is decimal digits with an optional sign, point and exponent, an optional dollar sign before it and commas
 * between thousands. A percentage counts as its hundredth part, so 50% matches 0.5. A truth of 0 leaves no room:
 * only 0 matches it.
 *
 * @param prediction The model's answer.
 * @param truth The true answer.
 * @returns 1 if it is right, else 0.
 *
 * @example
 * ```ts
 * import { relaxedMatch } from "./relaxed_match.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(relaxedMatch("10.4", "10"), 1);
 * assertEquals(relaxedMatch("10.6", "10"), 0);
 * assertEquals(relaxedMatch("Blue", "blue"), 1);
 * ```
 */
export function relaxedMatch(prediction: string, truth: string): number {
  const p = readNumber(prediction);
  const t = readNumber(truth);
  if (p === null || t === null) return exactMatch(prediction, truth);
  // The slack keeps a difference of exactly 5% right: 1.05 against 1 is 0.05000000000000004 off.
  return Math.abs(p - t) <= 0.05 * Math.abs(t) * (1 + 1e-12) ? 1 : 0;
}

function readNumber(text: string): number | null {
  const found = /^([-+]?)\$?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(e[-+]?\d+)?\s*(%?)$/
    .exec(normalizeAnswer(text));
  if (found === null) return null;
  const value = Number(`${found[1]}${found[2]!.replaceAll(",", "")}${found[3] ?? ""}`);
  return found[4] === "%" ? value / 100 : value;
}
