/**
 * Reads a large JSON array piece by piece.
 *
 * @module
 */

import { InputError } from "../../errors.ts";

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

/** Where an array begins that stands inside a file. */
export interface ArrayStart {
  /** Bytes before its bracket. */
  offset: number;
  /** The bracket's line, from 1. */
  line: number;
  /** The bracket's column, in bytes from 1. */
  column: number;
}

/**
 * Reads a file that holds one JSON array, element by element. LLaVA's own mixture is a single array of a gigabyte,
 * more than a string can hold, so the file is cut at the commas between its elements and each is parsed alone.
 *
 * @param path The file.
 * @param start Where the array begins, if it is a part of the file; what follows it is not looked at then.
 * @returns The elements, in order.
 * @throws {InputError} If the file is missing, is not an array or not JSON; the message names line and column.
 */
export function* readJsonArray(path: string, start?: ArrayStart): Generator<JsonElement> {
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
  const strict = new TextDecoder("utf-8", { fatal: true });
  const chunk = new Uint8Array(CHUNK);
  let state = "start" as "start" | "first" | "element" | "inside" | "between" | "end";
  let line = 1, column = 0; // of the byte being looked at; columns count bytes here, exact enough to find the place
  if (start !== undefined) {
    file.seekSync(start.offset, Deno.SeekMode.Start);
    [line, column] = [start.line, start.column - 1];
  }
  let depth = 0, inString = false, escaped = false, scalar = false;
  let held: Uint8Array[] = []; // the element's bytes from earlier chunks
  let elementLine = 1, elementColumn = 1;
  let size = 0;

  const broken = (expected: string, found: string) =>
    new InputError(
      `${path}, line ${line}, column ${column}: expected ${expected}, found ${found}; mend the JSON`,
    );
  const parse = (last: Uint8Array): JsonElement => {
    let text: string;
    try {
      text = held.map((part) => strict.decode(part, { stream: true })).join("") + strict.decode(last);
    } catch {
      throw new InputError(
        `${path}, line ${elementLine}: expected text in UTF-8, found bytes of another encoding; save the file as UTF-8`,
      );
    }
    held = [];
    try {
      return { value: JSON.parse(text), line: elementLine };
    } catch {
      throw jsonError(path, text, elementLine, elementColumn);
    }
  };

  for (let count = file.readSync(chunk); count !== null; count = file.readSync(chunk)) {
    let from = 0; // where the element begins in this chunk
    for (let i = 0; i < count; i++) {
      const byte = chunk[i]!;
      if (state === "end" && start !== undefined) return;
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
  } catch {
    throw jsonError(path, text, 1, 1);
  }
}

/** What is wrong with the text and where in the file; the text begins at `line` and `column`. */
export function jsonError(path: string, text: string, line: number, column: number): InputError {
  const { position, expected } = firstError(text);
  const before = text.slice(0, position).split("\n");
  const at = before.length === 1
    ? `line ${line}, column ${column + position}`
    : `line ${line + before.length - 1}, column ${before.at(-1)!.length + 1}`;
  const rest = text.slice(position, position + 12);
  const found = rest === "" ? "the end" : JSON.stringify(rest);
  return new InputError(`${path}, ${at}: expected ${expected}, found ${found}; mend the JSON`);
}

/** A sign, a text, or another value. */
const TOKEN = new RegExp(
  String.raw`([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")` +
    String.raw`|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])`,
  "y",
);

/** The first place where a text stops being JSON. V8's messages name it only sometimes. */
function firstError(text: string): { position: number; expected: string } {
  const open: ("{" | "[")[] = [];
  let expected = "a value";
  for (let position = 0;;) {
    while (position < text.length && isSpace(text.charCodeAt(position))) position++;
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (match === null) return { position, expected };
    const sign = match[1];
    const kind = sign ?? (match[2] === undefined ? "value" : "text");
    const top = open.at(-1);
    const after = () =>
      open.length === 0 ? "nothing more" : open.at(-1) === "{" ? "a comma or }" : "a comma or ]";
    const closes = (kind === "]" && top === "[") || (kind === "}" && top === "{");
    if (closes && (expected.endsWith(`or ${kind}`))) {
      open.pop();
      expected = after();
    } else if (expected.startsWith("a value") && (kind === "{" || kind === "[")) {
      open.push(kind);
      expected = kind === "{" ? "a key or }" : "a value or ]";
    } else if (expected.startsWith("a value") && (kind === "value" || kind === "text")) expected = after();
    else if (expected.startsWith("a key") && kind === "text") expected = "a colon";
    else if (expected === "a colon" && kind === ":") expected = "a value";
    else if (expected.startsWith("a comma") && kind === ",") expected = top === "{" ? "a key" : "a value";
    else return { position, expected };
    position = TOKEN.lastIndex;
  }
}
