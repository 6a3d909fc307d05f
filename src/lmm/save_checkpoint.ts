/** Saving a model as a Hugging Face folder, tensor after tensor. @module */
import { encode, largest, TORCH_NAMES, WIDTH } from "./dtype.ts";
import { type FolderSink, once } from "./folder_sink.ts";
import type { Lmm } from "./lmm.ts";
import { type TensorToWrite, writeHeader } from "./safetensors.ts";
import { INDEX, WEIGHTS } from "./weight_names.ts";
import { readPieces, type StoredTensor } from "./weights.ts";
import { elements } from "../autograd/tensor.ts";
import { RunError } from "../errors.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { LORA } from "../nn/lora.ts";
import type { HeldBundle, Place } from "../nn/parameters.ts";

/** In which types a model is saved: what can be trained in f32, or all in the types of its base. */
export type SaveType = "f32" | "base";

/** Options of {@linkcode saveCheckpoint}. */
export interface SaveOptions {
  /**
   * Types of the parameters that can be trained: "f32" (default), or those that the checkpoint had which the model was
   * loaded from. Other parameters are always written as they were there, to the bit.
   */
  dtype?: SaveType;
  /** Most bytes of tensors in a file; default 5,000,000,000. */
  shardBytes?: number;
  /** How the files of a LoRA adapter call the checkpoint that it adds to: a path or a name. */
  base?: string;
}

/** A tensor of the folder to be, and where its values are. */
export interface Planned extends TensorToWrite {
  bundle: HeldBundle;
  place: Place;
  /** Set where the device does not hold the value to the bit: the tensor that is copied. */
  copied: StoredTensor | undefined;
}

/** Bytes that are read from the device at a time. */
const PIECE = 16 << 20;

/**
 * Writes config.json and the weights of a model.
 *
 * Of low-rank matrices nothing is written: see `saveAdapter` and `mergeLora`.
 *
 * Parameters have the names that they had in the checkpoint which the model was loaded from, config.json is that
 * checkpoint's with `dtype` set to what is stored. No more than a few megabytes of the model are in host memory at a time.
 *
 * @param model The model; all queued work is waited for.
 * @param sink Where to.
 * @param options In which types, and how large a file may be.
 * @throws {RunError} If a value is beyond what its type holds: names the tensor.
 *
 * @example A model in memory
 * ```ts
 * import { createGpu } from "../gpu/gpu.ts";
 * import { parseConfig } from "./families/parse_config.ts";
 * import { MemoryFolder } from "./folder_sink.ts";
 * import { Lmm } from "./lmm.ts";
 * import { saveCheckpoint } from "./save_checkpoint.ts";
 *
 * const gpu = await createGpu();
 * const vision = { image_size: 4, patch_size: 2, hidden_size: 8, intermediate_size: 8, num_hidden_layers: 1,
 *   num_attention_heads: 2 };
 * const text = { vocab_size: 9, hidden_size: 8, intermediate_size: 8, num_hidden_layers: 1, num_attention_heads: 2 };
 * const json = { image_token_index: 3, vision_config: vision, text_config: { ...text, num_key_value_heads: 2 } };
 * const model = Lmm.create(gpu, parseConfig(json), 0);
 * const folder = new MemoryFolder();
 * await saveCheckpoint(model, folder);
 * if ([...folder.files.keys()].join() !== "config.json,model.safetensors") throw new Error("other files");
 * model.destroy();
 * gpu.destroy();
 * ```
 */
export async function saveCheckpoint(model: Lmm, sink: FolderSink, options: SaveOptions = {}): Promise<void> {
  const tensors = planTensors(model, options);
  await sink.write("config.json", once(new TextEncoder().encode(configOf(model, tensors))));
  const shards = split(tensors, options.shardBytes ?? 5e9);
  const names = shards.map((_, i) =>
    shards.length === 1
      ? WEIGHTS
      : `model-${`${i + 1}`.padStart(5, "0")}-of-${`${shards.length}`.padStart(5, "0")}.safetensors`
  );
  for (const [i, shard] of shards.entries()) await sink.write(names[i]!, fileOf(model.gpu, shard));
  if (shards.length === 1) return;
  const map = Object.fromEntries(shards.flatMap((shard, i) => shard.map(({ name }) => [name, names[i]!])));
  const total = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  await sink.write(INDEX, once(json({ metadata: { total_size: total }, weight_map: map })));
}

