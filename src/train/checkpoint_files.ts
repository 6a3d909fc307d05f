/**
 * A checkpoint as a Hugging Face folder: the model's two files and those that travel with it.
 *
 * @module
 */

import { join } from "@std/path";
import { InputError } from "../errors.ts";
import { type Processor, type ProcessorOptions, readProcessor } from "../data/images/processor.ts";
import { PROCESSOR_FILES } from "../data/images/processor_files.ts";
import { loadTokenizer, type Tokenizer } from "../data/text/tokenizer.ts";
import type { Engine, EngineModel } from "./engine.ts";
import { type GenerationConfig, readGenerationConfig, tokenIds } from "./generation_config.ts";
import { readIfThere } from "../run/files.ts";

/** A checkpoint folder in memory. */
export interface CheckpointFiles {
  /** Where it lies. */
  folder: string;
  /** All its files: config.json, weights and the companions. */
  files: Map<string, Uint8Array>;
  /** The files that are copied unchanged beside a tuned model: tokenizer.json and so on. */
  companions: Map<string, Uint8Array>;
  /** What config.json holds. */
  config: Record<string, unknown>;
  /** Its tokenizer. */
  tokenizer: Tokenizer;
  /** How images are made ready for it. */
  processor: Processor;
  /** The ids that end an answer, at least one. */
  stops: number[];
  /** How tokens are chosen where nothing else is said, and what of generation_config.json is not heeded. */
  generation: GenerationConfig;
}

const needed = ["config.json", "tokenizer.json"];
const GENERATION = "generation_config.json";
const optional = [...PROCESSOR_FILES, GENERATION, "tokenizer_config.json", "special_tokens_map.json"];

/**
 * Reads a checkpoint folder.
 *
 * @param folder A Hugging Face folder: config.json, model.safetensors, tokenizer.json, and preprocessor_config.json or
 * processor_config.json.
 * @param options Whether pictures are cut into tiles, where the model can; what is said here is saved with a tuned one.
 * @returns Its files, its tokenizer, and how images are made ready for it.
 * @throws {InputError} If a file is missing or cannot be used.
 */
export async function readCheckpoint(
  folder: string,
  options: ProcessorOptions = {},
): Promise<CheckpointFiles> {
  const files = new Map<string, Uint8Array>();
  for (const name of [...needed, ...optional]) {
    const bytes = await readIfThere(join(folder, name));
    if (bytes !== undefined) files.set(name, bytes);
    else if (needed.includes(name)) {
      throw new InputError(
        `checkpoint ${folder}: expected a Hugging Face folder with ${needed.join(", ")} and ` +
          `model.safetensors, found no ${name}. ` +
          "Give another folder, or make one with: deno task pretrain",
      );
    }
  }
  for (const name of await weightFiles(folder)) files.set(name, await Deno.readFile(join(folder, name)));
  const config = parseObject(files, "config.json", folder);
  const tokenizer = await within(folder, () => loadTokenizer(text(files, "tokenizer.json")));
  const wanted = files.has(GENERATION) ? parseObject(files, GENERATION, folder) : undefined;
  const generation = await within(folder, () => readGenerationConfig(wanted));
  const stops = await within(folder, () => stopsOf(generation, config, tokenizer));
  const processor = await within(folder, () => readProcessor(files, config, options));
  const companions = new Map([
    ...[...files].filter(([name]) => name !== "config.json" && !isWeights(name)),
    ...processor.files(),
  ]);
  checkFit(folder, config, tokenizer, processor);
  return { folder, files, companions, config, tokenizer, processor, stops, generation };
}

/**
 * Loads the model of a checkpoint.
 *
 * @param engine Where it is to run.
 * @param checkpoint The checkpoint.
 * @returns The model.
 * @throws {InputError} If its configuration or weights cannot be used; the message names the folder.
 */
export async function loadModel(engine: Engine, checkpoint: CheckpointFiles): Promise<EngineModel> {
  return await within(checkpoint.folder, () => engine.load(checkpoint.files));
}

/** Names the folder in the messages of readers that know only a file's name. */
async function within<T>(folder: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof InputError ? new InputError(`checkpoint ${folder}: ${error.message}`) : error;
  }
}

/**
 * The ids that end an answer: those of generation_config.json, or where it names none of config.json, and `</s>`, with
 * which conversations are laid out.
 */
