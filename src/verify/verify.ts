/** `deno task verify`: everything that a folder of stored results says, against what is computed here. @module */
import { join } from "@std/path";
import { InputError } from "../errors.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { imageTokenCount } from "../lmm/config/lmm_config.ts";
import { exists, readIfThere } from "../run/files.ts";
import type { Quantity } from "./measure.ts";
import { readStoredCase, type StoredCase } from "./stored_case.ts";
import { readStoredPictures } from "./stored_pictures.ts";
import { parsePrompts } from "./stored_prompts.ts";
import { verifyModel } from "./verify_model.ts";

/** Options of {@linkcode verify}. */
export interface VerifyOptions {
  /** A factor on every tolerance; default 1. */
  factor?: number;
  /** Takes each quantity as soon as it is known. */
  report?: (found: Quantity) => void;
  /** Takes what is present and not compared, a sentence each. */
  note?: (text: string) => void;
  /** Stops it between quantities. */
  signal?: AbortSignal;
}

/**
 * Checks a stored case.
 *
 * @param gpu The device.
 * @param folder A Hugging Face folder with case.safetensors and case.json.
 * @param options How.
 * @returns What was compared, in order.
 * @throws {InputError} If a file is missing or broken, or needs what cannot be checked.
 */
export async function verify(gpu: Gpu, folder: string, options: VerifyOptions = {}): Promise<Quantity[]> {
  const { factor = 1, report, note, signal } = options;
  const adapter = join(folder, "adapter");
  if (await exists(adapter)) {
    throw new InputError(
      `${adapter}: expected a case of the checkpoint itself, found an adapter; adapters cannot be checked yet. ` +
        "Merge it into the weights, store the case anew and leave the folder out",
    );
  }
  const found: Quantity[] = [];
  const take = (quantity: Quantity) => {
    const tolerance = quantity.tolerance * factor;
    const scaled = { ...quantity, tolerance, ok: quantity.error <= tolerance };
    found.push(scaled);
    report?.(scaled);
  };
  const of = await readStoredCase(folder);
  const inputs = await readInputs(of);
  await verifyModel(gpu, of, take, signal);
  for (const name of inputs) {
    note?.(`${join(folder, name)}: read, not compared: the model's own inputs are not made yet`);
  }
  return found;
}

/**
 * Reads the inputs that a case may hold, so that a broken file is told before anything is computed.
 *
 * @param of The case.
 * @returns The names of those that are there.
 * @throws {InputError} If one is broken.
 */
export async function readInputs({ folder, config }: StoredCase): Promise<string[]> {
  const names: string[] = [];
  const path = join(folder, "prompts.json");
  const prompts = await readIfThere(path);
  if (prompts) {
    parsePrompts(new TextDecoder().decode(prompts), path, imageTokenCount(config));
    names.push("prompts.json");
  }
  if (await readStoredPictures(folder, config.vision_config.image_size)) names.push("pictures");
  return names;
}
