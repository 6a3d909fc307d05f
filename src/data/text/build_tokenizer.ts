/**
 * Makes the tokenizer of a small vocabulary: every listed word one token, any other text in bytes.
 *
 * @module
 */

import { InputError } from "../../errors.ts";

/** The special tokens of every tokenizer built here; a token's place in the list is its id. */
export const SPECIAL_TOKENS = ["<pad>", "<s>", "</s>", "<image>", "USER:", "ASSISTANT:"] as const;

/**
 * The character that stands for each of the 256 bytes inside a byte-level vocabulary (GPT-2's table): printable
 * Latin-1 characters stand for themselves, the other bytes for the characters from U+0100 on, in order. The
 * space becomes "Ġ".
 */
function byteAlphabet(): string[] {
  const shift = (byte: number) =>
    !((byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(shift(byte) ? next++ : byte));
}

/** What a word start is written as: every word of a text but a glued-on one follows a space. */
const WORD_START = " ";

/**
 * Builds a Hugging Face `tokenizer.json` for a list of words.
 *
 * Text is turned into UTF-8 bytes, each written as one character ("byte-level", as GPT-2 and Llama 3 do), so any
 * text can be written and read back, tabs, line ends, rare scripts and all. A space is put before the text (Llama's
 * dummy prefix), so that a word is the same token at the beginning and in the middle of a sentence. The text is cut
 * before its spaces, and each piece into as few tokens as possible: a unigram model whose tokens all cost the same.
 *
 * Chosen against the two other models that the library reads: BPE needs a merge, and so a useless token, for every
 * prefix of a word, or (`ignore_merges`) falls back to characters as soon as a word is followed by a comma;
 * WordPiece loses the spaces. Plain byte fallback (`<0x0A>`) is not exact: a text that spells such a token out, or
 * that holds "▁", comes back changed.
 *
 * The vocabulary: the special tokens, 256 bytes, the printable ASCII characters at a word start, the words.
 *
 * @param words Pieces of text without white space, in the order of their ids; repetitions are dropped.
 * @returns The contents of tokenizer.json, as an object for `JSON.stringify`.
 * @throws {InputError} If a word is empty or holds white space.
 *
 * @example A word of the list is one token, at the beginning and later
 * ```ts
 * import { buildTokenizer } from "./build_tokenizer.ts";
 * import { loadTokenizer } from "./tokenizer.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tokenizer = loadTokenizer(buildTokenizer(["red", "cube,"]));
 * assertEquals(tokenizer.encode("red cube, red").length, 3);
 * assertEquals(tokenizer.decode(tokenizer.encode("red\tcubes, 赤")), "red\tcubes, 赤");
 * ```
 */
export function buildTokenizer(words: readonly string[]): Record<string, unknown> {
  const alphabet = byteAlphabet();
  const encoder = new TextEncoder();
  const spell = (text: string) => Array.from(encoder.encode(text), (byte) => alphabet[byte]!).join("");

  const tokens = new Set<string>(SPECIAL_TOKENS);
  for (const character of alphabet) tokens.add(character);
  for (let code = 0x21; code <= 0x7e; code++) tokens.add(spell(WORD_START + String.fromCharCode(code)));
  for (const [index, word] of words.entries()) {
    if (word === "" || /\s/u.test(word)) {
      throw new InputError(
        `tokenizer word ${index}: expected a piece of text without white space, found ${
          JSON.stringify(word)
        }; ` +
          "split the texts at white space first",
      );
    }
    tokens.add(spell(WORD_START + word));
  }
  const specials = new Set<string>(SPECIAL_TOKENS);
  // Each token costs 1. The square of the length only decides between cuts into equally many tokens.
  const score = (token: string) => specials.has(token) ? 0 : -1 + 1e-4 * token.length ** 2;

  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: SPECIAL_TOKENS.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: { type: "Prepend", prepend: WORD_START },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: " ?\\S+|\\s" }, behavior: "Isolated", invert: false },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
        { type: "Strip", content: WORD_START, start: 1, stop: 0 },
      ],
    },
    model: {
      type: "Unigram",
      unk_id: 0, // never produced: every byte is a token
      byte_fallback: false,
      vocab: [...tokens].map((token) => [token, score(token)]),
    },
  };
}