function json(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value, null, 2) + "\n");
}

/** What is written, in order: wide types first, so that every tensor begins at a multiple of its width. */
function planTensors(
  { parameters, source, names, lora }: Lmm,
  { dtype: asked = "f32" }: SaveOptions,
): Planned[] {
  const planned: Planned[] = [];
  for (const bundle of parameters.bundles) {
    if (bundle.module === LORA) continue;
    for (const place of bundle.places) {
      const stored = source?.tensors.get(place.name);
      const base = stored && stored.dtype in TORCH_NAMES ? stored.dtype : "F32";
      const merged = source?.adapter?.has(place.name) || lora?.plan.sites.has(place.name);
      const trained = parameters.trainable.has(bundle.module) || merged;
      const dtype = trained && asked === "f32" ? "F32" : base;
      const exact = base === "F64" ? false : bundle.tensor.dtype === "f32" || base === "F16";
      const copied = !trained && !exact ? stored : undefined;
      const { shape } = place;
      const bytes = elements(shape) * WIDTH.get(dtype)!;
      planned.push({ name: stored?.name ?? place.name, dtype, shape, bytes, bundle, place, copied });
    }
  }
  const table = planned.find(({ place }) => place.name === `${names.language}.embed_tokens.weight`);
  if (source?.tiedHead && table) planned.push({ ...table, name: source.tiedHead.name });
  return planned.sort((a, b) => WIDTH.get(b.dtype)! - WIDTH.get(a.dtype)!);
}

/** Config.json: as it was read, but for the type of the weights. */
function configOf({ config, source }: Lmm, tensors: readonly Planned[]): string {
  const types = new Set(tensors.map(({ dtype }) => dtype));
  const [only] = types;
  // Where there are several, a reader that wants one must take one that holds them all.
  const name = TORCH_NAMES[types.size === 1 ? only! : types.has("F64") ? "F64" : "F32"]!;
  const text = source?.config ?? JSON.stringify(config.json, null, 2) + "\n";
  const said = text.replace(/("(?:torch_)?dtype"\s*:\s*)"\w*"/g, `$1"${name}"`);
  if (types.size === 1 || "dtype" in config.json || "torch_dtype" in config.json) return said;
  return said.replace("{", `{\n  "dtype": "${name}",`);
}

function split(tensors: readonly Planned[], most: number): Planned[][] {
  const shards: Planned[][] = [[]];
  let bytes = 0;
  for (const tensor of tensors) {
    if (bytes > 0 && bytes + tensor.bytes > most) {
      shards.push([]);
      bytes = 0;
    }
    shards.at(-1)!.push(tensor);
    bytes += tensor.bytes;
  }
  return shards;
}

/** The bytes of a file of tensors. */
export async function* fileOf(
  gpu: Gpu,
  tensors: readonly Planned[],
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  yield writeHeader(tensors);
  for (const tensor of tensors) {
    if (tensor.copied) {
      yield* readPieces(tensor.copied);
      continue;
    }
    for await (const values of readPlace(gpu, tensor)) {
      if (tensor.dtype === "F16" && largest(values) >= 65_520) {
        throw new RunError(
          `${tensor.name}: its largest value, ${
            largest(values)
          }, is beyond the base's f16; save it with --save-dtype f32`,
        );
      }
      yield encode(values, tensor.dtype);
    }
  }
}

/** Reads a parameter from the device, piece by piece. */
async function* readPlace(
  gpu: Gpu,
  { bundle: { tensor, places }, place }: Planned,
): AsyncGenerator<Float32Array<ArrayBuffer>, void> {
  const half = tensor.dtype === "f16", width = half ? 2 : 4;
  const first = tensor.slot.offset + tensor.offset + (place.offset - places[0]!.offset) * width;
  for (let done = 0; done < place.size * width; done += PIECE) {
    const from = first + done, bytes = Math.min(PIECE, place.size * width - done);
    const odd = from % 4; // copies begin at words
    const read = await gpu.read(tensor.slot.buffer!, from - odd, bytes + odd);
    yield half
      ? new Float32Array(new Float16Array(read, odd, bytes / width))
      : new Float32Array(read, 0, bytes / width);
  }
}
