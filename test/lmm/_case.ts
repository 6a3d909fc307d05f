// A stored result of PyTorch (test/fixtures/make_models.py), and how our figures differ from it.

import { assert } from "@std/assert";
import { Tape } from "../../src/autograd/tape.ts";
import { elements } from "../../src/autograd/tensor.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";
import { batchArrays, batchInputs, batchSize, joinImages, type Sequence } from "../../src/lmm/batch.ts";
import { loadCheckpoint } from "../../src/lmm/checkpoint.ts";
import { imageTokenCount } from "../../src/lmm/config/lmm_config.ts";
import { familyOf, parseConfig } from "../../src/lmm/families/parse_config.ts";
import { type Lmm, type LmmOptions, packedAttention } from "../../src/lmm/lmm.ts";
import { memoryCheckpoint } from "../../src/lmm/weight_names.ts";
import { type NamedTensor, readSafetensors } from "../../src/lmm/safetensors.ts";
import { logits } from "../../src/ops/cross_entropy.ts";
import type { TrainSequence } from "../../src/lmm/trainer/train_step.ts";

/** What case.json holds. */
export interface CaseFacts {
  loss: number;
  losses: number[];
  gradNorms: number[];
  /** Learning rate of each step. */
  rates: number[];
  lr: number;
  /** Steps. */
  warmup: number;
  betas: [number, number];
  weightDecay: number;
  clip: number;
  /** Tokens after each row. */
  greedy: number[][];
}

/** A stored result and the checkpoint it belongs to. */
export interface Case {
  name: string;
  files: Map<string, Uint8Array>;
  facts: CaseFacts;
  tensors: Map<string, NamedTensor>;
  /** The rows without their padding, each a task of its own; images are pixels. */
  rows: TrainSequence[];
  /** λ of each row's task. */
  weights: number[];
}

/** Folders in test/fixtures. */
export const CASES = ["llava", "llava_tied", "llava_siglip", "llava_layers", "idefics3", "smolvlm"] as const;

/** Reads a stored case. */
export async function readCase(name: string): Promise<Case> {
  const folder = new URL(`../fixtures/${name}/`, import.meta.url);
  const read = (file: string) => Deno.readFile(new URL(file, folder));
  const files = new Map<string, Uint8Array>();
  for await (const { name: file } of Deno.readDir(folder)) {
    if (!file.startsWith("case.")) files.set(file, await read(file));
  }
  const facts = JSON.parse(new TextDecoder().decode(await read("case.json"))) as CaseFacts;
  const tensors = readSafetensors(await read("case.safetensors"), "case.safetensors");
  const config = parseConfig(JSON.parse(new TextDecoder().decode(files.get("config.json"))));
  const { shape: [count = 0, longest = 0], values: ids } = tensors.get("ids")!;
  const { values: pixels, shape: pixelShape } = tensors.get("pixels")!;
  const image = pixels.length / pixelShape[0]!;
  const rows: TrainSequence[] = [], weights: number[] = [];
  let at = 0;
  for (let task = 0; task < count; task++) {
    const part = (name: string) => tensors.get(name)!.values.subarray(task * longest, (task + 1) * longest);
    const length = part("mask").reduce((sum, x) => sum + x, 0);
    const own = Int32Array.from(ids.subarray(task * longest, task * longest + length));
    const images = own.filter((id) => id === config.image_token_id).length / imageTokenCount(config);
    const weight = part("weight").subarray(0, length);
    rows.push({
      id: `row ${task}`,
      task,
      ids: own,
      mask: Uint8Array.from(weight, (w) => Number(w > 0)),
      images: Array.from({ length: images }, (_, i) => pixels.slice((at + i) * image, (at + i + 1) * image)),
    });
    weights.push(Math.max(...weight));
    at += images;
  }
  return { name, files, facts, tensors, rows, weights };
}

/** A stored tensor's values. */
export function stored(of: Case, name: string): Float32Array {
  const tensor = of.tensors.get(name);
  assert(tensor, `${of.name}: no tensor ${name}`);
  return tensor.values;
}

/** Loads the case's model. */
export async function loadCase(
  gpu: Gpu,
  { files }: { files: ReadonlyMap<string, Uint8Array> },
  options: LmmOptions = {},
): Promise<Lmm> {
  const { config, weights } = await memoryCheckpoint(files);
  return await loadCheckpoint(gpu, config, weights, options);
}

/** The stored tensors of every parameter under a prefix ("grad.", "after1.", …), by our names. */
export function storedParameters(of: Case, model: Lmm, prefix: string): Map<string, Float32Array> {
  const byName = new Map<string, Float32Array>();
  const { plainName } = familyOf(model.config);
  for (const [name, { values }] of of.tensors) {
    if (name.startsWith(prefix)) byName.set(plainName(name.slice(prefix.length)), values);
  }
  const found = new Map<string, Float32Array>();
  for (const name of model.parameters.places.keys()) {
    const values = byName.get(plainName(name));
    assert(values, `${of.name}: no ${prefix}${name}`);
    found.set(name, values);
  }
  return found;
}

/** Norm of the difference over a scale: the norm of what is expected unless given. */
export function distance(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  scale = norm(expected),
): number {
  assert(found.length === expected.length, `${found.length} values, expected ${expected.length}`);
  let sum = 0;
  for (let i = 0; i < expected.length; i++) sum += (found[i]! - expected[i]!) ** 2;
  return Math.sqrt(sum) / scale;
}

/** The Euclidean norm. */
export function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}

/** Logits of every row of packed sequences whose images are pixels, from one program. [rows, vocabulary] */
export async function forward(model: Lmm, sequences: readonly Sequence[]): Promise<Float32Array> {
  const { gpu, imageTokens, pixelShape } = model;
  const size = batchSize(sequences);
  const frozen = new Set<never>();
  const tape = new Tape(gpu);
  const inputs = batchInputs(tape, size, imageTokens);
  const z = tape.noGrad(() => {
    const pixels = tape.input("images", [size.images, ...pixelShape]);
    const projected = model.project(tape, model.vision(tape, pixels, frozen), frozen);
    const x = model.embed(tape, projected, inputs.index, frozen);
    const attend = packedAttention(tape, inputs.span, model.heads);
    const hidden = model.decode(tape, x, inputs.positions, attend, frozen);
    return tape.output(logits(tape, model.finish(tape, hidden, frozen), model.head(frozen)));
  });
  const program = tape.compile();
  program.upload({
    ...batchArrays(sequences, size, model),
    images: joinImages(sequences, size.images, elements(pixelShape)),
  });
  program.poison();
  program.run();
  const rows = sequences.reduce((sum, { ids }) => sum + ids.length, 0);
  const values = (await z.read(gpu)).slice(0, rows * model.vocabulary);
  program.destroy();
  return values;
}

/** Fills the memory of intermediate results with NaN: what is read before it is written shows. */
export function poisonArena(gpu: Gpu) {
  const arena = gpu.arena(1 << 23);
  gpu.device.queue.writeBuffer(arena, 0, new Uint32Array(arena.size / 4).fill(0x7fc00000));
}
