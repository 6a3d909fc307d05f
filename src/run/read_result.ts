/**
 * Reads the result of a part of a run.
 *
 * @module
 */

import { join } from "@std/path";
import type { PartResult } from "./records/part_result.ts";
import { readRecord, type RunFiles } from "./run_files.ts";

/**
 * Reads a part's result.
 *
 * @param run Where the run's files are.
 * @param file The part's file, relative to the run.
 * @returns What it holds.
 * @throws {InputError} If it is not to be believed.
 */
export async function readResult(run: RunFiles, file: string): Promise<PartResult> {
  const result = await readRecord<PartResult>(run, file);
  if (result === undefined) throw new Error(`${join(run.folder, file)} is not there yet`);
  return result;
}
