/**
 * What the disk refuses, in words that say what to do.
 *
 * @module
 */

import { RunError } from "../errors.ts";

/** What the system calls it -> what was found, and what to do. */
const REASONS: Readonly<Record<string, readonly [found: string, todo: string]>> = {
  ENOSPC: ["a disk with no space left", "Free some"],
  EDQUOT: ["that the quota of this disk is used up", "Free some space"],
  EFBIG: ["that the file is too large for this disk", "Choose a folder on another disk"],
  EROFS: ["a disk that may only be read", "Make it writable"],
  EACCES: ["that this is not allowed", "Give the right to write there"],
  EPERM: ["that this is not allowed", "Give the right to write there"],
  EIO: ["a disk that fails", "Look after the disk"],
  ENOENT: ["that the folder has vanished", "Bring it back"],
  ENOTDIR: ["that the folder has vanished", "Bring it back"],
  ESTALE: ["that the folder has vanished", "Bring it back"],
  EMFILE: ["too many open files", "Raise the limit (ulimit -n)"],
};

/**
 * Turns what the system says against writing a file into an error that names it.
 *
 * @param path What was to be written.
 * @param error What was thrown.
 * @returns A {@linkcode RunError} where the system refused; else what was thrown.
 *
 * @example A full disk
 * ```ts
 * import { diskError } from "./disk_error.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const full = Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
 * assertEquals(
 *   (diskError("run/results.json", full) as Error).message,
 *   "run/results.json: expected to write this file, found a disk with no space left. Free some, and go on with --resume",
 * );
 * ```
 */
export function diskError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return error;
  const [found, todo] = REASONS[error.code] ?? [error.message, "Mend that"];
  return new RunError(
    `${path}: expected to write this file, found ${found}. ${todo}, and go on with --resume`,
    {
      cause: error,
    },
  );
}

/**
 * The error of a run whose folder was taken away while the run went on.
 *
 * @param path The folder, or what was to be written in it.
 * @returns The error.
 */
export function folderVanished(path: string): RunError {
  return new RunError(
    `${path}: expected to write this file, found that the run's folder has vanished. Bring it back, and go on with --resume`,
  );
}

/**
 * Does what writes a file, and names the file where the system refuses.
 *
 * @typeParam T What the work gives.
 * @param path What is written.
 * @param write The work.
 * @returns What it gives.
 * @throws {RunError} If the disk is full, the folder vanished, and the like.
 */
export async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw diskError(path, error);
  }
}
