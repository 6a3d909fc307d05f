/**
 * Files of images on the disk.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { checkImageHead } from "./image.ts";
import { pathKind } from "./path_kind.ts";

/** What is read of a file to learn its size, in bytes: most cameras' previews fit in. */
const HEAD = 2 ** 16;
/** What is read of it to learn its kind, and mostly its size. */
const SHORT_HEAD = 2 ** 12;

/**
 * Reads a file.
 *
 * @param path The file.
 * @returns Its bytes.
 * @throws {InputError} If there is none, or something else than a file; the message does not name the path.
 */
export async function readImageFile(path: string): Promise<Uint8Array> {
  try {
    // A pipe would be waited for: what it is, is looked at before it is opened.
    checkIsFile(await Deno.stat(path));
    return await Deno.readFile(path);
  } catch (error) {
    throw unreadable(error);
  }
}

/**
 * Reads the first bytes of a file.
 *
 * @param path The file.
 * @param most Bytes to read at most.
 * @returns The bytes, and how many the whole file has.
 * @throws {InputError} If there is none, or something else than a file; the message does not name the path.
 */
export function readFileHead(path: string, most: number = HEAD): { head: Uint8Array; size: number } {
  try {
    const info = Deno.statSync(path);
    checkIsFile(info);
    using file = Deno.openSync(path);
    const head = new Uint8Array(Math.min(most, info.size));
    let done = 0;
    for (let n: number | null = 0; n !== null && done < head.length; n = file.readSync(head.subarray(done))) {
      done += n;
    }
    return { head: head.subarray(0, done), size: info.size };
  } catch (error) {
    throw unreadable(error);
  }
}

/**
 * Looks at a file's first bytes, whether it is an image that is read here, without decoding it.
 *
 * @param path The file.
 * @throws {InputError} If it is of another kind or too large; the message does not name the path.
 */
export function checkImageFile(path: string): void {
  const { head, size } = readFileHead(path, SHORT_HEAD);
  checkImageHead(head, size);
}

function checkIsFile(info: Deno.FileInfo): void {
  const kind = pathKind(info);
  if (kind === "a file") return;
  throw new InputError(`expected an image file, found ${kind}; put it there or mend the path`);
}

/** Whatever the system says against reading a file is the input's fault. */
function unreadable(error: unknown): unknown {
  if (error instanceof InputError) return error;
  const reason = error instanceof Deno.errors.NotFound
    ? "none"
    : `one that cannot be read (${error instanceof Error ? error.message : String(error)})`;
  return new InputError(`expected an image file, found ${reason}; put it there or mend the path`);
}
