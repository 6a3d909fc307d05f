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
 * @param maxPixels The most pixels that it may have.
 * @throws {InputError} If it is of another kind or too large; the message does not name the path.
 */
export function checkImageFile(path: string, maxPixels?: number): void {
  const { head, size } = readFileHead(path, SHORT_HEAD);
  checkImageHead(head, size, maxPixels);
}

/** What a whole PNG file ends with: its last chunk, which is always the same. */
const PNG_END = Uint8Array.of(0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82);
/** What a whole JPEG file ends with, unless something was put behind it. */
const JPEG_END = Uint8Array.of(0xff, 0xd9);

/**
 * Whether an image file may be cut off, by its first and last bytes: it does not end as files of its kind do. Some that are
 * whole do not either; kinds without an end are never doubted.
 *
 * @param path The file.
 * @returns True if it is to be decoded to know.
 * @throws {InputError} If there is none; the message does not name the path.
 */
export function mayBeCutOff(path: string): boolean {
  try {
    using file = Deno.openSync(path);
    const first = new Uint8Array(2);
    file.readSync(first);
    const end = first[0] === 0xff && first[1] === 0xd8
      ? JPEG_END
      : first[0] === 0x89 && first[1] === 0x50
      ? PNG_END
      : undefined;
    if (end === undefined) return false;
    file.seekSync(-end.length, Deno.SeekMode.End);
    const last = new Uint8Array(end.length);
    file.readSync(last);
    return last.some((byte, i) => byte !== end[i]);
  } catch (error) {
    throw unreadable(error);
  }
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
