import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { checkAlpha, mixWeights } from "../../../src/balance/cotbal/mix_weights.ts";
import { InputError } from "../../../src/errors.ts";

const parts = { out: [0.5, 1.5], in: [1.2, 0.8], difficulty: [1.75, 0.25] };

Deno.test("mixWeights is the weighted sum (eq. 8)", () => {
  assertEquals(mixWeights(parts, { out: 0.25, in: 0.25, difficulty: 0.5 }), [1.3, 0.7]);
});

Deno.test("mixWeights with one share is that part", () => {
  assertEquals(mixWeights(parts, { out: 1, in: 0, difficulty: 0 }), parts.out);
  assertEquals(mixWeights(parts, { out: 0, in: 1, difficulty: 0 }), parts.in);
  assertEquals(mixWeights(parts, { out: 0, in: 0, difficulty: 1 }), parts.difficulty);
});

Deno.test("mixWeights keeps the sum", () => {
  const [a, b] = mixWeights(parts, { out: 1 / 3, in: 1 / 3, difficulty: 1 / 3 });
  assertAlmostEquals(a! + b!, 2, 1e-12);
});

Deno.test("mixWeights refuses lists of different lengths", () => {
  assertThrows(
    () => mixWeights({ ...parts, in: [1] }, { out: 1, in: 0, difficulty: 0 }),
    InputError,
    "found 2 (out), 1 (in), 2 (difficulty)",
  );
});

Deno.test("checkAlpha refuses shares that are negative, not numbers, or do not sum to 1", () => {
  assertThrows(() => checkAlpha({ out: -0.5, in: 0.5, difficulty: 1 }), InputError, "found -0.5, 0.5, 1");
  assertThrows(() => checkAlpha({ out: NaN, in: 0.5, difficulty: 0.5 }), InputError, "shares of 0 or more");
  assertThrows(
    () => checkAlpha({ out: 0.5, in: 0.5, difficulty: 0.5 }),
    InputError,
    "sum to 1, found 0.5, 0.5, 0.5",
  );
  assertThrows(() => checkAlpha({ out: Infinity, in: 0, difficulty: 0 }), InputError, "sum to 1");
});
