/**
 * Operations whose result can be much larger than what they are given, measured beforehand.
 *
 * @module
 */

import type { Measures, Value } from "./values.ts";

/** Filters that are such operations. */
export const GROWING: ReadonlySet<string> = new Set(["replace", "join", "indent", "tojson"]);

/**
 * A bound on the length of a text in which another is replaced.
 *
 * @param text The text.
 * @param from What is replaced; between all letters if it is empty.
 * @param to What stands there then.
 * @returns Characters.
 */
export function replacedLength(text: string, from: Value | undefined, to: Value | undefined): number {
  if (typeof from?.value !== "string" || typeof to?.value !== "string") return text.length;
  return text.length + (text.length / Math.max(1, from.value.length) + 1) * to.value.length;
}

/**
 * A bound on the size of what one of the filters gives.
 *
 * @param name The filter.
 * @param operand What it is put on.
 * @param given Its arguments.
 * @param named Its arguments with names.
 * @param measures Measures values.
 * @returns Characters.
 */
export function filteredSize(
  name: string,
  operand: Value,
  given: readonly Value[],
  named: ReadonlyMap<string, Value>,
  measures: Measures,
): number {
  const { size, depth } = measures.of(operand);
  const text = typeof operand.value === "string" ? operand.value : "";
  const whole = (value: Value | undefined) => value === undefined ? 0 : measures.of(value).size;
  const number = (value: Value | undefined) =>
    typeof value?.value === "number" ? Math.max(0, value.value) : 0;
  switch (name) {
    case "replace":
      return replacedLength(text, given[0], given[1]);
    case "join":
      return size * (1 + whole(given[0] ?? named.get("separator")));
    case "indent":
      return size + text.split("\n").length * number(given[0] ?? named.get("width"));
    default:
      return size * (1 + depth * number(named.get("indent")) + whole(named.get("separators")));
  }
}
