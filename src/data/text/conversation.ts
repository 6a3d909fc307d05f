/**
 * Conversations as the model reads them: token ids, and which of them are trained on.
 *
 * The layout, with n placeholders an image:
 *
 *     <s> USER: <image>*n question ASSISTANT: answer </s> USER: question ASSISTANT: answer </s> …
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import type { Tokenizer } from "./tokenizer.ts";
import type { Sample } from "../types.ts";

/** How conversations are laid out. */
export interface LayoutOptions {
  /** Placeholders an image takes: the number of features the vision tower gives. */
  imageTokens: number;
  /** The longest sequence the model takes, in tokens. */
  maxTokens: number;
}

/** A conversation laid out for training. */
export interface EncodedConversation {
  /** Token ids, image placeholders expanded. */
  ids: Int32Array;
  /** 1 on the tokens of the answers and the `</s>` after each, 0 elsewhere; as long as `ids`. */
  mask: Uint8Array;
  /** Paths of the images, in the order of their placeholders. */
  images: string[];
}

/** Ids of the tokens that hold a conversation together. */
interface Marks {
  start: number;
  end: number;
  image: number;
  user: number[];
  assistant: number[];
}

/** What messages call a sample. */
export function sampleName(sample: Sample): string {
  return `${sample.file}, sample ${JSON.stringify(sample.id)} (task ${sample.task})`;
}

/** The error for a sample that takes more tokens than the model does. */
export function tooLong(sample: Sample, tokens: number, options: LayoutOptions): InputError {
  const visual = sample.images.length * options.imageTokens;
  return new InputError(
    `${sampleName(sample)}: expected at most ${options.maxTokens} tokens, found ${tokens}` +
      (visual > 0 ? ` (${visual} of them for its images)` : "") +
      "; shorten it, split its turns over several samples, or raise --max-tokens (up to the model's own limit)",
  );
}

function marks(tokenizer: Tokenizer): Marks {
  const need = (token: string): number => {
    const id = tokenizer.id(token);
    if (id === undefined) {
      throw new InputError(
        `tokenizer.json: expected the special token ${token}, found none. Conversations are laid out as LLaVA 1.5's; ` +
          "chat templates of other models are not read yet",
      );
    }
    return id;
  };
  // A tokenizer without the two role tokens spells them, as LLaVA 1.5 does.
  const role = (token: string): number[] => {
    const id = tokenizer.id(token);
    return id === undefined ? tokenizer.encode(token) : [id];
  };
  return {
    start: need("<s>"),
    end: need("</s>"),
    image: need("<image>"),
    user: role("USER:"),
    assistant: role("ASSISTANT:"),
  };
}

/** Ids and mask of a sample's first `complete` turns, and of the question of the next one if `open`. */
function layOut(
  tokenizer: Tokenizer,
  sample: Sample,
  complete: number,
  open: boolean,
  options: LayoutOptions,
): EncodedConversation {
  const mark = marks(tokenizer);
  const ids: number[] = [mark.start];
  const answers: [from: number, to: number][] = [];
  for (let t = 0; t < complete + (open ? 1 : 0); t++) {
    const turn = sample.turns[t]!;
    ids.push(...mark.user);
    if (t === 0) {
      for (let i = sample.images.length * options.imageTokens; i > 0; i--) ids.push(mark.image);
    }
    for (const id of tokenizer.encode(turn.question)) ids.push(id);
    ids.push(...mark.assistant);
    if (t === complete) break;
    const from = ids.length;
    for (const id of tokenizer.encode(turn.answer)) ids.push(id);
    if (ids.length === from) {
      throw new InputError(
        `${sampleName(sample)}, turn ${t + 1}: expected an answer to learn, found ${
          JSON.stringify(turn.answer)
        }; ` +
          "fill it in or remove the turn",
      );
    }
    ids.push(mark.end);
    answers.push([from, ids.length]);
  }
  if (ids.length > options.maxTokens) throw tooLong(sample, ids.length, options);
  const mask = new Uint8Array(ids.length);
  for (const [from, to] of answers) mask.fill(1, from, to);
  return { ids: Int32Array.from(ids), mask, images: sample.images };
}

