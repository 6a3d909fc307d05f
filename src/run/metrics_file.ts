/**
 * metrics.jsonl: one JSON object a line, one line an optimiser step, appended while a part trains.
 *
 * @module
 */

import { dirname } from "@std/path";
import { readIfThere, writeWhole } from "./files.ts";

/**
 * Reads the lines of a metrics file. A last line that was cut off by a kill is left out; a line that has the step of the one
 * before adds to it: it was learnt of the step after an interruption.
 *
 * @typeParam T What a line holds.
 * @param path The file.
 * @returns The lines; none if there is no such file.
 */
export async function readMetrics<T>(path: string): Promise<T[]> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) return [];
  const text = new TextDecoder().decode(bytes);
  // Only what ends with a newline was written whole.
  const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  return joinSteps(lines.filter((line) => line !== "").map((line) => JSON.parse(line) as T));
}

/**
 * Joins lines of one step.
 *
 * @typeParam T What a line holds.
 * @param lines Lines in order.
 * @returns One a step: what comes later adds to it, or stands in its place.
 */
export function joinSteps<T>(lines: readonly T[]): T[] {
  const joined: T[] = [];
  const stepOf = (line: T | undefined) => (line as { step?: number } | null | undefined)?.step;
  for (const line of lines) {
    const last = joined.at(-1);
    if (stepOf(line) !== undefined && stepOf(line) === stepOf(last)) {
      joined[joined.length - 1] = { ...last!, ...line };
    } else joined.push(line);
  }
  return joined;
}

/**
 * Cuts a metrics file back to the steps that a restored trainer has behind it, so that no step stands in it twice.
 *
 * @typeParam T What a line holds.
 * @param path The file.
 * @param step The last step to keep; 0 empties the file.
 * @returns The lines that are left.
 */
export async function truncateMetrics<T extends { step: number }>(path: string, step: number): Promise<T[]> {
  const lines = (await readMetrics<T>(path)).filter((line) => line.step <= step);
  await writeWhole(path, lines.map((line) => JSON.stringify(line) + "\n").join(""));
  return lines;
}

/**
 * Appends lines to a metrics file.
 *
 * @param path The file.
 * @param lines What to append.
 */
export async function appendMetrics(path: string, lines: readonly unknown[]): Promise<void> {
  if (lines.length === 0) return;
  await Deno.mkdir(dirname(path), { recursive: true });
  const text = lines.map((line) => JSON.stringify(line) + "\n").join("");
  await Deno.writeTextFile(path, text, { append: true });
}
