/**
 * Conversations as the model reads them: token ids, and which of them are trained on.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import type { Grid } from "../images/picture.ts";
import type { Sample } from "../types.ts";

/** A conversation laid out for training. */
export interface EncodedConversation {
  /** Token ids, image placeholders expanded. */
  ids: Int32Array;
  /** 1 on the tokens of the answers and the one that ends each, 0 elsewhere; as long as `ids`. */
  mask: Uint8Array;
  /** Paths of the images, in the order of their placeholders. */
  images: string[];
}

/** What messages call a sample. */
export function sampleName(sample: Sample): string {
  return `${sample.file}, sample ${JSON.stringify(sample.id)} (task ${sample.task})`;
}

/** The error for an answer that is no token long: it teaches nothing. */
export function emptyAnswer(sample: Sample, turn: number): InputError {
  return new InputError(
    `${sampleName(sample)}, turn ${turn + 1}: expected an answer to learn, found ${
      JSON.stringify(sample.turns[turn]!.answer)
    }; fill it in or remove the turn`,
  );
}

/**
 * Refuses a turn that is not there.
 *
 * @throws {RangeError} If the conversation has no such turn.
 */
export function checkTurn(sample: Sample, turn: number): void {
  if (Number.isInteger(turn) && turn >= 0 && turn < sample.turns.length) return;
  throw new RangeError(
    `${sampleName(sample)}: expected a turn from 0 to ${sample.turns.length - 1}, found ${turn}`,
  );
}

/**
 * The error for a sample that takes more tokens than the model does.
 *
 * @param sample The sample.
 * @param tokens Its tokens.
 * @param visual Those of them that its images take.
 * @param most What the model takes.
 */
export function tooLong(sample: Sample, tokens: number, visual: number, most: number): InputError {
  return new InputError(
    `${sampleName(sample)}: expected at most ${most} tokens, found ${tokens}` +
      (visual > 0 ? ` (${visual} of them for its images)` : "") +
      "; shorten it, split its turns over several samples, or raise --max-tokens (up to the model's own limit)",
  );
}

/**
 * Where the images of each turn stand.
 *
 * @param sample A conversation.
 * @returns One list of offsets into the question a turn.
 * @throws {InputError} If there are not as many places as images, or one lies outside its question.
 */
export function imagePlaces(sample: Sample): readonly (readonly number[])[] {
  const { images, turns } = sample;
  if (turns.every(({ places }) => places === undefined)) {
    return turns.map((_, turn) => turn === 0 ? images.map(() => 0) : []);
  }
  const places = turns.map(({ places = [] }) => places);
  const count = places.flat().length;
  if (count !== images.length) {
    throw new InputError(
      `${sampleName(sample)}: expected as many places as images, found ${count} and ${images.length}`,
    );
  }
  places.forEach((own, turn) => {
    const { length } = turns[turn]!.question;
    if (own.every((at, i) => Number.isInteger(at) && at >= (own[i - 1] ?? 0) && at <= length)) return;
    throw new InputError(
      `${sampleName(sample)}, turn ${turn + 1}: expected ascending places from 0 to ${length}, found ${
        own.join(", ")
      }`,
    );
  });
  return places;
}

/**
 * Cuts a question where its images stand.
 *
 * @param question The text.
 * @param places Offsets, ascending.
 * @returns One text more than there are places: an image stands between each two.
 */
export function cutAtImages(question: string, places: readonly number[]): string[] {
  return [...places, question.length].map((end, i) => question.slice(places[i - 1] ?? 0, end));
}

/**
 * The longest answer of some conversations.
 *
 * @param conversations The conversations.
 * @returns Its tokens, the one that ends it not included; 0 if there are none.
 */
export function longestAnswer(conversations: Iterable<EncodedConversation>): number {
  let longest = 0;
  for (const { mask } of conversations) {
    for (let from = 0; from < mask.length; from++) {
      if (!mask[from]) continue;
      let to = from;
      while (mask[to]) to++;
      longest = Math.max(longest, to - from - 1);
      from = to;
    }
  }
  return longest;
}

/** The placeholders that images take. */
export function placeholders(
  format: { imageTokens(grid: Grid): number },
  grids: readonly Grid[],
): number {
  return grids.reduce((sum, grid) => sum + format.imageTokens(grid), 0);
}
