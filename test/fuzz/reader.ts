/**
 * What is fuzzed: a reader of files, and whole files to begin with.
 *
 * @module
 */

import type { Files } from "./mutate.ts";

/** A reader of files. */
export interface FuzzedReader {
  /** Its name on the command line. */
  name: string;
  /** Whole files, damaged before they are read: a few, small and different. */
  seeds(): Promise<readonly Files[]> | readonly Files[];
  /**
   * Reads them as the project does.
   *
   * @param folder Where they lie; nothing outside of it may be read.
   * @throws {InputError | RunError} If they are broken: names the file.
   */
  read(folder: string): Promise<unknown>;
}

/** Most that reading small files may take, in bytes beyond what was taken before. */
export const MOST_BYTES = 300 << 20;

/** Most that reading small files may take, in milliseconds. */
export const MOST_MS = 5000;

/** What became of an input. */
export type Verdict =
  | { kind: "read" }
  | { kind: "refused"; message: string }
  | { kind: "crash"; message: string };