function stopsOf(
  { stops }: GenerationConfig,
  config: Record<string, unknown>,
  tokenizer: Tokenizer,
): number[] {
  const named = [
    stops,
    tokenIds(config.eos_token_id, "config.json: eos_token_id"),
    tokenIds(field(config, "text_config", "eos_token_id"), "config.json: text_config.eos_token_id"),
  ].find((ids) => ids.length > 0) ?? [];
  const end = tokenizer.id("</s>");
  const all = new Set([...named, ...(end === undefined ? [] : [end])]);
  if (all.size > 0) return [...all];
  throw new InputError(
    'expected a token that ends an answer: eos_token_id in generation_config.json, or "</s>" in tokenizer.json; found ' +
      "neither. Add eos_token_id to generation_config.json",
  );
}

/** The files must be of one model: a token beyond the vocabulary would read another token's embedding. */
function checkFit(
  folder: string,
  config: Record<string, unknown>,
  tokenizer: Tokenizer,
  processor: Processor,
): void {
  const pairs: [what: string, expected: unknown, file: string, found: number | undefined][] = [
    [
      "vision_config.image_size",
      field(config, "vision_config", "image_size"),
      "the settings of its pictures",
      processor.size,
    ],
    [
      "image_token_index",
      config.image_token_index,
      "tokenizer.json, the id of <image>",
      tokenizer.id("<image>"),
    ],
  ];
  for (const [what, expected, file, found] of pairs) {
    if (typeof expected !== "number" || expected === found) continue;
    throw new InputError(
      `checkpoint ${folder}: expected files of one model, but config.json has ${what} ${expected}, and ${file}: ` +
        `${found ?? "none"}. Bring back the files that were saved together`,
    );
  }
  const vocabulary = field(config, "text_config", "vocab_size");
  if (typeof vocabulary === "number" && tokenizer.vocabSize > vocabulary) {
    throw new InputError(
      `checkpoint ${folder}: expected a tokenizer of at most ${vocabulary} tokens (vocab_size in config.json), found ` +
        `${tokenizer.vocabSize} in tokenizer.json. Bring back the files that were saved together`,
    );
  }
}

function field(config: Record<string, unknown>, section: string, name: string): unknown {
  const inner = config[section];
  return typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[name] : undefined;
}

/** model.safetensors, or its pieces and their index. */
function isWeights(name: string): boolean {
  return /\.safetensors(\.index\.json)?$/.test(name);
}

async function weightFiles(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory && isWeights(name)) names.push(name);
  }
  if (names.length > 0) return names.sort();
  throw new InputError(`checkpoint ${folder}: expected model.safetensors in it, found none`);
}

/**
 * The files that travel with a new model.
 *
 * @param tokenizer What tokenizer.json holds.
 * @param pictures Side of the tower's images, mean and deviation of each colour.
 * @returns tokenizer.json, preprocessor_config.json, generation_config.json.
 */
export function newCompanions(
  tokenizer: object,
  { size, mean, std }: { size: number; mean: readonly number[]; std: readonly number[] },
): Map<string, Uint8Array> {
  const json = (value: unknown, space?: number) =>
    new TextEncoder().encode(JSON.stringify(value, null, space) + "\n");
  return new Map([
    ["tokenizer.json", json(tokenizer)],
    [
      "preprocessor_config.json",
      json({
        image_processor_type: "LlavaImageProcessor",
        // LLaVA pads to a square with the mean colour before it resizes.
        do_pad: true,
        do_convert_rgb: true,
        do_resize: true,
        size: { shortest_edge: size },
        resample: 3,
        do_center_crop: true,
        crop_size: { height: size, width: size },
        do_rescale: true,
        rescale_factor: 1 / 255,
        do_normalize: true,
        image_mean: mean,
        image_std: std,
      }, 2),
    ],
    [
      "generation_config.json",
      json({ bos_token_id: 1, eos_token_id: 2, pad_token_id: 0, do_sample: false, max_new_tokens: 64 }, 2),
    ],
  ]);
}

function text(files: ReadonlyMap<string, Uint8Array>, name: string): string {
  return new TextDecoder().decode(files.get(name));
}

function parseObject(
  files: ReadonlyMap<string, Uint8Array>,
  name: string,
  folder: string,
): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text(files, name));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    throw new Error(Array.isArray(value) ? "a list" : `${value}`);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new InputError(`${join(folder, name)}: expected a JSON object, found: ${found}`);
  }
}
