import { assertEquals } from "@std/assert";
import { validationCosts } from "../../../../src/report/sections/run/costs.ts";

Deno.test("validationCosts says what a method paid, over its seeds", () => {
  const part = (id: string, validation?: { seconds: number; tokens: number }) => ({
    part: id,
    conversations: 1,
    steps: 1,
    tokens: 1,
    answerTokens: 1,
    trainSeconds: 60,
    evaluateSeconds: 1,
    ...(validation && { validation }),
  });
  const costs = [
    part("seed-1/methods/ew"),
    part("seed-1/methods/coba", { seconds: 10, tokens: 2000 }),
    part("seed-2/methods/coba", { seconds: 20, tokens: 3000 }),
  ];
  assertEquals(validationCosts({ costs }, (id) => id.toUpperCase()), [
    "COBA validated while it tuned: 30 s of its 2 min 00 s of training, for 5 k tokens beside those it was trained on.",
  ]);
  assertEquals(validationCosts({ costs: costs.slice(0, 1) }, (id) => id), []);
});
