/** Checkpoints as Hugging Face folders: a configuration and files of weights. @module */
import { parseConfig } from "./families/parse_config.ts";
import { Lmm, type LmmOptions } from "./lmm.ts";
import { loadWeights, matchTensors } from "./load_weights.ts";
import { parseAdapterConfig } from "./lora/adapter_config.ts";
import { matchAdapter } from "./lora/adapter_tensors.ts";
import { openWeights, type WeightFile } from "./weights.ts";
import type { LmmConfig } from "./config/lmm_config.ts";
import type { LoraOptions } from "./lora/lora_options.ts";
import { InputError } from "../errors.ts";
import type { Gpu } from "../gpu/gpu.ts";

export { saveCheckpoint, type SaveOptions, type SaveType } from "./save_checkpoint.ts";

/** A LoRA adapter in PEFT's form. */
export interface AdapterFiles {
  /** The text of adapter_config.json. */
  config: string;
  /** adapter_model.safetensors. */
  weights: WeightFile;
}

/** How a checkpoint is loaded. */
export interface CheckpointOptions extends LmmOptions {
  /**
   * A LoRA adapter of it. Layers, ranks and factors are the adapter's; of `lora` only dropout and seed are heeded then.
   */
  adapter?: AdapterFiles | undefined;
}

/**
 * Loads a model from the files of a Hugging Face folder.
 *
 * Parameter names may be in any layout that `transformers` has used for the family. Headers, names and shapes are
 * checked before anything is read; then tensor after tensor goes to the device, a few megabytes at a time.
 *
 * @param gpu The device.
 * @param config What config.json holds, or its text, which is kept and written back when the model is saved:
 * `transformers` refuses 1 where it wrote 1.0.
 * @param weights Its safetensors files.
 * @param options What can be trained, and how the rest is held: there is no second copy.
 * @returns The model.
 * @throws {InputError} If a file is broken; if parameters are missing, unknown, of the wrong shape, not finite, or too
 * large for the 16 bits in which they shall be held: names them. So for the adapter's.
 */
export async function loadCheckpoint(
  gpu: Gpu,
  config: unknown,
  weights: readonly WeightFile[],
  { adapter, ...options }: CheckpointOptions = {},
): Promise<Lmm> {
  const parsed = parseConfig(typeof config === "string" ? parseText(config) : config);
  const stored = await openWeights(weights);
  const added = adapter && await openAdapter(adapter, parsed);
  const lora = added && { ...added.lora, ...options.lora && pickNoise(options.lora) };
  const model = new Lmm(gpu, parsed, { ...options, ...lora && { lora } });
  try {
    model.source = {
      ...matchTensors(model, stored),
      config: typeof config === "string" ? config : undefined,
      adapter: added?.tensors,
    };
    await loadWeights(model, model.source);
    if (!added) model.lora?.start();
    return model;
  } catch (error) {
    model.destroy();
    throw error;
  }
}

async function openAdapter({ config, weights }: AdapterFiles, model: LmmConfig) {
  const adapter = parseAdapterConfig(config);
  const { ranks, tensors } = matchAdapter(await openWeights([weights]), adapter, model);
  const { dropout, scaling } = adapter;
  const lora: LoraOptions = { choose: (matrix) => ranks.get(matrix), dropout, seed: 0, scaling };
  return { lora, tensors };
}

function pickNoise({ dropout, seed }: LoraOptions): Pick<LoraOptions, "dropout" | "seed"> {
  return { dropout, seed };
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`config.json: expected JSON (${(error as Error).message.slice(0, 200)})`);
  }
}