/**
 * Lays a whole conversation out for training: ids and mask in one go, so that they cannot disagree.
 *
 * @param tokenizer The tokenizer; it must know `<s>`, `</s>` and `<image>`.
 * @param sample The conversation.
 * @param options Placeholders an image and the longest sequence.
 * @returns Ids, mask and image paths.
 * @throws {InputError} If an answer is empty, or the conversation has too many tokens.
 *
 * @example The masked tokens are the answers
 * ```ts
 * import { buildTokenizer, encodeConversation, loadTokenizer } from "../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tokenizer = loadTokenizer(buildTokenizer(["what", "is", "it?", "a", "cube"]));
 * const sample = {
 *   id: "1",
 *   task: "vqa",
 *   images: ["1.png"],
 *   turns: [{ question: "what is it?", answer: "a cube" }],
 *   file: "vqa_train.json",
 * };
 * const { ids, mask } = encodeConversation(tokenizer, sample, { imageTokens: 2, maxTokens: 64 });
 * assertEquals(ids.length, 1 + 1 + 2 + 3 + 1 + 2 + 1);
 * assertEquals(tokenizer.decode(ids.filter((_, i) => mask[i] === 1)), "a cube");
 * ```
 */
export function encodeConversation(
  tokenizer: Tokenizer,
  sample: Sample,
  options: LayoutOptions,
): EncodedConversation {
  return layOut(tokenizer, sample, sample.turns.length, false, options);
}

/**
 * Lays out what the model reads before it answers one turn: the earlier turns with their true answers, then the
 * question, up to and with `ASSISTANT:`. Together with the answer and `</s>` it is a prefix of
 * {@linkcode encodeConversation}'s ids.
 *
 * @param tokenizer The tokenizer.
 * @param sample The conversation.
 * @param turn Which turn is asked, from 0.
 * @param options Placeholders an image and the longest sequence.
 * @returns Ids and image paths.
 * @throws {RangeError} If there is no such turn.
 * @throws {InputError} If the prompt has too many tokens.
 */
export function encodePrompt(
  tokenizer: Tokenizer,
  sample: Sample,
  turn: number,
  options: LayoutOptions,
): { ids: Int32Array; images: string[] } {
  if (!Number.isInteger(turn) || turn < 0 || turn >= sample.turns.length) {
    throw new RangeError(
      `${sampleName(sample)}: expected a turn from 0 to ${sample.turns.length - 1}, found ${turn}`,
    );
  }
  const { ids, images } = layOut(tokenizer, sample, turn, true, options);
  return { ids, images };
}

/** Where each answer of a conversation stands: [from, to), its end token included. */
function answers({ mask }: EncodedConversation): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (let i = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    const from = i;
    while (mask[i]) i++;
    found.push([from, i]);
  }
  return found;
}

/**
 * What the model reads before it answers one turn of a conversation that is encoded already: the same as
 * {@linkcode encodePrompt} gives, a view of the conversation's ids.
 *
 * @param conversation The conversation.
 * @param turn Which turn is asked, from 0.
 * @returns Its ids up to the answer.
 * @throws {RangeError} If there is no such turn.
 */
export function promptOf(conversation: EncodedConversation, turn: number): Int32Array {
  const answer = answers(conversation)[turn];
  if (answer === undefined) throw new RangeError(`expected a turn of the conversation, found ${turn}`);
  return conversation.ids.subarray(0, answer[0]);
}

/**
 * The longest answer of some conversations.
 *
 * @param conversations The conversations.
 * @returns Its tokens, the one that ends it not included; 0 if there are none.
 */
export function longestAnswer(conversations: Iterable<EncodedConversation>): number {
  let longest = 0;
  for (const conversation of conversations) {
    for (const [from, to] of answers(conversation)) longest = Math.max(longest, to - from - 1);
  }
  return longest;
}
