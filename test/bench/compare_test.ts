import { assertAlmostEquals, assertEquals } from "@std/assert";
import { difference, worstDifference } from "../../src/bench/compare.ts";

Deno.test("difference is relative to the largest value", () => {
  assertEquals(difference([1, -2], [1, -2]), 0);
  assertAlmostEquals(difference([1.5, 100], [1, 100]), 0.005);
});

Deno.test("difference of the norms shows a drift that no single element shows", () => {
  const expected = new Float64Array(1000).fill(1);
  expected[0] = 1e4;
  const found = expected.map((x) => x === 1 ? 30 : x);
  assertEquals(difference(found, expected) > 0.0029, true);
  const drift = expected.map((x) => x * 1.01);
  assertAlmostEquals(difference(drift, expected), 0.01);
});

Deno.test("difference is infinite for other lengths and NaN for values that are not finite", () => {
  assertEquals(difference([1], [1, 2]), Infinity);
  assertEquals(difference([1, NaN], [1, 2]), NaN);
  assertEquals(difference([1, Infinity], [1, 2]), NaN);
});

Deno.test("worstDifference names the result, and does not miss one that is unknown", () => {
  const ours = { y: Float32Array.of(1, 2), dx: Float32Array.of(4), more: Float32Array.of(1) };
  assertEquals(worstDifference({ y: Float32Array.of(1, 2), dx: Float32Array.of(4) }, ours).error, 0);
  assertEquals(worstDifference({ y: Float32Array.of(1, 2), dx: Float32Array.of(5) }, ours), {
    error: 0.25,
    where: "dx",
  });
  assertEquals(worstDifference({ z: Float32Array.of(1) }, ours), { error: Infinity, where: "z" });
});
