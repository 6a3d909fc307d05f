import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { distance, norm } from "../../src/lmm/distance.ts";

Deno.test("norms and distances", () => {
  assertEquals(norm([3, 4]), 5);
  assertEquals(distance([1, 2], [1, 2]), 0);
  assertEquals(distance([0, 0], [0, 0]), 0, "nothing is 0 away from nothing");
  assertAlmostEquals(distance([3, 4.5], [3, 4]), 0.1, 1e-12);
  assertAlmostEquals(distance([3, 4.5], [3, 4], 10), 0.05, 1e-12);
  assertEquals(distance([1], [0]), Infinity);
  assert(Number.isNaN(distance([NaN], [1])));
  assertThrows(() => distance([1], [1, 2]), Error, "1 values, expected 2");
});
