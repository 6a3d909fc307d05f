/**
 * Reads the result of a part of a run.
 *
 * @module
 */

import { join } from "@std/path";
import { readJson } from "./files.ts";
import type { PartResult } from "./records/part_result.ts";

/**
 * Reads a part's result.
 *
 * @param folder The run's folder.
 * @param file The part's file, relative to it.
 * @returns What it holds.
 */
export async function readResult(folder: string, file: string): Promise<PartResult> {
  const result = await readJson<PartResult>(join(folder, file));
  if (result === undefined) throw new Error(`${join(folder, file)} is not there yet`);
  return result;
}
