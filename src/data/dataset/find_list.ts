/**
 * The list of samples in a JSON file that is an object.
 *
 * @module
 */

import type { ArrayStart } from "./read_json.ts";

const NEWLINE = 10,
  QUOTE = 34,
  COLON = 58,
  OPEN = 91,
  BACKSLASH = 92,
  CLOSE = 93,
  OPEN_OBJECT = 123,
  CLOSE_OBJECT = 125;
const CHUNK = 1 << 20; // bytes
/** The longest name of a field that is looked at, in bytes. */
const LONGEST = 256;

/** A list of objects in a field of the file's object. */
export interface FoundList extends ArrayStart {
  /** The field's name. */
  name: string;
}

/**
 * Finds the fields of an object that hold a list of objects, without keeping the file in memory.
 *
 * @param path A file that begins with `{`.
 * @returns The lists, in order.
 */
export function findLists(path: string): FoundList[] {
  using file = Deno.openSync(path);
  const chunk = new Uint8Array(CHUNK);
  const lists: FoundList[] = [];
  let name: number[] = [], offset = 0, line = 1, column = 0, depth = 0;
  let inString = false, escaped = false, afterColon = false;
  let open: FoundList | undefined;
  for (let count = file.readSync(chunk); count !== null; count = file.readSync(chunk)) {
    for (let i = 0; i < count; i++, offset++) {
      const byte = chunk[i]!;
      column++;
      if (byte === NEWLINE) [line, column] = [line + 1, 0];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
        if (inString && depth === 1 && !afterColon && name.length < LONGEST) name.push(byte);
        continue;
      }
      if (byte <= 32) continue;
      if (open !== undefined) {
        if (byte === OPEN_OBJECT) lists.push(open);
        open = undefined;
      }
      switch (byte) {
        case QUOTE:
          inString = true;
          if (depth === 1 && !afterColon) name = [];
          break;
        case COLON:
          if (depth === 1) afterColon = true;
          break;
        case OPEN:
          if (depth === 1 && afterColon) {
            open = { name: new TextDecoder().decode(Uint8Array.from(name)), offset, line, column };
          }
          depth++;
          break;
        case OPEN_OBJECT:
          depth++;
          break;
        case CLOSE:
        case CLOSE_OBJECT:
          depth--;
          if (depth === 0) return lists;
          break;
        default:
          if (depth === 1 && byte === 44) afterColon = false;
      }
    }
  }
  return lists;
}
