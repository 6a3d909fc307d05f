/** A conversation that goes on: what the model has read of it stays in the cache. @module */
import { answerBatch, type Answered } from "./answer_batch.ts";
import { checkOptions, checkPrompt } from "./check.ts";
import { cacheRows, KeyValueCache } from "./key_value_cache.ts";
import type { AnswerOptions } from "./options.ts";
import type { Sequence } from "../batch.ts";
import type { Lmm } from "../lmm.ts";
import { Random } from "../../random.ts";

/** An answer of a {@linkcode GenerationSession}. */
export interface SessionAnswer extends Answered {
  /** Tokens of the prompt that were in the cache already. */
  reused: number;
}

/**
 * The cache is gone on with where at least one token of so many is in it: reading the whole prompt anew takes attention
 * that is made for many rows.
 */
const WORTH = 4;

/**
 * Answers prompts one after the other, and reads of each only what does not begin like what was read and answered
 * before: a conversation's next turn costs what is new in it.
 *
 * @example The next turn reads the new tokens
 * ```ts
 * import { createGpu } from "../../gpu/gpu.ts";
 * import { parseConfig } from "../families/parse_config.ts";
 * import { Lmm } from "../lmm.ts";
 * import { GenerationSession } from "./session.ts";
 *
 * const gpu = await createGpu();
 * const config = parseConfig({
 *   image_token_index: 3,
 *   vision_config: { image_size: 16, patch_size: 8, hidden_size: 32, intermediate_size: 64, num_hidden_layers: 1,
 *     num_attention_heads: 2 },
 *   text_config: { vocab_size: 300, hidden_size: 32, intermediate_size: 64, num_hidden_layers: 1,
 *     num_attention_heads: 2 },
 * });
 * const model = Lmm.create(gpu, config, 0);
 * const session = new GenerationSession(model);
 * const options = { maxNewTokens: 4, stops: [] };
 * const first = await session.answer({ ids: Int32Array.of(1, 7, 8, 9), images: [] }, options);
 * const ids = Int32Array.of(1, 7, 8, 9, ...first.ids, 10, 11);
 * const second = await session.answer({ ids, images: [] }, options);
 * if (second.reused !== 7) throw new Error("the last token of an answer is the first that is new");
 * session.destroy();
 * model.destroy();
 * gpu.destroy();
 * ```
 */
export class GenerationSession {
  readonly #model: Lmm;
  #cache: KeyValueCache | undefined;
  #held: Sequence = { ids: new Int32Array(0), images: [] };

  /**
   * A session without a past.
   *
   * @param model The model; the session is to be destroyed before it.
   */
  constructor(model: Lmm) {
    this.#model = model;
  }

  /** Tokens in the cache. */
  get tokens(): number {
    return this.#held.ids.length;
  }

  /** Bytes of the cache. */
  get bytes(): number {
    return this.#cache?.bytes ?? 0;
  }

  /**
   * Answers a prompt: the same as `generate` gives for it alone, up to rounding.
   *
   * @param prompt The whole prompt, earlier turns included, with all its images' features.
   * @param options How long, and how tokens are chosen.
   * @returns The new tokens, what ended them, and how much of the prompt was known.
   * @throws {InputError} As `generate`.
   */
  async answer(prompt: Sequence, options: AnswerOptions): Promise<SessionAnswer> {
    checkOptions(options);
    checkPrompt(this.#model, prompt, options.maxNewTokens, "the prompt");
    const common = commonStart(this.#model, this.#held, prompt);
    const held = WORTH * common.tokens >= prompt.ids.length ? common : { tokens: 0, images: 0 };
    const cache = this.#room(prompt.ids.length + options.maxNewTokens, held.tokens);
    this.#held = { ids: new Int32Array(0), images: [] }; // in case this ends in the middle
    const asked = { prompts: [prompt], held, streams: [new Random(options.seed ?? 0).fork("prompt 0")] };
    const [answer] = await answerBatch(this.#model, cache, asked, options);
    const { ids, stop } = answer!;
    // The last token that was taken has not been read.
    const read = stop === undefined ? ids.subarray(0, -1) : ids;
    this.#held = { ids: joined(prompt.ids, read), images: prompt.images };
    return { ids, stop, reused: held.tokens };
  }

  /** A cache for so many tokens that keeps what is held: twice as long as before where it has to grow. */
  #room(length: number, held: number): KeyValueCache {
    const old = this.#cache;
    if (old && old.length >= length) return old;
    if (!old || held === 0) {
      old?.destroy();
      return this.#cache = new KeyValueCache(this.#model, 1, length);
    }
    const most = Math.min(this.#model.maxPositions, cacheRows(this.#model, 1)); // what a binding holds
    old.grow(Math.max(length, Math.min(2 * old.length, most)));
    return old;
  }

  /** Frees the cache. */
  destroy() {
    this.#cache?.destroy();
    this.#cache = undefined;
    this.#held = { ids: new Int32Array(0), images: [] };
  }
}

function joined(a: Int32Array, b: Int32Array): Int32Array {
  const both = new Int32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/**
 * How much of a prompt is at the start of what is held, in tokens and in images: never the last token, whose logits are
 * wanted, and no part of an image.
 */
function commonStart(
  { imageId, imageTokens }: Lmm,
  held: Sequence,
  prompt: Sequence,
): { tokens: number; images: number } {
  const most = Math.min(held.ids.length, prompt.ids.length - 1);
  let placeholders = 0, whole = 0;
  for (let at = 0; at < most && held.ids[at] === prompt.ids[at]; at++) {
    if (prompt.ids[at] === imageId) {
      const image = placeholders / imageTokens;
      if (Number.isInteger(image) && !same(held.images[image], prompt.images[image])) break;
      placeholders++;
    }
    if (placeholders % imageTokens === 0) whole = at + 1;
  }
  return { tokens: whole, images: Math.floor(placeholders / imageTokens) };
}

/** Whether two images have the same features. */
function same(a: Float32Array | undefined, b: Float32Array | undefined): boolean {
  if (!a || !b || a.length !== b.length) return false;
  return a === b || a.every((x, i) => x === b[i]);
}
