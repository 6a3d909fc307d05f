import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { correctedDifferences, pairedDifference } from "../../../src/balance/compare/paired.ts";
import { meanInterval } from "../../../src/balance/compare/statistics.ts";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";

Deno.test("pairedDifference is the paired t-test", () => {
  // Student's own example (1908), sleep gained by two drugs: t = 4.0621 with 9 degrees of freedom, p = 0.00283.
  const a = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  const b = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const { mean, p, low, high } = pairedDifference(a, b);
  assertAlmostEquals(mean, 1.58, 1e-12);
  assertAlmostEquals(p!, 0.002833, 1e-6);
  assertAlmostEquals(low!, 0.7001, 1e-4);
  assertAlmostEquals(high!, 2.4599, 1e-4);
});

Deno.test("pairedDifference: p is below 5% just where the 95% interval leaves out 0", () => {
  const random = new Random(1);
  for (let k = 0; k < 200; k++) {
    const list = () => Array.from({ length: 5 }, () => random.normal());
    const { low, high, p } = pairedDifference(list().map((x) => x + 1), list());
    assertEquals(p! < 0.05, low! > 0 || high! < 0);
  }
});

Deno.test("pairedDifference of one seed has no p, of equal differences a plain one", () => {
  assertEquals(pairedDifference([3], [1]), { ...meanInterval([2]), p: null });
  assertEquals(pairedDifference([3, 3], [1, 1]).p, 0);
  assertEquals(pairedDifference([3, 1], [3, 1]).p, 1);
  assertThrows(() => pairedDifference([1, 2], [1]), InputError, "found 2 and 1");
});

Deno.test("correctedDifferences widens intervals and raises p by the number of comparisons", () => {
  const pairs: [number[], number[]][] = [[[3, 5, 4, 6], [1, 2, 1, 3]], [[1, 2, 1, 2], [1, 1, 2, 1]]];
  const [first, second] = correctedDifferences(pairs);
  const differences = pairs[0]![0].map((x, i) => x - pairs[0]![1][i]!);
  const { low, high } = meanInterval(differences, 0.975);
  assertEquals(first!.wide, { low: low!, high: high! });
  assertEquals(first!.corrected, 2 * first!.p!);
  assertEquals(second!.corrected, Math.max(first!.corrected!, second!.p!));
  // One comparison is not corrected.
  const [alone] = correctedDifferences(pairs.slice(0, 1));
  assertEquals([alone!.corrected, alone!.wide!.low], [alone!.p, alone!.low]);
  assertEquals(correctedDifferences([[[1], [2]]])[0]!.wide, null);
  assertEquals(correctedDifferences([]), []);
});

Deno.test("correctedDifferences makes a wrong claim in at most 5% of runs, however many methods", () => {
  const random = new Random(5);
  let wrong = 0, uncorrected = 0, outside = 0;
  for (let k = 0; k < 400; k++) {
    // All methods are compared with one reference, so their differences hang together.
    const reference = Array.from({ length: 6 }, () => random.normal());
    const found = correctedDifferences(
      Array.from({ length: 5 }, () => [Array.from({ length: 6 }, () => random.normal()), reference] as const),
    );
    if (found.some(({ corrected }) => corrected! < 0.05)) wrong++;
    if (found.some(({ p }) => p! < 0.05)) uncorrected++;
    if (found.some(({ wide }) => wide!.low > 0 || wide!.high < 0)) outside++;
  }
  assert(wrong / 400 < 0.07, `${wrong}`);
  assert(outside / 400 < 0.07, `${outside}`);
  assert(uncorrected / 400 > 0.1, `${uncorrected}`);
});
