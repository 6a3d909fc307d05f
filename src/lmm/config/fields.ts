/** Reading the fields of a config.json, or another such file: each is read, known to change nothing, or refused by name. @module */
import { InputError } from "../../errors.ts";

/** A JSON object. */
export type Json = Record<string, unknown>;

/**
 * Fields that any part of a config.json may have and that change nothing of what the model computes: bookkeeping,
 * starting values, dropout (which a tuned model here does not use), and the settings of generation that files of older
 * versions of `transformers` list (generation_config.json is what counts).
 */
const HARMLESS = new Set(
  `_attn_implementation _attn_implementation_autoset _attn_implementation_internal _commit_hash _flash_attn_2_enabled
  _name_or_path add_cross_attention architectures attention_dropout auto_map bad_words_ids begin_suppress_tokens
  bos_token_id chunk_size_feed_forward cross_attention_hidden_size decoder_start_token_id diversity_penalty do_sample
  dropout dtype early_stopping encoder_no_repeat_ngram_size eos_token_id exponential_decay_length_penalty
  finetuning_task forced_bos_token_id forced_eos_token_id id2label initializer_factor initializer_range
  is_composition is_decoder is_encoder_decoder label2id length_penalty max_length min_length model_type
  neftune_noise_alpha no_repeat_ngram_size num_beam_groups num_beams num_return_sequences output_attentions
  output_hidden_states output_scores pad_token_id prefix pretraining_tp problem_type projection_dim pruned_heads
  remove_invalid_values repetition_penalty return_dict return_dict_in_generate sep_token_id suppress_tokens
  task_specific_params temperature tf_legacy_loss tie_encoder_decoder tie_word_embeddings tokenizer_class top_k top_p
  torch_dtype torchscript transformers_version typical_p unsloth_fixed unsloth_version use_bfloat16 use_cache`
    .split(/\s+/),
);

/** A section of a config.json that remembers which of its fields were read. */
export class Fields {
  /** The section. */
  readonly json: Json;
  readonly #where: string;
  readonly #read = new Set<string>();

  /**
   * Takes a section.
   *
   * @param value What stands there.
   * @param where Its name, for messages; empty for the whole file.
   * @param file The file's name.
   * @throws {InputError} If it is not an object.
   */
  constructor(value: unknown, where: string, file = "config.json") {
    this.#where = where === "" ? file : `${file}: ${where}`;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      const found = value === undefined ? "nothing" : JSON.stringify(value).slice(0, 200);
      throw new InputError(`${this.#where}: expected an object, found ${found}`);
    }
    this.json = value as Json;
  }

  /** An error about this section. */
  error(message: string): InputError {
    return new InputError(`${this.#where}: ${message}`);
  }

  /** What a field holds; undefined where it is left out or null. */
  get(name: string): unknown {
    this.#read.add(name);
    return Object.hasOwn(this.json, name) ? this.json[name] ?? undefined : undefined;
  }

  /** A finite number. */
  number(name: string, otherwise: number): number {
    const value = this.get(name) ?? otherwise;
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw this.error(`${name} must be a number, found ${JSON.stringify(value)}`);
    }
    return value;
  }

  /** A whole number from `least` up to `most`, two thousand million if left out. */
  whole(name: string, otherwise: number, least = 1, most = 2 ** 31 - 1): number {
    const value = this.number(name, otherwise);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    const range = most < 2 ** 31 - 1 ? `from ${least} to ${most}` : `of at least ${least}`;
    throw this.error(`${name} must be a whole number ${range}, found ${value}`);
  }

  /** How many layers; the largest models have some hundred, and each takes names and memory before its weights are looked at. */
  layers(otherwise: number): number {
    return this.whole("num_hidden_layers", otherwise, 1, 1000);
  }

  /** True or false. */
  flag(name: string, otherwise: boolean): boolean {
    const value = this.get(name) ?? otherwise;
    if (typeof value === "boolean") return value;
    throw this.error(`${name} must be true or false, found ${JSON.stringify(value)}`);
  }

  /** One of some words. */
  word<T extends string>(name: string, allowed: readonly T[], otherwise: T): T {
    const value = this.get(name) ?? otherwise;
    if (allowed.includes(value as T)) return value as T;
    throw this.error(`${name} must be ${allowed.join(" or ")}, found ${JSON.stringify(value)}`);
  }

  /** What a word stands for in a table. */
  choice<T>(name: string, table: Readonly<Record<string, T>>, otherwise: string): T {
    return table[this.word(name, Object.keys(table), otherwise)]!;
  }

  /** Fails unless a field is left out or holds one value. */
  only(name: string, expected: unknown) {
    const value = this.get(name) ?? expected;
    if (value !== expected) {
      throw this.error(`${name} must be ${JSON.stringify(expected)}, found ${JSON.stringify(value)}`);
    }
  }

  /**
   * Fails if the section has a field that was neither read nor is known to change nothing. What is null, false or empty
   * asks for nothing.
   *
   * @param harmless More fields that change nothing here.
   */
  done(harmless: readonly string[] = []) {
    for (const [name, value] of Object.entries(this.json)) {
      if (this.#read.has(name) || HARMLESS.has(name) || harmless.includes(name)) continue;
      if (value === null || value === false) continue;
      if (typeof value === "object" && Object.keys(value as object).length === 0) continue;
      throw this.error(
        `the field ${JSON.stringify(name)} is not known (${
          JSON.stringify(value).slice(0, 100)
        }). If it does not ` +
          "change what the model computes, take it out; otherwise this model needs code that is not here",
      );
    }
  }
}
