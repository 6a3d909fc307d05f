/**
 * Whether a model learns to stop: the answers of conversations that hold a token that ends them.
 *
 * @module
 */

import type { EncodedConversation } from "./conversation.ts";

/**
 * Counts the answers that end with nothing that a model could learn to stop by.
 *
 * @param conversations Conversations as they are trained on; an answer is a stretch of their mask.
 * @param stops The ids that end an answer.
 * @returns How many answers hold none of them, and how many there are.
 *
 * @example The second of two answers does not end
 * ```ts
 * import { endlessAnswers } from "./answer_ends.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const conversation = { ids: Int32Array.of(1, 7, 2, 8, 9), mask: Uint8Array.of(0, 1, 1, 0, 1), images: [] };
 * assertEquals(endlessAnswers([conversation], [2]), { endless: 1, answers: 2 });
 * ```
 */
export function endlessAnswers(
  conversations: Iterable<Pick<EncodedConversation, "ids" | "mask">>,
  stops: readonly number[],
): { endless: number; answers: number } {
  let endless = 0, answers = 0;
  for (const { ids, mask } of conversations) {
    for (let at = 0; at < mask.length; at++) {
      if (mask[at] !== 1) continue;
      let ends = false;
      for (; mask[at] === 1; at++) ends ||= stops.includes(ids[at]!);
      answers++;
      if (!ends) endless++;
    }
  }
  return { endless, answers };
}
