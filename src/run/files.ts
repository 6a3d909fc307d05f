/**
 * Files of a run folder: each appears whole or not at all, so a process may be killed at any moment.
 *
 * @module
 */

import { basename, dirname, join } from "@std/path";
import { InputError } from "../errors.ts";
import { writing } from "./disk_error.ts";
import { LOCK_FILE } from "./lock.ts";
import { hashed } from "./sha256.ts";
import { readable, statFile } from "./stat_file.ts";

/**
 * Writes a file whole: into a temporary file beside it, flushed to the disk, then renamed.
 *
 * @param path Where to; missing folders are made.
 * @param content Text, bytes, or bytes piece by piece.
 * @throws {RunError} If the disk is full, the folder vanished, and the like; what was there before stays.
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  await writing(path, () => replace(path, content));
}

async function replace(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const temporary = partialName(path);
  const file = await Deno.open(temporary, { write: true, createNew: true });
  const write = async (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
  };
  try {
    try {
      if (typeof content === "string") await write(new TextEncoder().encode(content));
      else if (content instanceof Uint8Array) await write(content);
      else for await (const piece of content) await write(piece);
      // Without this, a power cut after the rename may leave an empty file under the final name.
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await removeIfThere(temporary);
    throw error;
  }
}

/**
 * Where a file or folder is until it is whole: beside its place, under a name that no other process uses.
 *
 * @param path Its place.
 * @returns Its name until then; see {@linkcode removePartial}.
 */
export function partialName(path: string): string {
  return `${path}.${crypto.randomUUID().slice(0, 8)}.part`;
}

/** The end of such a name; of older versions the second half alone. */
const PARTIAL = /(?:\.[0-9a-f]{8})?\.part$/;

/**
 * Removes what processes left that were killed while they wrote a file or folder. No other process may write it now.
 *
 * @param path The file or folder.
 */
export async function removePartial(path: string): Promise<void> {
  const name = basename(path);
  await removePartials(dirname(path), (whole) => whole === name);
}

/**
 * Removes what processes left that were killed while they wrote files or folders of a folder. No other process may write
 * these now.
 *
 * @param folder The folder; it need not be there.
 * @param chosen Whether those of a name are meant; all without it.
 */
export async function removePartials(
  folder: string,
  chosen: (name: string) => boolean = () => true,
): Promise<void> {
  if (!(await exists(folder))) return;
  const left: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (PARTIAL.test(name) && chosen(name.replace(PARTIAL, ""))) left.push(name);
  }
  for (const name of left) await removeIfThere(join(folder, name));
}

/**
 * Writes a value as JSON, whole or not at all.
 *
 * @param path Where to.
 * @param value What to write; numbers survive a round trip bit by bit.
 */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, JSON.stringify(value, null, 1) + "\n");
}

/** Writes one file of a folder. */
type WriteFile = (name: string, content: Uint8Array | AsyncIterable<Uint8Array>) => Promise<void>;

/**
 * Writes a folder of files whole: into a temporary folder beside it, then renamed in its place.
 *
 * @param path The folder; one already there is replaced.
 * @param fill Writes its files; if it fails, the folder that was there stays. It is told where they lie until then.
 * @returns SHA-256 of each file, by its name.
 * @throws {RunError} If the disk is full, the folder vanished, and the like.
 */
export async function writeFolder(
  path: string,
  fill: (write: WriteFile, partial: string) => Promise<void>,
): Promise<Map<string, string>> {
  const temporary = partialName(path);
  const hashes = new Map<string, string>();
  try {
    await fill(async (name, content) => {
      const pieces = hashed(content, (hash) => hashes.set(name, hash));
      await writeWhole(join(temporary, name), pieces);
    }, temporary);
  } catch (error) {
    await removeIfThere(temporary);
    throw error;
  }
  await removeIfThere(path);
  await writing(path, () => Deno.rename(temporary, path));
  return hashes;
}

/**
 * Reads a file, or says that there is none.
 *
 * @param path The file.
 * @returns Its bytes; undefined if it does not exist.
 * @throws {InputError} If it is no file, or may not be read.
 */
export async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    await statFile(path);
    return await readable(path, Deno.readFile(path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Reads a JSON file that a run wrote.
 *
 * @typeParam T What it holds; the caller vouches for it, since only a run writes such files.
 * @param path The file.
 * @returns The value; undefined if the file does not exist.
 * @throws {InputError} If it is not JSON.
 */
export async function readJson<T>(path: string): Promise<T | undefined> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new InputError(
      `${path}: expected JSON as a run writes it, found: ${what}. Remove the file to compute it again.`,
    );
  }
}

/**
 * Whether a file or folder exists.
 *
 * @param path The path.
 * @returns True if it does.
 */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Whether a folder is missing or holds nothing, its lock apart.
 *
 * @param path The folder.
 * @returns True if there is nothing in it.
 */
export async function isEmptyFolder(path: string): Promise<boolean> {
  try {
    for await (const { name } of Deno.readDir(path)) if (name !== LOCK_FILE) return false;
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

/**
 * Removes a file or folder with all it holds, if it is there.
 *
 * @param path The path.
 */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** A path that runs through a file is as missing as one that leads nowhere. */
function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
