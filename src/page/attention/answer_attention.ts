/**
 * Where a model looked while it answered.
 *
 * @module
 */

import { tileCount } from "../../data/images/picture.ts";
import type { Tokenizer } from "../../data/text/tokenizer.ts";
import type { AttentionMaps } from "../../lmm/generation/attention_maps.ts";
import { type Heat, heatOf, type SeenPicture, type TileTokens } from "./patches.ts";

/** What was read and answered. */
export interface ReadText {
  /** Ids of the prompt, image placeholders included. */
  prompt: Int32Array;
  /** Ids of the answer. */
  answer: Int32Array;
  /** The image placeholder. */
  imageId: number;
  /** Turns ids into text. */
  tokenizer: Tokenizer;
  /** How a tile's tokens lie on it. */
  tile: TileTokens;
  /** The pictures of the prompt, in order. */
  pictures: readonly SeenPicture[];
}

/** What a token of an answer attended to; all shares together are 1. */
export interface TokenAttention {
  /** One a picture. */
  pictures: Heat[];
  /** The share of all pictures' tokens. */
  onPictures: number;
  /** The tokens of the text before it, with their shares. */
  words: { text: string; share: number }[];
}

/** Attention of the tokens of an answer. */
export class AnswerAttention {
  /** Layers of the language model. */
  readonly layers: number;
  readonly #maps: AttentionMaps;
  readonly #read: ReadText;

  /**
   * What was computed, and of what.
   *
   * @param maps The probabilities.
   * @param read The text that they belong to.
   */
  constructor(maps: AttentionMaps, read: ReadText) {
    this.layers = maps.layers.length;
    this.#maps = maps;
    this.#read = read;
  }

  /**
   * What one token attended to when it was chosen.
   *
   * @param token Which token of the answer, from 0.
   * @param layer Which layer, from 0; the mean over all layers if left out.
   * @returns Shares of the pictures' places and of the words.
   */
  of(token: number, layer?: number): TokenAttention {
    const row = this.#row(token, layer);
    const { prompt, answer, imageId, tokenizer, tile, pictures } = this.#read;
    const perTile = tile.before + tile.side ** 2;
    const words: TokenAttention["words"] = [], places: number[] = [];
    // The row before a token's own is the last that it saw.
    for (let at = 0; at < prompt.length + token; at++) {
      const id = at < prompt.length ? prompt[at]! : answer[at - prompt.length]!;
      if (id === imageId) places.push(row[at]!);
      else words.push({ text: tokenizer.special(id) ?? tokenizer.decode([id]), share: row[at]! });
    }
    let first = 0;
    const heats = pictures.map((picture) => {
      const end = first + perTile * tileCount(picture.grid);
      const heat = heatOf(places.slice(first, end), tile, picture);
      first = end;
      return heat;
    });
    return { pictures: heats, onPictures: places.reduce((sum, share) => sum + share, 0), words };
  }

  #row(token: number, layer: number | undefined): Float64Array {
    const { length, layers } = this.#maps;
    const of = (map: Float32Array) => map.subarray(token * length, (token + 1) * length);
    if (layer !== undefined) return Float64Array.from(of(layers[layer]!));
    const mean = new Float64Array(length);
    for (const map of layers) of(map).forEach((share, i) => mean[i]! += share / layers.length);
    return mean;
  }
}
