/** `deno task verify`: everything that a folder of stored results says, against what is computed here. @module */
import { join } from "@std/path";
import { InputError } from "../errors.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { imageTokenCount } from "../lmm/config/lmm_config.ts";
import { exists, readIfThere } from "../run/files.ts";
import type { Quantity } from "./measure.ts";
import { readStoredCase, type StoredCase } from "./stored_case.ts";
import { readStoredPictures, type StoredPicture } from "./stored_pictures.ts";
import { parsePrompts, type StoredPrompt } from "./stored_prompts.ts";
import { verifyModel } from "./verify_model.ts";
import { verifyPictures } from "./verify_pictures.ts";
import { verifyPrompts } from "./verify_prompts.ts";

/** Options of {@linkcode verify}. */
export interface VerifyOptions {
  /** A factor on every tolerance; default 1. */
  factor?: number;
  /** Takes each quantity as soon as it is known. */
  report?: (found: Quantity) => void;
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
  const { factor = 1, report, signal } = options;
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
  const { prompts, pictures } = await readInputs(of);
  if (pictures !== undefined) take(await verifyPictures(of, pictures));
  if (prompts !== undefined) take(verifyPrompts(of, prompts));
  await verifyModel(gpu, of, take, signal);
  return found;
}

/**
 * Reads the inputs that a case may hold, so that a broken file is told before anything is computed.
 *
 * @param of The case.
 * @returns Its conversations and its pictures, those that are there.
 * @throws {InputError} If one is broken.
 */
export async function readInputs(
  { folder, config }: StoredCase,
): Promise<{ prompts: StoredPrompt[] | undefined; pictures: StoredPicture[] | undefined }> {
  const path = join(folder, "prompts.json");
  const stored = await readIfThere(path);
  return {
    prompts: stored && parsePrompts(new TextDecoder().decode(stored), path, imageTokenCount(config)),
    pictures: await readStoredPictures(folder, config.vision_config.image_size),
  };
}
