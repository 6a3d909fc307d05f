/**
 * A checkpoint from its files, wherever they come from: a folder, or a page.
 *
 * @module
 */

import { InputError } from "../errors.ts";
import { type Processor, type ProcessorOptions, readProcessor } from "../data/images/processor.ts";
import type { ChatFormat } from "../data/text/chat_format.ts";
import { endingFormat } from "../data/text/ending_format.ts";
import { readChatFormat } from "../data/text/read_chat_format.ts";
import { loadTokenizer, type Tokenizer } from "../data/text/tokenizer.ts";
import { imageTokenCount } from "../lmm/config/lmm_config.ts";
import { parseConfig } from "../lmm/families/parse_config.ts";
import type { WeightFile } from "../lmm/weights.ts";
import type { AdapterFiles } from "../lmm/checkpoint.ts";
import { type GenerationConfig, readGenerationConfig, tokenIds } from "./generation_config.ts";

/** A checkpoint folder: its weights stay on the disk until a model is loaded. */
export interface CheckpointFiles {
  /** Where it lies. */
  folder: string;
  /** Its small files: config.json and the companions. */
  files: Map<string, Uint8Array>;
  /** Its weights. */
  weights: WeightFile[];
  /** The files that are copied unchanged beside a tuned model: tokenizer.json and so on. */
  companions: Map<string, Uint8Array>;
  /** What config.json holds. */
  config: Record<string, unknown>;
  /** Its text. */
  configText: string;
  /** Its tokenizer. */
  tokenizer: Tokenizer;
  /** How images are made ready for it. */
  processor: Processor;
  /** How conversations become its tokens. */
  format: ChatFormat;
  /** The ids that end an answer, at least one. */
  stops: number[];
  /** A LoRA adapter, where the folder holds one: all else is its base's. */
  adapter?: AdapterFiles;
  /** How tokens are chosen where nothing else is said, and what of generation_config.json is not heeded. */
  generation: GenerationConfig;
}

const GENERATION = "generation_config.json";

/** Files of a checkpoint that were read, and those that can be. */
export interface ReadFiles {
  /** Where they come from, for messages. */
  folder: string;
  /** config.json, tokenizer.json and the other small files, by name. */
  files: Map<string, Uint8Array>;
  /** The weights. */
  weights: WeightFile[];
}

/**
 * Reads what the small files of a checkpoint say.
 *
 * @param read The files; config.json, tokenizer.json and the settings of pictures must be among them.
 * @param options Whether pictures are cut into tiles, and turned.
 * @returns The checkpoint.
 * @throws {InputError} If a file cannot be used; the message names the folder.
 */
export async function checkpointOf(
  { folder, files, weights }: ReadFiles,
  options: ProcessorOptions = {},
): Promise<CheckpointFiles> {
  const config = parseObject(files, "config.json", folder);
  const tokenizer = await within(folder, () => loadTokenizer(text(files, "tokenizer.json")));
  const wanted = files.has(GENERATION) ? parseObject(files, GENERATION, folder) : undefined;
  const generation = await within(folder, () => readGenerationConfig(wanted));
  const written = await within(
    folder,
    () => readChatFormat(files, config, tokenizer, imageTokenCount(parseConfig(config))),
  );
  const stops = await within(folder, () => stopsOf(generation, config, written));
  const end = stops.find((id) => tokenizer.special(id) !== undefined);
  const format = end === undefined
    ? written
    : endingFormat(written, { id: end, text: tokenizer.special(end)! });
  const processor = await within(folder, () => readProcessor(files, config, options));
  const companions = new Map([
    ...[...files].filter(([name]) => name !== "config.json"),
    ...processor.files(),
  ]);
  checkFit(folder, config, tokenizer, processor, format);
  const configText = text(files, "config.json");
  return {
    folder,
    files,
    weights,
    companions,
    config,
    configText,
    tokenizer,
    processor,
    format,
    stops,
    generation,
  };
}

/** Names the folder in the messages of readers that know only a file's name. */
export async function within<T>(folder: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof InputError ? new InputError(`checkpoint ${folder}: ${error.message}`) : error;
  }
}

/**
 * The ids that end an answer: those of generation_config.json, or where it names none of config.json, and those with which
 * answers are laid out.
 */
function stopsOf(
  { stops }: GenerationConfig,
  config: Record<string, unknown>,
  format: ChatFormat,
): number[] {
  const named = [
    stops,
    tokenIds(config.eos_token_id, "config.json: eos_token_id"),
    tokenIds(field(config, "text_config", "eos_token_id"), "config.json: text_config.eos_token_id"),
  ].find((ids) => ids.length > 0) ?? [];
  const all = new Set([...named, ...format.stops]);
  if (all.size > 0) return [...all];
  throw new InputError(
    `expected a token that ends an answer: eos_token_id in generation_config.json, or one in ${format.name}; found ` +
      "neither. Add eos_token_id to generation_config.json",
  );
}

/** The files must be of one model: a token beyond the vocabulary would read another token's embedding. */
function checkFit(
  folder: string,
  config: Record<string, unknown>,
  tokenizer: Tokenizer,
  processor: Processor,
  format: ChatFormat,
): void {
  const pairs: [what: string, expected: unknown, file: string, found: number | undefined][] = [
    [
      "vision_config.image_size",
      field(config, "vision_config", "image_size"),
      "the settings of its pictures",
      processor.size,
    ],
    [
      "the image's token",
      config.image_token_id ?? config.image_token_index,
      "tokenizer.json, the id of the image's token",
      format.imageId,
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
    throw new InputError(`${folder}/${name}: expected a JSON object, found: ${found}`);
  }
}
