/**
 * Questions and answers that go on.
 *
 * @module
 */

import type { ImageStore } from "../data/images/image_store.ts";
import { placeholders } from "../data/text/conversation.ts";
import type { Sample, Turn } from "../data/types.ts";
import type { AnswerOptions } from "../lmm/generation/options.ts";
import type { CheckpointFiles } from "../train/checkpoint.ts";
import { encodeTiles, tilesTogether } from "../train/encode_tiles.ts";
import type { EngineModel, EngineSession } from "../train/engine.ts";
import { lastPrompt } from "./prompt.ts";
import { TextStream } from "./text_stream.ts";

/** How a question is to be answered. */
export interface ReplyOptions extends Omit<AnswerOptions, "stops" | "onToken"> {
  /** Called with the answer's text, piece by piece, as it is made. */
  onText?: (piece: string) => void;
}

/** An answer and what it took. */
export interface Reply {
  /** The answer, without white space around it. */
  answer: string;
  /** Why it ended: by itself, or because it was as long as it may be. */
  ended: "stop" | "length";
  /** The id of the token that ended it. */
  stop: number | undefined;
  /** Tokens of the answer. */
  tokens: number;
  /** Tokens of the prompt, those of images included. */
  promptTokens: number;
  /** Tokens of the prompt that stand for images. */
  imageTokens: number;
  /** Tokens of the prompt that had been read before. */
  reusedTokens: number;
  /** Seconds from the question to the first token, and to the last. */
  seconds: { first: number; all: number };
}

/** What of a model a conversation needs. */
export type AnsweringModel = Pick<
  EngineModel,
  "imageSize" | "maxPositions" | "encodeImages" | "session" | "destroy"
>;

/** What of a store of images a conversation needs. */
export type Pictures = Pick<ImageStore, "tiles" | "grid">;

/** A conversation with a model. */
export class Dialogue {
  readonly #checkpoint: CheckpointFiles;
  readonly #store: Pictures;
  readonly #model: AnsweringModel;
  readonly #session: EngineSession;
  readonly #features = new Map<string, Float32Array[]>();
  readonly #images: string[];
  readonly #turns: Turn[] = [];
  /** Images that stand in the turns so far. */
  #shown = 0;
  #asked = 0;

  /**
   * A conversation in which nothing was said.
   *
   * @param checkpoint What the model was loaded from.
   * @param model The model.
   * @param store Gives the tiles of an image by its path.
   * @param images Paths of the images that the first question is about, in order; may be empty.
   */
  constructor(
    checkpoint: CheckpointFiles,
    model: AnsweringModel,
    store: Pictures,
    images: readonly string[],
  ) {
    this.#checkpoint = checkpoint;
    this.#store = store;
    this.#model = model;
    this.#images = [...images];
    this.#session = model.session();
  }

  /** Paths of the images so far. */
  get images(): readonly string[] {
    return this.#images;
  }

  /**
   * Adds an image: it stands before the next question.
   *
   * @param path A PNG, JPEG or WebP file.
   * @throws {InputError} If it cannot be read.
   */
  async add(path: string) {
    await this.#store.tiles(path);
    this.#images.push(path);
  }

  /**
   * Asks the next question; what was said before stays known. A turn whose answer is empty is left out of what follows.
   *
   * @param question The question.
   * @param options How it is to be answered.
   * @returns The answer.
   * @throws {InputError} If the conversation is too long for the model.
   */
  async ask(question: string, options: ReplyOptions): Promise<Reply> {
    const began = performance.now();
    const since = () => (performance.now() - began) / 1000;
    const { onText, seed = 0, ...rest } = options;
    const { tokenizer, stops } = this.#checkpoint;
    const places = this.#images.slice(this.#shown).map(() => 0);
    const turn: Turn = { question, places, answer: "" };
    const sample: Sample = {
      id: "1",
      task: "question",
      images: this.#images,
      turns: [...this.#turns, turn],
      file: "command line",
    };
    const grids = await Promise.all(this.#images.map((path) => this.#store.grid(path)));
    const { ids, images } = lastPrompt(this.#checkpoint, this.#model, sample, grids);
    const tiles = await this.#read(images);
    const prompt = { ids, images: tiles };
    const text = new TextStream(tokenizer);
    let first: number | undefined;
    const { ids: said, stop, reused } = await this.#session.answer(prompt, {
      ...rest,
      // A stream a question; the first draws as a question by itself does.
      seed: this.#asked === 0 ? seed : `${seed}, question ${this.#asked + 1}`,
      maxNewTokens: Math.min(options.maxNewTokens, this.#model.maxPositions - ids.length),
      stops,
      onToken: (id) => {
        first ??= since();
        const piece = text.push(id);
        if (piece !== "") onText?.(piece);
      },
    });
    const piece = text.end();
    if (piece !== "") onText?.(piece);
    this.#asked++;
    const answer = tokenizer.decode(said).trim();
    if (answer !== "") {
      this.#turns.push({ ...turn, answer });
      this.#shown = this.#images.length;
    }
    const all = since();
    return {
      answer,
      ended: stop === undefined ? "length" : "stop",
      stop,
      tokens: said.length,
      promptTokens: ids.length,
      imageTokens: placeholders(this.#checkpoint.format, grids),
      reusedTokens: reused,
      seconds: { first: first ?? all, all },
    };
  }

  /** Features of images' tiles, in order; each image is encoded once. */
  async #read(paths: readonly string[]): Promise<Float32Array[]> {
    const fresh = [...new Set(paths)].filter((path) => !this.#features.has(path));
    const store = this.#store, model = this.#model;
    const pictures = async function* () {
      for (const path of fresh) yield await store.tiles(path);
    };
    const encode = (tiles: Float32Array[]) => model.encodeImages(tiles);
    let done = 0;
    for await (const finished of encodeTiles(encode, pictures(), tilesTogether(model.imageSize))) {
      for (const picture of finished) this.#features.set(fresh[done++]!, picture);
    }
    return paths.flatMap((path) => this.#features.get(path)!);
  }

  /** Frees what the conversation holds; the model stays. */
  end() {
    this.#session.destroy();
  }

  /** Frees the model too. */
  close() {
    this.end();
    this.#model.destroy();
  }
}
