/**
 * A checkpoint as a Hugging Face folder: configuration, weights, and the files that travel with them.
 *
 * @module
 */

import { join } from "@std/path";
import { InputError } from "../errors.ts";
import { fileKind } from "../data/images/file_kind.ts";
import type { ProcessorOptions } from "../data/images/processor.ts";
import { PROCESSOR_FILES } from "../data/images/processor_files.ts";
import { type CheckpointFiles, checkpointOf, within } from "./checkpoint.ts";
import { COMPANIONS } from "./companions.ts";
import type { Engine, EngineCheckpoint, EngineModel } from "./engine.ts";
import { openWeightFiles } from "./weight_files.ts";
import type { LmmOptions } from "../lmm/lmm.ts";
import { told } from "../lmm/told.ts";
import { adaptersIn, readAdapter } from "./adapter_files.ts";
import { readIfThere } from "../run/files.ts";

export type { CheckpointFiles } from "./checkpoint.ts";

const NEEDED = ["config.json", "tokenizer.json"];

/**
 * Opens a checkpoint folder.
 *
 * @param folder A Hugging Face folder: config.json, weights, tokenizer.json, preprocessor_config.json or
 * processor_config.json; or a LoRA adapter's, in PEFT's form.
 * @param options Whether pictures are cut into tiles, where the model can; what is said here is saved with a tuned one. The
 * folder of an adapter's base, where it is not the one that its adapter_config.json names.
 * @returns Its small files, its tokenizer, how images are made ready for it, and where its weights are.
 * @throws {InputError} If a file is missing or cannot be used.
 */
export async function readCheckpoint(
  folder: string,
  { base, ...options }: ProcessorOptions & { base?: string | undefined } = {},
): Promise<CheckpointFiles> {
  const adapter = await readAdapter(folder, base);
  if (adapter !== undefined) return { ...await readCheckpoint(adapter.base, options), folder, adapter };
  const files = new Map<string, Uint8Array>();
  for (const name of ["config.json", ...COMPANIONS]) {
    const bytes = await readIfThere(join(folder, name));
    if (bytes === undefined) continue;
    checkText(join(folder, name), bytes);
    files.set(name, bytes);
  }
  const absent = NEEDED.find((name) => !files.has(name)) ??
    (PROCESSOR_FILES.some((name) => files.has(name)) ? undefined : PROCESSOR_FILES.join(" or "));
  if (absent !== undefined) {
    const adapters = absent === "config.json" ? await adaptersIn(folder) : [];
    if (adapters.length > 0) {
      throw new InputError(
        `checkpoint ${folder}: expected one LoRA adapter or a whole checkpoint, found a folder of adapters; ` +
          `give one of ${told(adapters)}`,
      );
    }
    throw new InputError(
      `checkpoint ${folder}: expected a Hugging Face folder with ${NEEDED.join(", ")}, ` +
        `${PROCESSOR_FILES.join(" or ")} and model.safetensors, found no ${absent}. ` +
        "Give another folder, or make one with: deno task pretrain",
    );
  }
  const weights = await within(folder, () => openWeightFiles(folder));
  return await checkpointOf({ folder, files, weights }, options);
}

/**
 * Opens a checkpoint that was tuned from another: whole, or a LoRA adapter of it.
 *
 * @param folder What was tuned.
 * @param base What it was tuned from.
 * @throws {InputError} As {@linkcode readCheckpoint}.
 */
export async function readTuned(folder: string, base: CheckpointFiles): Promise<CheckpointFiles> {
  const adapter = await readAdapter(folder, base.folder, true);
  return adapter === undefined ? await readCheckpoint(folder) : { ...base, folder, adapter };
}

/**
 * Loads the model of a checkpoint.
 *
 * @param engine Where it is to run.
 * @param checkpoint The checkpoint.
 * @param options What can be trained, and how the rest is held; by default all, in 32 bits.
 * @returns The model.
 * @throws {InputError} If its configuration or weights cannot be used; the message names the folder.
 */
export async function loadModel(
  engine: Engine,
  checkpoint: EngineCheckpoint & { folder: string },
  options: LmmOptions = {},
): Promise<EngineModel> {
  return await within(checkpoint.folder, () => engine.load(checkpoint, options));
}

/** A failed download, or a pointer in the place of a file, is named as what it is. */
function checkText(path: string, bytes: Uint8Array): void {
  const kind = /\.(json|jinja)$/.test(path) ? fileKind(bytes) : undefined;
  if (kind === undefined || kind.extension === "json") return;
  throw new InputError(
    `${path}: expected text, found ${kind.name}; ${kind.todo ?? "put the right file there"}`,
  );
}
