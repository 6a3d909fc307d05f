/**
 * Models from what a page carries, or from files that its reader opens.
 *
 * @module
 */

import { InputError } from "../errors.ts";
import { INDEX, weightNames } from "../lmm/weight_names.ts";
import { memoryFile, type WeightFile } from "../lmm/weights.ts";
import { type CheckpointFiles, checkpointOf } from "../train/checkpoint.ts";
import { COMPANIONS } from "../train/companions.ts";
import type { NamedCheckpoint } from "./pack_models.ts";
import type { OpenedFile } from "./opened_file.ts";
import type { PackedModels } from "./packed.ts";
import { servedFiles } from "./served_files.ts";

/**
 * Takes models out of a page, and opens the one that its server gives out.
 *
 * @param packed What the page carries.
 * @returns The models, the served one last; its weights are asked for where they are needed.
 * @throws {InputError} If they are damaged.
 */
export async function unpackModels(
  { texts, weights, models, served }: PackedModels,
): Promise<NamedCheckpoint[]> {
  const encoder = new TextEncoder();
  const files = weights.map((text, i) => memoryFile(`weights ${i + 1}`, Uint8Array.fromBase64(text)));
  const inside = await Promise.all(models.map(async ({ name, files: small, weights: own, adapter }) => {
    const checkpoint = await checkpointOf({
      folder: name,
      files: new Map(Object.entries(small).map(([name, at]) => [name, encoder.encode(texts[at])])),
      weights: own.map((at) => files[at]!),
    });
    return {
      name,
      checkpoint: adapter === undefined
        ? checkpoint
        : { ...checkpoint, adapter: { config: texts[adapter.config]!, weights: files[adapter.weights]! } },
    };
  }));
  if (served === undefined) return inside;
  return [...inside, { name: served.name, checkpoint: await openedCheckpoint(servedFiles(served.files)) }];
}

/** The two files of a LoRA adapter. */
const ADAPTER_CONFIG = "adapter_config.json", ADAPTER_WEIGHTS = "adapter_model.safetensors";

/**
 * A checkpoint from the files of its folder, with a LoRA adapter where its two files are among them.
 *
 * @param opened The files, in any order; others among them are not looked at.
 * @returns The checkpoint; its weights are read where they are asked for.
 * @throws {InputError} If files are missing or cannot be used.
 */
export async function openedCheckpoint(opened: readonly OpenedFile[]): Promise<CheckpointFiles> {
  const present = new Map(opened.map((file) => [file.name, file]));
  const files = new Map<string, Uint8Array>();
  for (const name of ["config.json", ...COMPANIONS]) {
    const file = present.get(name);
    if (file !== undefined) files.set(name, await read(file, 0, file.size));
  }
  const adapted = present.has(ADAPTER_CONFIG) || present.has(ADAPTER_WEIGHTS);
  if (adapted && !files.has("config.json")) {
    throw new InputError(
      "expected a model, found a LoRA adapter alone: choose the files of the model that it adapts (config.json, " +
        `tokenizer.json, model.safetensors and so on) together with ${ADAPTER_CONFIG} and ${ADAPTER_WEIGHTS}`,
    );
  }
  const absent = ["config.json", "tokenizer.json"].find((name) => !files.has(name));
  if (absent !== undefined) {
    throw new InputError(
      `expected the files of a checkpoint's folder, found no ${absent} among ${opened.length}; choose all of them together`,
    );
  }
  const names = await weightNames(new Set(present.keys()), async () => {
    const index = present.get(INDEX)!;
    return new TextDecoder().decode(await read(index, 0, index.size));
  });
  const weightFile = (file: OpenedFile): WeightFile => ({
    name: file.name,
    size: file.size,
    read: (offset, length) => read(file, offset, length),
  });
  const weights = names.map((name) => weightFile(present.get(name)!));
  const checkpoint = await checkpointOf({ folder: "opened files", files, weights });
  if (!adapted) return checkpoint;
  const [config, added] = [present.get(ADAPTER_CONFIG), present.get(ADAPTER_WEIGHTS)];
  if (config === undefined || added === undefined) {
    throw new InputError(
      `expected both ${ADAPTER_CONFIG} and ${ADAPTER_WEIGHTS} of a LoRA adapter, found one of them; choose both`,
    );
  }
  const text = new TextDecoder().decode(await read(config, 0, config.size));
  return { ...checkpoint, adapter: { config: text, weights: weightFile(added) } };
}

async function read(file: OpenedFile, from: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.slice(from, from + length).arrayBuffer());
}
