import { assertEquals } from "@std/assert";
import { endlessConversations } from "../../../src/data/text/answer_ends.ts";

const conversation = (ids: number[], mask: number[]) => ({
  ids: Int32Array.from(ids),
  mask: Uint8Array.from(mask),
});

Deno.test("a conversation ends whose last answer holds a stop, wherever it stands in it; one outside of answers ends none", () => {
  const first = conversation([1, 7, 2, 9, 8, 3, 4, 2], [0, 1, 1, 0, 1, 1, 1, 0]);
  assertEquals(endlessConversations([first], [2]), 1);
  assertEquals(endlessConversations([first], [9, 3]), 0);
  assertEquals(endlessConversations([first, first], []), 2);
  assertEquals(endlessConversations([conversation([1, 2], [0, 0]), conversation([2], [1])], [2]), 1);
});
