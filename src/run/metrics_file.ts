/**
 * metrics.jsonl: one JSON object a line, one line an optimiser step.
 *
 * @module
 */

import { InputError } from "../errors.ts";
import { readIfThere } from "./files.ts";

/**
 * Reads the lines of a metrics file. A last line that was cut off by a kill is left out; a line that has the step of the one
 * before adds to it: it was learnt of the step after an interruption.
 *
 * @typeParam T What a line holds.
 * @param path The file.
 * @returns The lines; none if there is no such file.
 * @throws {InputError} If a line is not JSON.
 */
export async function readMetrics<T>(path: string): Promise<T[]> {
  const bytes = await readIfThere(path);
  return bytes === undefined ? [] : parseMetrics<T>(bytes, path);
}

/**
 * Reads lines from bytes.
 *
 * @typeParam T What a line holds.
 * @param bytes What the file holds; a last line that was cut off by a kill is left out.
 * @param path The file, for messages.
 * @returns The lines.
 * @throws {InputError} If a line is not a JSON object.
 */
export function parseMetrics<T>(bytes: Uint8Array, path: string): T[] {
  const text = new TextDecoder().decode(bytes);
  // Only what ends with a newline was written whole.
  const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  return joinSteps(lines.flatMap((line, i) => {
    if (line === "") return [];
    const value = parsed(line);
    if (typeof value === "object" && value !== null) return [value as T];
    throw new InputError(
      `${path}, line ${i + 1}: expected a JSON object as a run writes it, found ${
        JSON.stringify(line.slice(0, 40))
      }. ` +
        "Bring the file back, or tune the part again",
    );
  }));
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

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
