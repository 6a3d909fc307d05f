import { assertEquals } from "@std/assert";
import { statistics } from "../../../tasks/lib/ask.ts";

Deno.test("ask: statistics in a line", () => {
  const reply = {
    answer: "a",
    ended: "stop",
    stop: 2,
    promptTokens: 81,
    imageTokens: 64,
    reusedTokens: 5,
  } as const;
  assertEquals(
    statistics({ ...reply, tokens: 11, seconds: { first: 0.5, all: 2.5 } }),
    "prompt 81 tokens (64 of images, 5 known before) · first token after 0.5 s · 11 tokens in 2.5 s · 5.0 tokens/s",
  );
  assertEquals(
    statistics({ ...reply, tokens: 0, seconds: { first: 0.5, all: 0.5 } }),
    "prompt 81 tokens (64 of images, 5 known before) · first token after 0.5 s · 0 tokens in 0.5 s",
  );
});
