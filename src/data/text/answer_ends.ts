/**
 * Whether a model learns to stop: the conversations whose last answer holds a token that ends it.
 *
 * @module
 */

import type { EncodedConversation } from "./conversation.ts";

/**
 * Counts the conversations that end with nothing that a model could learn to stop by.
 *
 * @param conversations Conversations as they are trained on; an answer is a stretch of their mask.
 * @param stops The ids that end an answer.
 * @returns How many last answers hold none of them.
 *
 * @example The second conversation does not end
 * ```ts
 * import { endlessConversations } from "./answer_ends.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const mask = Uint8Array.of(0, 1, 1);
 * const conversations = [{ ids: Int32Array.of(1, 7, 2), mask }, { ids: Int32Array.of(1, 7, 8), mask }];
 * assertEquals(endlessConversations(conversations, [2]), 1);
 * ```
 */
export function endlessConversations(
  conversations: Iterable<Pick<EncodedConversation, "ids" | "mask">>,
  stops: readonly number[],
): number {
  let endless = 0;
  for (const { ids, mask } of conversations) {
    let at = mask.lastIndexOf(1), ends = false;
    for (; mask[at] === 1; at--) ends ||= stops.includes(ids[at]!);
    if (!ends) endless++;
  }
  return endless;
}
