/**
 * How a checkpoint wants to be asked: `generation_config.json`.
 *
 * @module
 */

import { InputError } from "../errors.ts";

/** How tokens are chosen, where nothing else is said. */
export interface GenerationDefaults {
  /** Divides the logits; 0 takes the likeliest token. */
  temperature: number;
  /** Only so many of the likeliest tokens; 0: all. */
  topK: number;
  /** Only the likeliest tokens that together reach this probability; 1: all. */
  topP: number;
  /** Makes tokens less likely that were seen; 1: none. */
  repetitionPenalty: number;
  /** The longest answer, in tokens; undefined where the file says nothing. */
  maxNewTokens: number | undefined;
}

/** What `generation_config.json` says. */
export interface GenerationConfig {
  /** The ids that end an answer; none where the file names none. */
  stops: number[];
  /** How tokens are chosen. */
  defaults: GenerationDefaults;
  /** Settings that change the answers in `transformers` and do nothing here, each with its value. */
  ignored: string[];
}

/** transformers' own values of what a file that samples leaves out. */
const SAMPLED = { temperature: 1, topK: 50, topP: 1 } as const;

/** Settings that change no answer here. `max_length` is the room, which the model's positions bound. */
const HARMLESS = new Set([
  ...[
    "bos_token_id",
    "pad_token_id",
    "decoder_start_token_id",
    "eos_token_id",
    "use_cache",
    "cache_implementation",
  ],
  ...["do_sample", "temperature", "top_k", "top_p", "repetition_penalty", "max_new_tokens", "max_length"],
  ...[
    "output_attentions",
    "output_hidden_states",
    "output_scores",
    "output_logits",
    "return_dict_in_generate",
  ],
  ...[
    "cache_config",
    "compile_config",
    "disable_compile",
    "max_cache_len",
    "low_memory",
    "prefill_chunk_size",
  ],
  ...["early_stopping", "length_penalty", "remove_invalid_values", "renormalize_logits", "diversity_penalty"],
]);

/** The largest id that the device can hold. */
const LARGEST = 2 ** 31 - 1;

/** Values with which other settings change nothing. */
const NEUTRAL: Readonly<Record<string, unknown>> = {
  num_beams: 1,
  num_beam_groups: 1,
  num_return_sequences: 1,
  typical_p: 1,
  epsilon_cutoff: 0,
  eta_cutoff: 0,
  encoder_repetition_penalty: 1,
  guidance_scale: 1,
  penalty_alpha: 0,
  min_p: 0,
};

/** Whether a setting changes no answer: not given, switched off, or one that only speed and output depend on. */
function harmless(name: string, value: unknown): boolean {
  if (value === null || value === false || HARMLESS.has(name)) return true;
  if (name.startsWith("_") || name.endsWith("_version") || /assistant|lookbehind|lookup/.test(name)) {
    return true;
  }
  if (name in NEUTRAL) return value === NEUTRAL[name];
  return value === 0 || (Array.isArray(value) && value.length === 0);
}

/**
 * Reads what `generation_config.json` holds. Temperature, top-k and top-p count only where `do_sample` is true, as in
 * `transformers`, whose values stand in for what is left out; the repetition penalty and the longest answer always do.
 *
 * @param file The parsed file; undefined where there is none.
 * @returns Stops, defaults, and what is not heeded.
 * @throws {InputError} If a setting cannot be used.
 *
 * @example A file that samples
 * ```ts
 * import { readGenerationConfig } from "./generation_config.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { stops, defaults, ignored } = readGenerationConfig({
 *   ...{ eos_token_id: [2, 7], do_sample: true, top_p: 0.9, num_beams: 4 },
 * });
 * assertEquals(stops, [2, 7]);
 * assertEquals([defaults.temperature, defaults.topK, defaults.topP], [1, 50, 0.9]);
 * assertEquals(ignored, ["num_beams 4"]);
 * ```
 */
export function readGenerationConfig(file: unknown): GenerationConfig {
  const name = "generation_config.json";
  if (file !== undefined && (typeof file !== "object" || file === null || Array.isArray(file))) {
    throw new InputError(`${name}: expected a JSON object, found ${JSON.stringify(file)}`);
  }
  const fields = (file ?? {}) as Record<string, unknown>;
  const number = (
    field: string,
    fallback: number,
    right: (x: number) => boolean,
    expected: string,
  ): number => {
    const value = fields[field] ?? fallback;
    if (typeof value === "number" && right(value)) return value;
    throw new InputError(`${name}: expected ${field} to be ${expected}, found ${JSON.stringify(value)}`);
  };
  const count = (least: number) => (x: number) => Number.isSafeInteger(x) && x >= least;
  const sampled = fields.do_sample === true;
  const temperature = number("temperature", SAMPLED.temperature, (x) => x >= 0, "a number of at least 0");
  const topK = number("top_k", SAMPLED.topK, count(0), "a whole number of at least 0");
  const topP = number("top_p", SAMPLED.topP, (x) => x >= 0 && x <= 1, "a number between 0 and 1");
  const longest = number("max_new_tokens", 1, count(1), "a whole number of at least 1");
  return {
    stops: tokenIds(fields.eos_token_id, `${name}: eos_token_id`),
    defaults: {
      ...(sampled ? { temperature, topK, topP } : { temperature: 0, topK: 0, topP: 1 }),
      repetitionPenalty: number("repetition_penalty", 1, (x) => x > 0, "a number above 0"),
      maxNewTokens: fields.max_new_tokens === undefined || fields.max_new_tokens === null
        ? undefined
        : longest,
    },
    ignored: Object.entries(fields).filter(([field, value]) => !harmless(field, value))
      .map(([field, value]) => `${field} ${JSON.stringify(value)}`),
  };
}

/**
 * Token ids as such files give them: one, a list, or none.
 *
 * @param value What the file holds.
 * @param what What messages call it.
 * @returns The ids, each once.
 * @throws {InputError} If it is something else.
 */
export function tokenIds(value: unknown, what: string): number[] {
  if (value === undefined || value === null) return [];
  const ids: unknown[] = Array.isArray(value) ? value : [value];
  if (
    ids.every((id): id is number =>
      typeof id === "number" && Number.isInteger(id) && id >= 0 && id <= LARGEST
    )
  ) {
    return [...new Set(ids)];
  }
  throw new InputError(`${what}: expected a token id or a list of them, found ${JSON.stringify(value)}`);
}
