import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { meanInterval, rankCorrelation } from "../../../src/balance/compare/statistics.ts";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";

/** Half the width of the interval in units of deviation / √n: Student's t. */
function quantile(n: number, level: number): number {
  const values = Array.from({ length: n }, (_, i) => i);
  const { mean, high, deviation } = meanInterval(values, level);
  return (high! - mean) / (deviation! / Math.sqrt(n));
}

Deno.test("meanInterval uses Student's t of the tables", () => {
  const tables: [freedom: number, level: number, t: number][] = [
    [1, 0.95, 12.7062],
    [2, 0.95, 4.3027],
    [3, 0.95, 3.1824],
    [4, 0.95, 2.7764],
    [9, 0.95, 2.2622],
    [13, 0.95, 2.1604],
    [5, 0.9, 2.0150],
    [10, 0.99, 3.1693],
    [120, 0.95, 1.9799],
  ];
  for (const [freedom, level, t] of tables) {
    assertAlmostEquals(quantile(freedom + 1, level), t, 6e-5, `${freedom}`);
  }
});

Deno.test("meanInterval gives the hand-computed mean and deviation", () => {
  const { mean, deviation, n } = meanInterval([2, 4, 4, 4, 5, 5, 7, 9]);
  assertEquals([mean, n], [5, 8]);
  assertAlmostEquals(deviation!, Math.sqrt(32 / 7), 1e-12);
});

Deno.test("meanInterval of one value has no interval, of equal values a point", () => {
  assertEquals(meanInterval([3]), { mean: 3, deviation: null, low: null, high: null, n: 1 });
  assertEquals(meanInterval([3, 3, 3]), { mean: 3, deviation: 0, low: 3, high: 3, n: 3 });
});

Deno.test("meanInterval covers the true mean as often as its level says", () => {
  const random = new Random(2);
  let covered = 0;
  for (let k = 0; k < 2000; k++) {
    const { low, high } = meanInterval(Array.from({ length: 4 }, () => random.normal()), 0.9);
    if (low! <= 0 && high! >= 0) covered++;
  }
  assert(Math.abs(covered / 2000 - 0.9) < 0.025, `${covered / 2000}`);
});

Deno.test("meanInterval refuses what has no mean", () => {
  assertThrows(() => meanInterval([]), InputError, "expected one value or more, found none");
  assertThrows(() => meanInterval([1, NaN]), InputError, "expected finite values, found NaN");
  for (const level of [0, 1, NaN]) {
    assertThrows(() => meanInterval([1, 2], level), InputError, "level between 0 and 1");
  }
});

Deno.test("rankCorrelation gives hand-computed values", () => {
  assertEquals(rankCorrelation([1, 2, 3], [10, 200, 3000]), 1);
  assertEquals(rankCorrelation([1, 2, 3], [3, 2, 1]), -1);
  // 1 − 6·Σd² / (n(n² − 1)) with d = 0, 1, −2, 1 and n = 4
  assertAlmostEquals(rankCorrelation([1, 2, 3, 4], [1, 3, 1.5, 5])!, 0.8, 1e-12);
});

Deno.test("rankCorrelation shares the ranks of ties", () => {
  // ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / √(4.5 · 5)
  assertAlmostEquals(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])!, 4.5 / Math.sqrt(22.5), 1e-12);
});

Deno.test("rankCorrelation is symmetric and does not change under increasing functions", () => {
  const random = new Random(4);
  const a = Array.from({ length: 9 }, () => random.normal());
  const b = Array.from({ length: 9 }, () => random.normal());
  assertAlmostEquals(rankCorrelation(a, b)!, rankCorrelation(b, a)!, 1e-12);
  assertAlmostEquals(rankCorrelation(a.map(Math.exp), b)!, rankCorrelation(a, b)!, 1e-12);
});

Deno.test("rankCorrelation of a constant list is undefined, not NaN", () => {
  assertEquals(rankCorrelation([1, 1, 1], [1, 2, 3]), null);
  assertEquals(rankCorrelation([1], [1]), null);
});

Deno.test("rankCorrelation refuses lists that cannot be paired", () => {
  assertThrows(() => rankCorrelation([1], [1, 2]), InputError, "found 1 and 2 values");
  assertThrows(() => rankCorrelation([1, NaN], [1, 2]), InputError, "found NaN");
  assertThrows(() => rankCorrelation([], []), InputError, "found none");
});
