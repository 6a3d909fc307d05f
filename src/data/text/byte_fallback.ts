/**
 * Text that a Unigram vocabulary lacks, spelled in bytes.
 *
 * @module
 */

import type { Tokenizer as HubTokenizer } from "@huggingface/tokenizers";

const encoder = new TextEncoder();
const BYTES = Array.from(
  { length: 256 },
  (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
);

/**
 * Spells what a Unigram vocabulary (the one that is a list) lacks in bytes, where its `byte_fallback` says so and all of their tokens are there: the
 * library does it for BPE alone.
 *
 * @param model The library's model; it is changed.
 */
export function spellInBytes(model: NonNullable<HubTokenizer["model"]>): void {
  const { vocab, byte_fallback } = model.config as { vocab?: unknown; byte_fallback?: boolean };
  if (!Array.isArray(vocab) || byte_fallback !== true) return;
  const whole = model._call.bind(model);
  model._call = (pieces) =>
    whole(pieces).flatMap((token) => {
      if (model.tokens_to_ids.has(token)) return [token];
      const bytes = Array.from(encoder.encode(token), (byte) => BYTES[byte]!);
      return bytes.every((byte) => model.tokens_to_ids.has(byte)) ? bytes : [token];
    });
}
