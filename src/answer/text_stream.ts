/**
 * An answer as text while its tokens come.
 *
 * @module
 */

import type { Tokenizer } from "../data/text/tokenizer.ts";

/**
 * Turns tokens into text piece by piece. All tokens so far are decoded together, since what a token says depends on
 * those before it, and only what no later token changes is given out: not the beginning of a character of several bytes,
 * and no white space at the end, which a whole answer goes without.
 *
 * @example A word at a time
 * ```ts
 * import { buildTokenizer, loadTokenizer } from "../data/mod.ts";
 * import { TextStream } from "./text_stream.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tokenizer = loadTokenizer(buildTokenizer(["a", "cube"]));
 * const stream = new TextStream(tokenizer);
 * const pieces = tokenizer.encode("a cube").map((id) => stream.push(id));
 * assertEquals([...pieces, stream.end()].join(""), "a cube");
 * ```
 */
export class TextStream {
  readonly #tokenizer: Tokenizer;
  readonly #ids: number[] = [];
  #given = "";

  /** @param tokenizer The model's. */
  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  /**
   * Takes a token.
   *
   * @param id Its id.
   * @returns What can be shown now; often empty.
   */
  push(id: number): string {
    this.#ids.push(id);
    // A character of which bytes are missing shows as U+FFFD.
    return this.#give(this.#text().replace(/[\s\uFFFD]+$/, ""));
  }

  /** The rest, when no token comes any more; the whole on a line of its own where it differs from what was given. */
  end(): string {
    const text = this.#text();
    return text.startsWith(this.#given) ? this.#give(text) : `\n${text}`;
  }

  /** The whole text so far, without white space around it. */
  #text(): string {
    return this.#tokenizer.decode(this.#ids).trim();
  }

  /** What a text has beyond what was given; nothing for the moment if it does not begin with that. */
  #give(text: string): string {
    if (!text.startsWith(this.#given)) return "";
    const fresh = text.slice(this.#given.length);
    this.#given = text;
    return fresh;
  }
}
