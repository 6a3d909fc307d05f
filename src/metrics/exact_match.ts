/**
 * Exact match.
 *
 * @module
 */

/**
 * An answer as it is compared: without spaces around it, in lower case, without one trailing full stop.
 *
 * @param text The answer.
 * @returns Its normal form.
 *
 * @example
 * ```ts
 * import { normalizeAnswer } from "./exact_match.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(normalizeAnswer(" Red. "), "red");
 * ```
 */
export function normalizeAnswer(text: string): string {
  return text.trim().toLowerCase().replace(/\.$/, "").trimEnd();
}

/**
 * Whether two answers are the same after {@linkcode normalizeAnswer}.
 *
 * @param prediction The model's answer.
 * @param truth The true answer.
 * @returns 1 if they are the same, else 0.
 *
 * @example
 * ```ts
 * import { exactMatch } from "./exact_match.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(exactMatch("Yes.", "yes"), 1);
 * assertEquals(exactMatch("2", "two"), 0);
 * ```
 */
export function exactMatch(prediction: string, truth: string): number {
  return normalizeAnswer(prediction) === normalizeAnswer(truth) ? 1 : 0;
}
