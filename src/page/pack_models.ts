/**
 * Puts models into a form that fits in a page.
 *
 * @module
 */

import { countNonFinite, decode, encode } from "../lmm/dtype.ts";
import { writeHeader } from "../lmm/safetensors.ts";
import { openWeights, readPieces, type StoredTensor, type WeightFile } from "../lmm/weights.ts";
import type { CheckpointFiles } from "../train/checkpoint.ts";
import type { PackedModel, PackedModels } from "./packed.ts";

/** The most bytes that the weights of a page's models may take, before they are written as text. */
export const MOST_BYTES = 1.5e6;

/** A checkpoint and what it is called. */
export interface NamedCheckpoint {
  /** Such as a method's name. */
  name: string;
  /** Its files. */
  checkpoint: CheckpointFiles;
}

/** Small files that nothing here reads. */
const UNREAD = new Set([
  ...["tokenizer.model", "vocab.json", "merges.txt", "added_tokens.json"],
  "video_preprocessor_config.json",
]);

/** A tensor as it is packed. */
interface Tensor {
  name: string;
  dtype: string;
  shape: readonly number[];
  data: Uint8Array<ArrayBuffer>;
}

/** A model whose weights were read. */
interface ReadModel extends NamedCheckpoint {
  tensors: Tensor[];
  /** Those of a LoRA adapter. */
  adapter: Tensor[];
}

/**
 * Packs models for a page: 32-bit weights are rounded to 16 bits (F16; to the nearest, ties to even), tensors that all
 * models have alike, such as those of a frozen tower, are packed once.
 *
 * @param named The models. The first ones are packed, as many as fit.
 * @param most The most bytes of weights.
 * @returns What the page carries, and the names of the models that did not fit.
 * @throws {InputError} If a file of weights is broken.
 */
export async function packModels(
  named: readonly NamedCheckpoint[],
  most: number = MOST_BYTES,
): Promise<{ packed: PackedModels; left: string[] }> {
  const read: ReadModel[] = [];
  const left: string[] = [];
  for (const { name, checkpoint } of named) {
    const { weights, adapter } = checkpoint;
    const added = adapter === undefined ? [] : [adapter.weights];
    if (await packedBytes([...weights]) + await packedBytes(added) > most) {
      left.push(name); // not even read
      continue;
    }
    const model = { name, checkpoint, tensors: await halved(weights), adapter: await halved(added) };
    if (sizeOf([...read, model]) <= most) read.push(model);
    else left.push(name);
  }
  const shared = sharedTensors(read.map(({ tensors }) => tensors));
  const texts = new Pool<string>();
  const weights = new Pool<string>();
  const file = (tensors: readonly Tensor[]) => weights.add(safetensors(tensors).toBase64());
  const models = read.map(({ name, checkpoint, tensors, adapter }): PackedModel => {
    const own = tensors.filter((tensor) => !shared.has(tensor.name));
    const common = tensors.filter((tensor) => shared.has(tensor.name));
    return {
      name,
      files: Object.fromEntries(
        [...checkpoint.files].filter(([name]) => !UNREAD.has(name))
          .map(([name, bytes]) => [name, texts.add(new TextDecoder().decode(bytes))]),
      ),
      weights: [common, own].filter(({ length }) => length > 0).map(file),
      ...checkpoint.adapter &&
        { adapter: { config: texts.add(checkpoint.adapter.config), weights: file(adapter) } },
    };
  });
  return { packed: { texts: texts.all, weights: weights.all, models }, left };
}

/** Values, each once. */
class Pool<T> {
  readonly all: T[] = [];

  /** @returns Its place. */
  add(value: T): number {
    const at = this.all.indexOf(value);
    return at < 0 ? this.all.push(value) - 1 : at;
  }
}

/** Bytes that files of weights take when they are packed, at most. */
async function packedBytes(files: readonly WeightFile[]): Promise<number> {
  return [...(await openWeights(files)).values()].reduce((sum, tensor) => sum + halfOf(tensor), 0);
}

function halfOf({ dtype, bytes }: StoredTensor): number {
  return dtype === "F32" ? bytes / 2 : dtype === "F64" ? bytes / 4 : bytes;
}

/** Bytes of several models, what all have alike counted once. */
function sizeOf(models: readonly ReadModel[]): number {
  const shared = sharedTensors(models.map(({ tensors }) => tensors));
  const size = (tensors: readonly Tensor[]) => tensors.reduce((sum, { data }) => sum + data.length, 0);
  return models.reduce(
    (sum, { tensors, adapter }, i) =>
      sum + size(adapter) + size(tensors.filter(({ name }) => i === 0 || !shared.has(name))),
    0,
  );
}

/** The tensors of files in 16 bits, where they keep their values so but for rounding. */
async function halved(files: readonly WeightFile[]): Promise<Tensor[]> {
  const tensors: Tensor[] = [];
  for (const tensor of (await openWeights(files)).values()) {
    const { name, dtype, shape } = tensor;
    const stored = await bytesOf(tensor);
    if (dtype === "F32" || dtype === "F64") {
      const data = encode(decode(stored, dtype), "F16");
      // Beyond the range of F16 a value becomes infinite.
      if (countNonFinite(decode(data, "F16")) === 0) {
        tensors.push({ name, dtype: "F16", shape, data });
        continue;
      }
    }
    tensors.push({ name, dtype, shape, data: stored });
  }
  return tensors;
}

async function bytesOf(tensor: StoredTensor): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(tensor.bytes);
  let at = 0;
  for await (const piece of readPieces(tensor)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Names of the tensors that all of several models have, bit by bit; none of a single model. */
function sharedTensors(models: readonly (readonly Tensor[])[]): Set<string> {
  const [first, ...others] = models;
  if (first === undefined || others.length === 0) return new Set();
  const known = others.map((tensors) => new Map(tensors.map((tensor) => [tensor.name, tensor])));
  return new Set(
    first.filter((tensor) => known.every((other) => same(tensor, other.get(tensor.name))))
      .map(({ name }) => name),
  );
}

function same(a: Tensor, b: Tensor | undefined): boolean {
  return b !== undefined && a.dtype === b.dtype && a.shape.join() === b.shape.join() &&
    a.data.length === b.data.length && a.data.every((x, i) => x === b.data[i]);
}

function safetensors(tensors: readonly Tensor[]): Uint8Array<ArrayBuffer> {
  const header = writeHeader(
    tensors.map(({ name, dtype, shape, data }) => ({ name, dtype, shape, bytes: data.length })),
  );
  const file = new Uint8Array(tensors.reduce((sum, { data }) => sum + data.length, header.length));
  file.set(header);
  let at = header.length;
  for (const { data } of tensors) {
    file.set(data, at);
    at += data.length;
  }
  return file;
}
