/** Checkpoints as Hugging Face folders: bytes in, bytes out. @module */
import { familyOf, parseConfig } from "./families/parse_config.ts";
import { Lmm } from "./lmm.ts";
import { type NamedTensor, readSafetensors, writeSafetensors } from "./safetensors.ts";
import { InputError } from "../errors.ts";
import type { Gpu } from "../gpu/gpu.ts";

/**
 * Loads a model from the files of a Hugging Face folder.
 *
 * Parameter names may be in any layout that `transformers` has used for the family. Sharded weights are taken when
 * model.safetensors.index.json and its shards are among the files.
 *
 * @param gpu The device.
 * @param files File names and contents: config.json and model.safetensors at least.
 * @returns The model.
 * @throws {InputError} If a file is missing or broken, or a parameter is missing or of the wrong shape.
 */
// deno-lint-ignore require-await -- weights will be read piece by piece
export async function loadCheckpoint(gpu: Gpu, files: ReadonlyMap<string, Uint8Array>): Promise<Lmm> {
  const config = parseConfig(json(files, "config.json"));
  const { plainName } = familyOf(config);
  const tensors = new Map<string, NamedTensor>();
  for (const file of weightFiles(files)) {
    for (const [name, tensor] of readSafetensors(bytes(files, file), file)) {
      tensors.set(plainName(name), tensor);
    }
  }
  const model = new Lmm(gpu, config);
  try {
    const values = new Float32Array(model.parameters.size);
    for (const { name, shape, offset } of model.parameters.places.values()) {
      const tensor = tensors.get(plainName(name));
      if (!tensor) throw new InputError(`checkpoint: parameter ${name} is missing`);
      if (tensor.shape.join() !== shape.join()) {
        throw new InputError(
          `checkpoint: ${name}: expected shape [${shape}] by config.json, found [${tensor.shape}]`,
        );
      }
      values.set(tensor.values, offset);
    }
    model.parameters.values.write(gpu, values);
    return model;
  } catch (error) {
    model.destroy();
    throw error;
  }
}

/**
 * The files of a model: config.json and model.safetensors (float32).
 *
 * @param model The model; all queued work is waited for.
 */
export async function saveCheckpoint(model: Lmm): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const all = await model.parameters.values.read(model.gpu);
  const tensors = new Map<string, NamedTensor>();
  for (const { name, shape, offset, size } of model.parameters.places.values()) {
    tensors.set(name, { shape: [...shape], values: all.subarray(offset, offset + size) });
  }
  const json = { ...model.config.json };
  for (const field of ["dtype", "torch_dtype"]) if (field in json) json[field] = "float32";
  const config = new TextEncoder().encode(JSON.stringify(json, null, 2) + "\n");
  return new Map([["config.json", config], ["model.safetensors", writeSafetensors(tensors)]]);
}

function weightFiles(files: ReadonlyMap<string, Uint8Array>): string[] {
  if (!files.has("model.safetensors.index.json")) return ["model.safetensors"];
  const index = json(files, "model.safetensors.index.json");
  const map = (index as { weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== "object" || map === null) {
    throw new InputError(
      "model.safetensors.index.json: expected weight_map, a file for every parameter; found none",
    );
  }
  return [...new Set(Object.values(map).map(String))];
}

function bytes(files: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const found = files.get(name);
  if (!found) {
    throw new InputError(
      `checkpoint: ${name} is missing; found ${[...files.keys()].join(", ") || "nothing"}`,
    );
  }
  return found;
}

function json(files: ReadonlyMap<string, Uint8Array>, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes(files, name)));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${name}: expected JSON (${(error as Error).message})`);
  }
}
