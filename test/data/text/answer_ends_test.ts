import { assertEquals } from "@std/assert";
import { endlessAnswers } from "../../../src/data/text/answer_ends.ts";

const conversation = (ids: number[], mask: number[]) => ({
  ids: Int32Array.from(ids),
  mask: Uint8Array.from(mask),
});

Deno.test("an answer ends that holds a stop, wherever it stands in it; a stop outside of answers ends none", () => {
  const first = conversation([1, 7, 2, 9, 8, 3, 4, 2], [0, 1, 1, 0, 1, 1, 1, 0]);
  assertEquals(endlessAnswers([first], [2]), { endless: 1, answers: 2 });
  assertEquals(endlessAnswers([first], [2, 3]), { endless: 0, answers: 2 });
  assertEquals(endlessAnswers([first, first], []), { endless: 4, answers: 4 });
  assertEquals(endlessAnswers([conversation([1, 2], [0, 0]), conversation([2], [1])], [2]), {
    endless: 0,
    answers: 1,
  });
});
