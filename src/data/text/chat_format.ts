/**
 * How conversations become tokens: what every layout offers.
 *
 * @module
 */

import type { Grid } from "../images/picture.ts";
import type { Sample } from "../types.ts";
import type { EncodedConversation } from "./conversation.ts";

/** The longest sequence that is wanted. */
export interface FormatOptions {
  /** Tokens. */
  maxTokens: number;
}

/** How conversations become tokens. */
export interface ChatFormat {
  /** What it is, in a few words: "LLaVA 1.5's layout", "the template in chat_template.jinja". */
  readonly name: string;
  /** The id that stands in a sequence for a feature of an image. */
  readonly imageId: number;
  /** The ids that end an answer in this layout; they are trained on. */
  readonly stops: readonly number[];
  /** What had to be guessed or is not heeded, a sentence each, to be said aloud. */
  readonly notes: readonly string[];
  /** Tokens that an image takes, what stands around its tiles not counted: placeholders, one a feature. */
  imageTokens(grid: Grid): number;
  /**
   * Lays a whole conversation out for training: ids and mask in one go, so that they cannot disagree.
   *
   * @param sample The conversation.
   * @param grids How each of its images is cut.
   * @param options The longest sequence.
   * @returns Ids, mask and image paths.
   * @throws {InputError} If an answer is empty, the layout refuses the conversation, or it has too many tokens.
   */
  encode(sample: Sample, grids: readonly Grid[], options: FormatOptions): EncodedConversation;
  /**
   * Lays out what the model reads before it answers one turn: the earlier turns with their true answers, the question,
   * and what an answer follows on.
   *
   * @param sample The conversation.
   * @param turn Which turn is asked, from 0; its answer is not looked at.
   * @param grids How each of the sample's images is cut.
   * @param options The longest sequence.
   * @returns Ids, and the paths of the images shown so far.
   * @throws {RangeError} If there is no such turn.
   * @throws {InputError} If the layout refuses it, or it has too many tokens.
   */
  promptOf(
    sample: Sample,
    turn: number,
    grids: readonly Grid[],
    options: FormatOptions,
  ): { ids: Int32Array; images: string[] };
}
