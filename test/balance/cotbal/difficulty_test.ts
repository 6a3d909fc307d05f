import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { difficulties } from "../../../src/balance/cotbal/difficulty.ts";
import { InputError } from "../../../src/errors.ts";

Deno.test("difficulty is 1 minus the ratio (eq. 6), not the ratio", () => {
  assertEquals(difficulties([30, 10, 50], [40, 40, 50]), [0.25, 0.75, 0]);
});

Deno.test("difficulty does not depend on the scale of the scores", () => {
  const [a] = difficulties([0.3], [0.4]);
  const [b] = difficulties([30], [40]);
  assertAlmostEquals(a!, b!, 1e-12);
});

Deno.test("difficulty is 1 where the mini subset teaches nothing, and below 0 where more data hurt", () => {
  assertEquals(difficulties([0, 50], [20, 40]), [1, -0.25]);
});

Deno.test("difficulty is undefined where the large subset's score is not above 0", () => {
  assertEquals(difficulties([0, 5, 5], [0, 0, -1]), [null, null, null]);
});

Deno.test("difficulty above a floor takes away what comes without looking", () => {
  assertEquals(difficulties([45, 30], [60, 40], [30, 0]), [0.5, 0.25]);
  // Without the floor, the first looks as easy as the second.
  assertEquals(difficulties([45, 30], [60, 40]), [0.25, 0.25]);
});

Deno.test("difficulty of a mini score under the floor is 1, of a large one undefined", () => {
  assertEquals(difficulties([20, 20], [60, 25], [30, 30]), [1, null]);
});

Deno.test("difficulty without a floor does not clip a negative score", () => {
  assertEquals(difficulties([-10], [20]), [1.5]);
});

Deno.test("difficulty refuses lists of different lengths", () => {
  assertThrows(
    () => difficulties([1, 2], [3]),
    InputError,
    "V(i+mini): expected 2 scores, one a task, found 1",
  );
  assertThrows(
    () => difficulties([1], [3], [0, 0]),
    InputError,
    "floor: expected 1 scores, one a task, found 2",
  );
});
