/** Checkpoints as Hugging Face folders: a configuration and files of weights. @module */
import { parseConfig } from "./families/parse_config.ts";
import { Lmm, type LmmOptions } from "./lmm.ts";
import { loadWeights, matchTensors } from "./load_weights.ts";
import { openWeights, type WeightFile } from "./weights.ts";
import type { Gpu } from "../gpu/gpu.ts";

export { saveCheckpoint, type SaveOptions, type SaveType } from "./save_checkpoint.ts";

/**
 * Loads a model from the files of a Hugging Face folder.
 *
 * Parameter names may be in any layout that `transformers` has used for the family. Headers, names and shapes are
 * checked before anything is read; then tensor after tensor goes to the device, a few megabytes at a time.
 *
 * @param gpu The device.
 * @param config What config.json holds.
 * @param weights Its safetensors files.
 * @param options What can be trained, and how the rest is held: there is no second copy.
 * @returns The model.
 * @throws {InputError} If a file is broken; if parameters are missing, unknown, of the wrong shape, not finite, or too
 * large for the 16 bits in which they shall be held: names them.
 */
export async function loadCheckpoint(
  gpu: Gpu,
  config: unknown,
  weights: readonly WeightFile[],
  options: LmmOptions = {},
): Promise<Lmm> {
  const parsed = parseConfig(config);
  const stored = await openWeights(weights);
  const model = new Lmm(gpu, parsed, options);
  try {
    model.source = matchTensors(model, stored);
    await loadWeights(model, model.source);
    return model;
  } catch (error) {
    model.destroy();
    throw error;
  }
}
