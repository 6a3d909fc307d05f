/**
 * A stored case: a Hugging Face folder with case.safetensors and case.json, the results that a model is checked against.
 *
 * @module
 */
import { join } from "@std/path";
import { InputError } from "../errors.ts";
import { imageTokenCount, type LmmConfig } from "../lmm/config/lmm_config.ts";
import { parseConfig } from "../lmm/families/parse_config.ts";
import { type NamedTensor, readSafetensors } from "../lmm/safetensors.ts";
import type { TrainSequence } from "../lmm/trainer/train_step.ts";
import { readIfThere } from "../run/files.ts";
import { type CaseFacts, parseCaseFacts } from "./case_facts.ts";

/** A stored result and the checkpoint it belongs to. */
export interface StoredCase {
  /** Where it lies, for messages. */
  folder: string;
  /** The checkpoint's files by name: configuration, weights, tokenizer and so on; nothing of the case. */
  files: Map<string, Uint8Array>;
  /** What config.json says. */
  config: LmmConfig;
  /** What case.json says. */
  facts: CaseFacts;
  /** What case.safetensors holds. */
  tensors: Map<string, NamedTensor>;
  /** The rows without their padding, each a task of its own; images are pixels. */
  rows: TrainSequence[];
  /** λ of each row's task. */
  weights: number[];
}

/** Files of a checkpoint, among them the case's own. */
const CHECKPOINT_FILES = /^(?!case\.|pictures\.|prompts\.json$).*\.(json|jinja|safetensors)$/;

/**
 * Reads a stored case.
 *
 * @param folder Where it lies.
 * @throws {InputError} If a file is missing or broken, or its tensors do not belong together; the message names both.
 */
export async function readStoredCase(folder: string): Promise<StoredCase> {
  const files = new Map<string, Uint8Array>();
  for (const name of await filesOf(folder)) {
    if (CHECKPOINT_FILES.test(name)) files.set(name, await Deno.readFile(join(folder, name)));
  }
  const json = files.get("config.json");
  if (!json) {
    throw new InputError(
      `${join(folder, "config.json")}: expected a Hugging Face folder, found no such file`,
    );
  }
  const config = within(folder, () => parseConfig(parseJson(json, "config.json")));
  const facts = parseCaseFacts(
    new TextDecoder().decode(await need(folder, "case.json")),
    join(folder, "case.json"),
  );
  const path = join(folder, "case.safetensors");
  const tensors = readSafetensors(await need(folder, "case.safetensors"), path);
  const { rows, weights } = splitRows(tensors, config, path);
  if (facts.greedy.length !== rows.length) {
    throw new InputError(
      `${join(folder, "case.json")}: greedy: expected tokens for each of ${rows.length} rows, found ` +
        `${facts.greedy.length} lists`,
    );
  }
  return { folder, files, config, facts, tensors, rows, weights };
}

async function filesOf(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) if (!isDirectory) names.push(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new InputError(`${folder}: expected a folder with a stored case, found none`);
    }
    throw error;
  }
  return names.sort();
}

async function need(folder: string, name: string): Promise<Uint8Array> {
  const bytes = await readIfThere(join(folder, name));
  if (bytes) return bytes;
  throw new InputError(
    `${
      join(folder, name)
    }: expected the stored results of a case (case.safetensors and case.json), found no such file`,
  );
}

function parseJson(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new InputError(`${file}: expected JSON, found: ${(error as Error).message}`);
  }
}

/** Names the folder in messages of readers that know only a file's name. */
export function within<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${folder}: ${error.message}`) : error;
  }
}

/**
 * A tensor of the case with the shape it must have.
 *
 * @param tensors What the file holds.
 * @param file Its name, for messages.
 * @param name The tensor.
 * @param shape Its sizes; null for any.
 */
export function tensorOf(
  tensors: ReadonlyMap<string, NamedTensor>,
  file: string,
  name: string,
  shape: readonly (number | null)[],
): NamedTensor {
  const tensor = tensors.get(name);
  const expected = `[${shape.map((size) => size ?? "any").join(", ")}]`;
  if (!tensor) throw new InputError(`${file}: expected a tensor ${name} ${expected}, found none`);
  const fits = tensor.shape.length === shape.length &&
    shape.every((size, axis) => size === null || size === tensor.shape[axis]);
  if (!fits) {
    throw new InputError(
      `${file}: tensor ${name}: expected shape ${expected}, found [${tensor.shape.join(", ")}]`,
    );
  }
  return tensor;
}

/** The rows of a case without padding, with their images, and the weight of each. */
function splitRows(tensors: ReadonlyMap<string, NamedTensor>, config: LmmConfig, file: string) {
  const { shape: [count = 0, longest = 0], values: ids } = tensorOf(tensors, file, "ids", [null, null]);
  const { values: masks } = tensorOf(tensors, file, "mask", [count, longest]);
  const { values: allWeights } = tensorOf(tensors, file, "weight", [count, longest]);
  const side = config.vision_config.image_size;
  const { values: pixels, shape: [tiles = 0] } = tensorOf(tensors, file, "pixels", [null, 3, side, side]);
  const size = 3 * side * side, perTile = imageTokenCount(config);
  const rows: TrainSequence[] = [], weights: number[] = [];
  let at = 0;
  for (let task = 0; task < count; task++) {
    const part = (values: Float32Array) => values.subarray(task * longest, (task + 1) * longest);
    const length = part(masks).reduce((sum, x) => sum + x, 0);
    if (part(masks).some((x, i) => x !== (i < length ? 1 : 0))) {
      throw new InputError(`${file}: mask, row ${task}: expected ones, then zeros (padding on the right)`);
    }
    const own = Int32Array.from(part(ids).subarray(0, length));
    const images = own.filter((id) => id === config.image_token_id).length / perTile;
    if (!Number.isInteger(images)) {
      throw new InputError(
        `${file}: ids, row ${task}: expected ${perTile} placeholders (token ${config.image_token_id}) a tile, found ` +
          `${images * perTile}`,
      );
    }
    const weight = part(allWeights).subarray(0, length);
    rows.push({
      id: `row ${task}`,
      task,
      ids: own,
      mask: Uint8Array.from(weight, (w) => Number(w > 0)),
      images: Array.from({ length: images }, (_, i) => pixels.slice((at + i) * size, (at + i + 1) * size)),
    });
    weights.push(weightOf(weight, task, file));
    at += images;
  }
  if (at !== tiles) {
    throw new InputError(`${file}: pixels: expected ${at} tiles by the placeholders in ids, found ${tiles}`);
  }
  return { rows, weights };
}

/** The one weight of a row's answer tokens. */
function weightOf(weight: Float32Array, row: number, file: string): number {
  const most = weight.reduce((a, b) => Math.max(a, b), 0);
  const odd = weight.find((w) => w !== 0 && w !== most);
  if (odd === undefined) return most;
  throw new InputError(
    `${file}: weight, row ${row}: expected one task's weight on all its answer tokens, found ${most} and ${odd}`,
  );
}
