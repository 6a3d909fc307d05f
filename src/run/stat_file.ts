/**
 * Files, told from what must not be opened.
 *
 * @module
 */

import { pathKind } from "../data/images/path_kind.ts";
import { InputError } from "../errors.ts";

/**
 * Refuses what is no file, before it is opened: reading from a pipe or a device may never end.
 *
 * @param path What to look at.
 * @returns What the system says of the file.
 * @throws {InputError} If it is something else, or may not be read; what is missing throws as the system does.
 */
export async function statFile(path: string): Promise<Deno.FileInfo> {
  const info = await readable(path, Deno.stat(path));
  const kind = pathKind(info);
  if (kind === "a file") return info;
  throw new InputError(`${path}: expected a file, found ${kind}; put the file there, or take it away`);
}

/**
 * What the system's refusal means.
 *
 * @typeParam T What the work gives.
 * @param path What is read.
 * @param work The work.
 * @returns What it gives.
 * @throws {InputError} If the file may not be read.
 */
export async function readable<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new InputError(
      `${path}: expected a file that can be read, found one that may not be; give the right to read it`,
    );
  }
}
