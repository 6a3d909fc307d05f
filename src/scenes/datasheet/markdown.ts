/**
 * Pieces of Markdown, laid out as `deno fmt` does.
 *
 * @module
 */

/** Characters a line. */
const WIDTH = 110;

/**
 * A paragraph in lines of 110 characters.
 *
 * @param text The text; runs of spaces and line breaks count as one space.
 * @param indent What the lines after the first begin with.
 * @returns The lines.
 */
export function paragraph(text: string, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.trim().split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}

/**
 * A table with columns of equal width.
 *
 * @param rows The cells; the first row is the head.
 * @returns The lines.
 *
 * @example Two columns
 * ```ts
 * import { markdownTable } from "./markdown.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(markdownTable([["task", "n"], ["vqa", "12"]]), "| task | n  |\n| ---- | -- |\n| vqa  | 12 |");
 * ```
 */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  const [head, ...body] = rows;
  return [line(head!), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
