/**
 * What lies in a run's folder before its run.json does.
 *
 * @module
 */

import { JOBS_FOLDER } from "./folders.ts";
import { LOCK_FILE } from "./lock.ts";

const EARLY =
  /^(?:scenes|scenes\..*\.partial|pictures(?:-zero-shot)?\.bin|(?:pictures(?:-zero-shot)?\.bin|run\.json)(?:\.[0-9a-f]{8})?\.part)$/;

/**
 * Whether a run that has written no run.json yet, or was killed before it did, may have left something of this name.
 *
 * @param name Of a file or folder in the run's.
 * @returns True if it may.
 */
export function isEarly(name: string): boolean {
  return name === LOCK_FILE || name === JOBS_FOLDER || EARLY.test(name);
}
