import { assertEquals } from "@std/assert";
import { SeenTokens } from "../../../src/lmm/generation/seen.ts";

Deno.test("seen tokens: their logits shrink once, however often they were seen", () => {
  const seen = new SeenTokens(40, [0, 31, 31, 32, 39]);
  const logits = Float32Array.from({ length: 40 }, (_, id) => id % 2 === 0 ? 3 : -3);
  const expected = logits.slice();
  for (const id of [0, 32]) expected[id] = 2;
  for (const id of [31, 39]) expected[id] = -4.5;
  assertEquals(seen.penalised(logits, 1.5), expected);
  seen.add(2);
  expected[2] = 2;
  assertEquals(seen.penalised(logits, 1.5), expected);
  assertEquals([...seen.words], [(1 | 1 << 31 | 1 << 2) | 0, 1 | 1 << 7]);
});

Deno.test("seen tokens: an image's placeholder beyond the vocabulary is no logit's", () => {
  const seen = new SeenTokens(3, [1, 3, 40, 1000]);
  assertEquals([...seen.words], [2]);
  assertEquals(seen.penalised(Float32Array.of(1, 1, 1), 2), Float32Array.of(1, 0.5, 1));
});
