/**
 * Text to token ids and back, by a Hugging Face `tokenizer.json`.
 *
 * @module
 */

import { Tokenizer as HubTokenizer } from "@huggingface/tokenizers";
import { InputError } from "../../errors.ts";
import { boundReplacing } from "./bounded_normaliser.ts";
import { spellInBytes } from "./byte_fallback.ts";
import {
  type AddedToken,
  type PieceTokens,
  placesInPiece,
  renderedEncoder,
  type RenderedText,
} from "./encode_rendered.ts";

/** Turns text into token ids and back. */
export interface Tokenizer {
  /** How many ids there are: one more than the highest. */
  readonly vocabSize: number;
  /**
   * The ids of a text. Nothing is added, and a text that spells a special token out ("</s>") is ordinary text.
   *
   * @param text Any text.
   * @returns Its ids; none for an empty text.
   */
  encode(text: string): number[];
  /**
   * The text of ids. Special tokens and ids outside the vocabulary say nothing.
   *
   * @param ids The ids.
   * @returns The text: for a tokenizer from {@linkcode buildTokenizer} exactly the one that was encoded.
   */
  decode(ids: Iterable<number>): string;
  /**
   * The id of one token, special or not, as the vocabulary spells it.
   *
   * @param token The token.
   * @returns Its id, or undefined if the vocabulary lacks it.
   */
  id(token: string): number | undefined;
  /**
   * How the vocabulary spells a special token.
   *
   * @param id Any id.
   * @returns Its spelling, such as `</s>`; undefined for what is text.
   */
  special(id: number): string | undefined;
}

/** A tokenizer that also knows what chat templates need. */
export interface ChatTokenizer extends Tokenizer {
  /** How the special tokens are spelled. */
  readonly specials: readonly string[];
  /** The ids that are put before and after a text which is not a part of another, such as `<s>`. */
  readonly around: { readonly before: readonly number[]; readonly after: readonly number[] };
  /**
   * The ids of a conversation that a template wrote: its special tokens become special ids, those that its texts spell out
   * do not.
   *
   * @param rendered The text, what in it is spelled out, and what is trained.
   * @returns Ids, and 1 for each that overlaps what is trained, else 0.
   * @throws {InputError} If it cannot be told where the tokens stand.
   */
  encodeRendered(rendered: RenderedText): { ids: number[]; mask: number[] };
}

/** The parts of tokenizer.json that are looked at here; the library reads the rest. */
interface TokenizerJson {
  added_tokens?: (AddedToken & { special?: boolean })[];
  model: {
    vocab: Record<string, number> | [string, number][];
    unk_token?: string;
    unk_id?: number | null;
    continuing_subword_prefix?: string | null;
  };
  decoder?: unknown;
  normalizer?: unknown;
  pre_tokenizer?: unknown;
  post_processor?: unknown;
}

/** The highest id that is taken: the library makes a list as long as that. */
const MAX_ID = (1 << 24) - 1;

/** Pieces kept with their ids: texts of a dataset repeat their words. */
const CACHED_PIECES = 50_000;

/**
 * Reads a `tokenizer.json`.
 *
 * @param json The file's text, or its parsed contents.
 * @returns The tokenizer.
 * @throws {InputError} If it is not JSON or not a tokenizer that the library can read.
 *
 * @example Special tokens have ids, but text never becomes one
 * ```ts
 * import { buildTokenizer, loadTokenizer } from "../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tokenizer = loadTokenizer(JSON.stringify(buildTokenizer(["a", "cube"])));
 * assertEquals(tokenizer.id("</s>"), 2);
 * assertEquals(tokenizer.encode("a </s>").includes(2), false);
 * assertEquals(tokenizer.decode([1, ...tokenizer.encode("a cube"), 2]), "a cube");
 * ```
 */
