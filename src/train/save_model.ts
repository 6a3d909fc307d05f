/**
 * Saving a model as a folder that `transformers` opens.
 *
 * @module
 */

import type { SaveOptions } from "../lmm/save_checkpoint.ts";
import { writeFolder } from "../run/files.ts";
import type { EngineModel } from "./engine.ts";

/**
 * Writes a model and the files that travel with it, whole or not at all.
 *
 * @param path The folder; one already there is replaced.
 * @param model The model.
 * @param companions The files beside its weights.
 * @param options In which types; how a LoRA adapter calls its base.
 */
export async function saveModel(
  path: string,
  model: EngineModel,
  companions: ReadonlyMap<string, Uint8Array>,
  options: SaveOptions = {},
): Promise<void> {
  await writeFolder(path, async (write) => {
    await model.save({ write }, options);
    for (const [name, bytes] of companions) await write(name, bytes);
  });
}
