/**
 * How the study's texts say numbers, names, lists and tables.
 *
 * @module
 */

import { methodById } from "../balance/methods/registry.ts";

/**
 * A difference in points, with its sign.
 *
 * @param x The difference.
 * @returns It, with one digit after the point.
 */
export function signed(x: number): string {
  return `${x < 0 ? "−" : "+"}${Math.abs(x).toFixed(1)}`;
}

/**
 * A method's name.
 *
 * @param id Its id.
 * @returns The name that the registry has.
 */
export function nameOf(id: string): string {
  return methodById(id).name;
}

/**
 * Names in a row.
 *
 * @param names The names, one or more.
 * @returns "a", "a and b", "a, b and c".
 *
 * @example
 * ```ts
 * import { listed } from "./text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(listed(["a", "b", "c"]), "a, b and c");
 * ```
 */
export function listed(names: readonly string[]): string {
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter((text) => text !== "").join(" and ");
}

/**
 * Lines of a Markdown table, as `deno fmt` leaves them.
 *
 * @param head Its first row.
 * @param rows The others.
 * @returns One line a row.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

/**
 * A paragraph in lines.
 *
 * @param text The paragraph.
 * @param width Characters a line.
 * @returns Lines of whole words.
 *
 * @example
 * ```ts
 * import { wrapped } from "./text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wrapped("one two three", 8), ["one two", "three"]);
 * ```
 */
export function wrapped(text: string, width = 120): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
