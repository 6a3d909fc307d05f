/** From the tensors of files to the parameters of a model: matched by name first, then streamed. @module */
import { countNonFinite, decode, largest } from "./dtype.ts";
import { readPieces, type Source, type StoredTensor } from "./weights.ts";
import { elements } from "../autograd/tensor.ts";
import { InputError } from "../errors.ts";
import { BundleWriter } from "../nn/bundle_writer.ts";
import type { HeldBundle } from "../nn/parameters.ts";
import type { Lmm } from "./lmm.ts";
import { familyOf } from "./families/parse_config.ts";
import { told } from "./told.ts";
import { LORA } from "../nn/lora.ts";

/** Buffers that older versions of `transformers` stored and that are computed anew. */
const HARMLESS = /(^|\.)(position_ids|inv_freq|masked_bias|num_batches_tracked|original_inv_freq)$/;

/** Bytes that may wait to be copied to the device. */
const WAITING = 32 << 20;

/**
 * Finds the tensor of every parameter.
 *
 * @param model Which parameters there are.
 * @param stored The tensors of a checkpoint, by their names there.
 * @returns Which is which.
 * @throws {InputError} If some are missing, unknown, doubled, or of another shape: names them.
 */
export function matchTensors(
  { config, parameters }: Lmm,
  stored: ReadonlyMap<string, StoredTensor>,
): Source {
  const { plainName, names } = familyOf(config);
  const places = new Map(
    parameters.bundles.flatMap(({ module, places }) =>
      module === LORA ? [] : places.map((place) => [place.name, place] as const)
    ),
  );
  const plain = new Map([...places.keys()].map((name) => [plainName(name), name]));
  const source: Source = { tensors: new Map(), tiedHead: undefined };
  const wrong: string[] = [], unknown: string[] = [];
  for (const tensor of stored.values()) {
    const known = plainName(tensor.name);
    const name = plain.get(known);
    if (name === undefined) {
      if (known === names.head && !source.tiedHead) source.tiedHead = tensor;
      else if (!HARMLESS.test(tensor.name)) unknown.push(tensor.name);
      continue;
    }
    const other = source.tensors.get(name);
    if (other) wrong.push(`${tensor.name} and ${other.name} are the same parameter`);
    source.tensors.set(name, tensor);
  }
  const table = `${names.language}.embed_tokens.weight`;
  if (source.tiedHead && config.text_config.tie_word_embeddings && !source.tensors.has(table)) {
    source.tensors.set(table, source.tiedHead); // stored once, under the other name
    source.tiedHead = undefined;
  }
  for (const [name, tensor] of source.tensors) {
    const { shape } = places.get(name)!;
    if (tensor.shape.join() === shape.join()) continue;
    wrong.push(`${tensor.name}: expected shape [${shape}] by config.json, found [${tensor.shape}]`);
  }
  const missing = [...places.keys()].filter((name) => !source.tensors.has(name));
  const complaints = [
    ...wrong.length > 0 ? [told(wrong, "; ")] : [],
    ...missing.length > 0 ? [`missing: ${told(missing)}`] : [],
    ...unknown.length > 0 ? [`unknown to a model of this config.json: ${told(unknown)}`] : [],
  ];
  if (complaints.length > 0) throw new InputError(`checkpoint: ${complaints.join("; ")}`);
  return source;
}

/**
 * Reads every parameter into its place on the device, a few megabytes at a time. Low-rank matrices of which no tensor is
 * known stay as they are.
 *
 * @param model The model.
 * @param source Where the parameters lie.
 * @throws {InputError} If values are not finite, or too large for the 16 bits in which they shall be held: names them.
 */
export async function loadWeights({ gpu, parameters, names }: Lmm, source: Source): Promise<void> {
  const broken: string[] = [];
  let waiting = 0;
  const settle = async (bytes: number) => {
    waiting += bytes;
    if (waiting < WAITING) return;
    waiting = 0;
    await gpu.settle();
  };
  for (const bundle of parameters.bundles) {
    if (bundle.module === LORA && !source.adapter) continue;
    const writer = new BundleWriter(gpu, bundle);
    for (const place of bundle.places) {
      const complaint = await copyTensor(tensorOf(source, place.name), bundle, writer, settle);
      if (complaint) broken.push(complaint);
    }
  }
  await gpu.settle();
  if (broken.length > 0) throw new InputError(`checkpoint: ${told(broken, "; ")}`);
  const { tiedHead } = source;
  const table = source.tensors.get(`${names.language}.embed_tokens.weight`)!;
  if (tiedHead && !(await sameValues(tiedHead, table))) {
    throw new InputError(
      `checkpoint: config.json ties the head to the embeddings, but ${tiedHead.name} and ${table.name} hold ` +
        "different values; set tie_word_embeddings to false, or take the head out",
    );
  }
}

function tensorOf({ tensors, adapter }: Source, name: string): StoredTensor {
  return adapter?.get(name) ?? tensors.get(name)!;
}

/** Copies one tensor; returns what is wrong with it, if anything. */
async function copyTensor(
  tensor: StoredTensor,
  { tensor: { dtype } }: HeldBundle,
  writer: BundleWriter,
  settle: (bytes: number) => Promise<void>,
): Promise<string | undefined> {
  let bad = 0, most = 0;
  for await (const piece of readPieces(tensor)) {
    const values = decode(piece, tensor.dtype);
    bad += countNonFinite(values);
    if (dtype === "f16") {
      if (tensor.dtype !== "F16") most = Math.max(most, largest(values));
      writer.add(halvesOf(tensor.dtype === "F16" ? piece : new Float16Array(values)));
    } else writer.add(values);
    await settle(values.byteLength);
  }
  if (bad > 0) return `${tensor.name}: ${bad} of ${elements(tensor.shape)} values are NaN or infinite`;
  if (most >= 65_520) {
    return `${tensor.name}: its largest value is ${most}, f16 ends at 65,504; hold it in f32 (--storage f32)`;
  }
  return undefined;
}

function halvesOf({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>) {
  return new Uint16Array(buffer, byteOffset, byteLength / 2);
}

/** Whether two tensors hold the same. */
async function sameValues(a: StoredTensor, b: StoredTensor): Promise<boolean> {
  if (a.shape.join() !== b.shape.join()) return false;
  if (a.dtype !== b.dtype) return false;
  const other = readPieces(b);
  for await (const piece of readPieces(a)) {
    const { value } = await other.next();
    if (!value || !equalBytes(piece, value)) return false;
  }
  return true;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