export function loadTokenizer(json: string | object): ChatTokenizer {
  let file: TokenizerJson;
  try {
    file = (typeof json === "string" ? JSON.parse(json) : json) as TokenizerJson;
  } catch (error) {
    throw new InputError(`tokenizer.json: expected JSON, found ${(error as Error).message}`);
  }
  if (typeof file?.model?.vocab !== "object" || file.model.vocab === null) {
    throw new InputError(
      "tokenizer.json: expected a model with a vocabulary, found none; export it with `tokenizers`",
    );
  }

  checkIds(file);
  const specials = new Map<string, number>();
  for (const token of file.added_tokens ?? []) if (token.special) specials.set(token.content, token.id);
  let hub: HubTokenizer, around: ChatTokenizer["around"];
  const ids = new Map<string, number>();
  try {
    const full = new HubTokenizer(withDefaults(file), { clean_up_tokenization_spaces: false });
    for (const [token, id] of full.get_vocab()) if (token !== undefined) ids.set(token, id);
    around = addedAround(full);
    hub = new HubTokenizer(withoutSpecials(file, specials), { clean_up_tokenization_spaces: false });
  } catch (error) {
    throw new InputError(
      `tokenizer.json: cannot be read by @huggingface/tokenizers: ${(error as Error).message}`,
    );
  }
  if (hub.model === null) throw new InputError("tokenizer.json: expected a model, found none");
  const model = hub.model;
  spellInBytes(model);
  boundReplacing(hub.normalizer);

  // Added tokens that are not special are part of the text: the library finds them, piece by piece would not.
  const addsOrdinary = (file.added_tokens ?? []).some((token) => !specials.has(token.content));
  const spellings = new Map([...specials].map(([token, id]) => [id, token]));
  let vocabSize = 0;
  for (const id of ids.values()) vocabSize = Math.max(vocabSize, id + 1);
  const cache = new Map<string, Piece>();
  const spelling = {
    unknown: unknownToken(file),
    continuing: file.model.continuing_subword_prefix ?? undefined,
  };

  /** The tokens of one piece, as the pre-tokenizer cuts it. */
  const pieceOf = (text: string): Piece => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const piece: Piece = { ids: [], tokens: [] };
    for (const token of model([text])) {
      const id = model.tokens_to_ids.get(token) ?? model.unk_token_id;
      if (id === undefined) continue;
      piece.ids.push(id);
      piece.tokens.push(token);
    }
    if (cache.size >= CACHED_PIECES) cache.clear();
    cache.set(text, piece);
    return piece;
  };
  const normalise = (text: string): string => hub.normalizer === null ? text : hub.normalizer(text);
  const cut = (normal: string, section: number): string[] =>
    hub.pre_tokenizer === null ? [normal] : hub.pre_tokenizer(normal, { section_index: section });
  const encodeRendered = renderedEncoder({
    added: file.added_tokens ?? [],
    normalise,
    prefix: holds(file.normalizer, "Prepend") ? normalise("") : "",
    cut: (normal, first) => cut(normal, first ? 0 : 1),
    bytes: holds(file.pre_tokenizer, "ByteLevel"),
    tokens(text) {
      const piece = pieceOf(text);
      piece.places ??= placesInPiece(text, piece.tokens, spelling);
      return { ids: piece.ids, ...piece.places };
    },
  });

  return {
    vocabSize,
    encode(text) {
      if (text === "") return [];
      if (addsOrdinary) return hub.encode(text, { add_special_tokens: false }).ids;
      return cut(normalise(text), 0).flatMap((piece) => pieceOf(piece).ids);
    },
    decode(tokenIds) {
      const plain: number[] = [];
      for (const id of tokenIds) if (id >= 0 && id < vocabSize && !spellings.has(id)) plain.push(id);
      return plain.length === 0 ? "" : hub.decode(plain);
    },
    id: (token) => ids.get(token),
    special: (id) => spellings.get(id),
    specials: [...specials.keys()],
    around,
    encodeRendered,
  };
}

/** The tokens of a piece; where they stand is found when it is asked for. */
interface Piece {
  ids: number[];
  tokens: string[];
  places?: Omit<PieceTokens, "ids">;
}

/** Whether a normaliser or pre-tokenizer is of a type, or has a step of it. */
function holds(step: unknown, type: string): boolean {
  if (typeof step !== "object" || step === null) return false;
  const { type: own, normalizers, pretokenizers } = step as Record<string, unknown>;
  return own === type ||
    [normalizers, pretokenizers].some((steps) =>
      Array.isArray(steps) && steps.some((inner) => holds(inner, type))
    );
}

/** The token that stands for what the vocabulary lacks. */
function unknownToken({ model: { vocab, unk_token, unk_id } }: TokenizerJson): string | undefined {
  return unk_token ?? (Array.isArray(vocab) && typeof unk_id === "number" ? vocab[unk_id]?.[0] : undefined);
}

/** What the post-processor puts around a text. */
function addedAround(full: HubTokenizer): ChatTokenizer["around"] {
  const text = "\u{10FFFF}";
  const tokens: string[] = full.post_processor === null
    ? [text]
    : full.post_processor([text], null, true).tokens;
  const at = tokens.indexOf(text);
  const ids = (part: string[]) =>
    part.map((token) => full.token_to_id(token)).filter((id): id is number => id !== undefined);
  return at < 0
    ? { before: [], after: [] }
    : { before: ids(tokens.slice(0, at)), after: ids(tokens.slice(at + 1)) };
}

/** Refuses ids that no vocabulary has, and added tokens that are none. */
function checkIds({ model: { vocab }, added_tokens }: TokenizerJson): void {
  const added = added_tokens ?? [];
  const check = (token: unknown, id: unknown) => {
    if (Number.isInteger(id) && id as number >= 0 && id as number <= MAX_ID) return;
    throw new InputError(
      `tokenizer.json: expected an id from 0 to ${MAX_ID} for ${JSON.stringify(token)}, found ${
        JSON.stringify(id)
      }`,
    );
  };
  if (!Array.isArray(vocab)) { for (const [token, id] of Object.entries(vocab)) check(token, id); }
  if (!Array.isArray(added)) {
    throw new InputError(
      `tokenizer.json: added_tokens: expected a list, found ${JSON.stringify(added)?.slice(0, 99)}`,
    );
  }
  for (const token of added) {
    if (typeof token?.content !== "string") {
      throw new InputError(
        `tokenizer.json: added_tokens: expected tokens with a content, found ${
          JSON.stringify(token)?.slice(0, 99)
        }`,
      );
    }
    check(token.content, token.id);
  }
}

/** The library insists on these keys, which exporters leave out when they are empty. */
function withDefaults(file: TokenizerJson): TokenizerJson {
  return {
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    added_tokens: [],
    ...file,
  } as TokenizerJson;
}

/** The same tokenizer with the special tokens out of reach, so that no text can be taken for one. */
function withoutSpecials(file: TokenizerJson, specials: Map<string, number>): TokenizerJson {
  const vocab = file.model.vocab;
  const hidden = (token: string) => specials.has(token) && token !== file.model.unk_token;
  return {
    ...withDefaults(file),
    added_tokens: (file.added_tokens ?? []).filter((token) => !specials.has(token.content)),
    model: {
      ...file.model,
      vocab: Array.isArray(vocab)
        // A list's ids are its places: the token stays, under a name that no text spells (a noncharacter).
        ? vocab.map((
          [token, score],
          id,
        ): [string, number] => [hidden(token) ? `\u{10FFFF}${id}` : token, score])
        : Object.fromEntries(Object.entries(vocab).filter(([token]) => !hidden(token))),
    },
  };
}
