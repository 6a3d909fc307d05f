/**
 * The built-in benchmark as a folder of a run.
 *
 * @module
 */

import { writeScenes } from "../scenes/mod.ts";
import { exists, removeIfThere } from "./run_folder.ts";

/** What the benchmark of a run is to be. */
export interface BuiltInOptions {
  /** Side of the images, in pixels. */
  size: number;
  /** Multiplies the number of conversations. */
  scale: number;
}

/**
 * Writes the built-in benchmark, unless it is there: into a folder beside it, then renamed.
 *
 * @param folder Where to.
 * @param options Size and amount.
 * @param progress Called now and then.
 */
export async function builtInScenes(
  folder: string,
  options: BuiltInOptions,
  progress: (done: number, total: number) => void,
): Promise<void> {
  if (await exists(folder)) return;
  const temporary = `${folder}.part`;
  await removeIfThere(temporary);
  await writeScenes(temporary, { ...options, progress });
  await Deno.rename(temporary, folder);
}
