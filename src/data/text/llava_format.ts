/**
 * LLaVA 1.5's layout, for models without a chat template. With n placeholders an image:
 *
 *     <s> system USER: <image>*n question ASSISTANT: answer </s> USER: question ASSISTANT: answer </s> …
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { type Grid, UNCUT } from "../images/picture.ts";
import type { Sample } from "../types.ts";
import type { ChatFormat, FormatOptions } from "./chat_format.ts";
import {
  checkTurn,
  cutAtImages,
  emptyAnswer,
  type EncodedConversation,
  imagePlaces,
  placeholders,
  sampleName,
  tooLong,
} from "./conversation.ts";
import { placeholderCount } from "./image_prompt.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Ids of the tokens that hold a conversation together. */
interface Marks {
  start: number;
  end: number;
  image: number;
  user: number[];
  assistant: number[];
}

function marks(tokenizer: Tokenizer): Marks {
  const need = (token: string): number => {
    const id = tokenizer.id(token);
    if (id !== undefined) return id;
    throw new InputError(
      `tokenizer.json: expected the special token ${token}, found none. Without a chat template, conversations are laid ` +
        "out as LLaVA 1.5's: bring back chat_template.jinja, if the model came with one",
    );
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

/**
 * LLaVA 1.5's layout.
 *
 * @param tokenizer The tokenizer; it must know `<s>`, `</s>` and `<image>`.
 * @param tileTokens Placeholders a tile: the number of features the vision tower gives.
 * @returns The layout.
 * @throws {InputError} If the tokenizer lacks one of the three, or an image takes more placeholders than any model.
 *
 * @example The masked tokens are the answers
 * ```ts
 * import { buildTokenizer, llavaFormat, loadTokenizer } from "../mod.ts";
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
 * const format = llavaFormat(tokenizer, 2);
 * const { ids, mask } = format.encode(sample, [{ rows: 0, columns: 0 }], { maxTokens: 64 });
 * assertEquals(ids.length, 1 + 1 + 2 + 3 + 1 + 2 + 1);
 * assertEquals(tokenizer.decode(ids.filter((_, i) => mask[i] === 1)), "a cube");
 * ```
 */
export function llavaFormat(tokenizer: Tokenizer, tileTokens: number): ChatFormat {
  const mark = marks(tokenizer);
  const imageTokens = (grid: Grid) => placeholderCount(tileTokens, grid);
  imageTokens(UNCUT);

  /** Ids and mask of a sample's first `complete` turns, and of the question of the next one if `open`. */
  const layOut = (
    sample: Sample,
    complete: number,
    open: boolean,
    grids: readonly Grid[],
    { maxTokens }: FormatOptions,
  ): EncodedConversation => {
    if (grids.length !== sample.images.length) {
      throw new RangeError(
        `${sampleName(sample)}: expected ${sample.images.length} grids, found ${grids.length}`,
      );
    }
    const places = imagePlaces(sample);
    const ids: number[] = [mark.start];
    const answers: [from: number, to: number][] = [];
    let shown = 0;
    // Not spread into a call: a long text has more ids than a call takes arguments.
    const say = (text: string) => {
      for (const id of tokenizer.encode(text)) ids.push(id);
    };
    if (sample.system !== undefined) say(sample.system);
    for (let t = 0; t < complete + (open ? 1 : 0); t++) {
      const turn = sample.turns[t]!;
      ids.push(...mark.user);
      for (const [i, text] of cutAtImages(turn.question, places[t]!).entries()) {
        say(text);
        if (i === places[t]!.length) break;
        for (let n = imageTokens(grids[shown++]!); n > 0; n--) ids.push(mark.image);
      }
      ids.push(...mark.assistant);
      if (t === complete) break;
      const from = ids.length;
      say(turn.answer);
      if (ids.length === from) throw emptyAnswer(sample, t);
      ids.push(mark.end);
      answers.push([from, ids.length]);
    }
    if (ids.length > maxTokens) {
      throw tooLong(sample, ids.length, placeholders({ imageTokens }, grids.slice(0, shown)), maxTokens);
    }
    const mask = new Uint8Array(ids.length);
    for (const [from, to] of answers) mask.fill(1, from, to);
    return { ids: Int32Array.from(ids), mask, images: sample.images.slice(0, shown) };
  };

  return {
    name: "LLaVA 1.5's layout",
    imageId: mark.image,
    stops: [mark.end],
    notes: [],
    imageTokens,
    encode: (sample, grids, options) => layOut(sample, sample.turns.length, false, grids, options),
    promptOf(sample, turn, grids, options) {
      checkTurn(sample, turn);
      const { ids, images } = layOut(sample, turn, true, grids, options);
      return { ids, images };
    },
  };
}
