/**
 * Reads a large JSON array piece by piece.
 *
 * @module
 */

import { InputError } from "../errors.ts";

/** An element of the array and the line it begins on. */
export interface JsonElement {
  /** The element, parsed. */
  value: unknown;
  /** The line of the file it begins on, from 1. */
  line: number;
}

const NEWLINE = 10,
  QUOTE = 34,
  COMMA = 44,
  OPEN = 91,
  BACKSLASH = 92,
  CLOSE = 93,
  OPEN_OBJECT = 123,
  CLOSE_OBJECT = 125;
const CHUNK = 1 << 20; // bytes

const isSpace = (byte: number) => byte === 32 || byte === NEWLINE || byte === 13 || byte === 9;

/**
 * Reads a file that holds one JSON array, element by element. LLaVA's own mixture is a single array of a gigabyte,
 * more than a string can hold, so the file is cut at the commas between its elements and each is parsed alone.
 *
 * @param path The file.
 * @returns The elements, in order.
 * @throws {InputError} If the file is missing, is not an array or not JSON; the message names line and column.
 */
export function* readJsonArray(path: string): Generator<JsonElement> {
  const open = (): Deno.FsFile => {
    try {
      return Deno.openSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) {
        throw new InputError(`${path}: expected a JSON file, found none`);
      }
      throw error;
    }
  };
  using file = open();
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(CHUNK);
  let state = "start" as "start" | "first" | "element" | "inside" | "between" | "end";
  let line = 1, column = 0; // of the byte being looked at; columns count bytes here, exact enough to find the place
  let depth = 0, inString = false, escaped = false, scalar = false;
  let held: Uint8Array[] = []; // the element's bytes from earlier chunks
  let elementLine = 1, elementColumn = 1;
  let size = 0;

  const broken = (expected: string, found: string) =>
    new InputError(
      `${path}, line ${line}, column ${column}: expected ${expected}, found ${found}; mend the JSON`,
    );
  const parse = (last: Uint8Array): JsonElement => {
    const text = held.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode(last);
    held = [];
    try {
      return { value: JSON.parse(text), line: elementLine };
    } catch (error) {
      throw jsonError(path, text, error as Error, elementLine, elementColumn);
    }
  };

  for (let count = file.readSync(chunk); count !== null; count = file.readSync(chunk)) {
    let from = 0; // where the element begins in this chunk
    for (let i = 0; i < count; i++) {
      const byte = chunk[i]!;
      size++;
      column++;
      if (byte === NEWLINE && state !== "inside") {
        line++;
        column = 0;
      }
      if (state === "inside") {
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === BACKSLASH) escaped = true;
          else if (byte === QUOTE) inString = false;
        } else if (byte === QUOTE) inString = true;
        else if (byte === OPEN || byte === OPEN_OBJECT) depth++;
        else if ((byte === CLOSE || byte === CLOSE_OBJECT) && depth > 0) {
          depth--;
          if (depth === 0 && !scalar) {
            yield parse(chunk.subarray(from, i + 1));
            state = "between";
          }
        } else if (depth === 0 && (byte === COMMA || byte === CLOSE)) {
          yield parse(chunk.subarray(from, i));
          state = byte === COMMA ? "element" : "end";
        }
        if (byte === NEWLINE) {
          line++;
          column = 0;
        }
        continue;
      }
      // A byte order mark is tolerated, as editors on Windows write one.
      if (isSpace(byte) || (size <= 3 && (byte === 0xef || byte === 0xbb || byte === 0xbf))) continue;
      const found = () => JSON.stringify(decoder.decode(chunk.subarray(i, Math.min(count, i + 12))));
      if (state === "start") {
        if (byte !== OPEN) throw broken("a JSON array of samples", found());
        state = "first";
      } else if (state === "end") throw broken("nothing after the array", found());
      else if (byte === CLOSE && (state === "first" || state === "between")) state = "end";
      else if (state === "between") {
        if (byte !== COMMA) throw broken("a comma or ] after a sample", found());
        state = "element";
      } else if (byte === COMMA || byte === CLOSE || byte === CLOSE_OBJECT) {
        throw broken("a sample", found());
      } else {
        state = "inside";
        from = i;
        [elementLine, elementColumn] = [line, column];
        scalar = byte !== OPEN && byte !== OPEN_OBJECT;
        depth = scalar ? 0 : 1;
        inString = byte === QUOTE;
        escaped = false;
      }
    }
    if (state === "inside") held.push(chunk.slice(from, count));
  }
  if (state === "inside") {
    parse(new Uint8Array()); // the parser finds the place better than "the file ends"
    throw broken("] after the last sample", "the end of the file");
  }
  if (state !== "end") {
    throw broken(state === "start" ? "a JSON array of samples" : "]", "the end of the file");
  }
}

/**
 * Reads a small JSON file.
 *
 * @param path The file.
 * @returns What it holds.
 * @throws {InputError} If the file is missing or not JSON; the message names line and column.
 */
export async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new InputError(`${path}: expected a JSON file, found none`);
    }
    throw error;
  }
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    throw jsonError(path, text, error as Error, 1, 1);
  }
}

/** The parser's complaint with the place in the file; the text begins at `line` and `column`. */
function jsonError(path: string, text: string, error: Error, line: number, column: number): InputError {
  // V8 names a position in most messages, none when the text ends too early.
  const position = Number(/position (\d+)/.exec(error.message)?.[1] ?? text.length);
  const before = text.slice(0, position).split("\n");
  const at = before.length === 1
    ? `line ${line}, column ${column + position}`
    : `line ${line + before.length - 1}, column ${before.at(-1)!.length + 1}`;
  const what = error.message.replace(/ in JSON at position.*| \(line \d+ column \d+\)/s, "");
  return new InputError(`${path}, ${at}: expected JSON, found an error: ${what}; mend the JSON`);
}
