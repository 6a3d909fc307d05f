import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  bytes,
  count,
  digits,
  duration,
  fixed,
  list,
  plural,
  plusMinus,
  pValue,
  short,
  signedPlusMinus,
  withEnds,
} from "../../../src/report/kit/numbers.ts";
import { deviation, mean, samplingError, samplingInterval } from "../../../src/report/kit/statistics.ts";

Deno.test("numbers as a reader sees them", () => {
  assertEquals([fixed(-0.04), fixed(-1.25, 2), fixed(null), fixed(Infinity)], ["0.0", "−1.25", "–", "–"]);
  assertEquals([count(1234567), count(999), count(NaN)], ["1,234,567", "999", "–"]);
  assertEquals([short(1_254_000), short(320_400), short(87), short(2e9)], ["1.25 M", "320 k", "87", "2 G"]);
  assertEquals(
    [duration(0.44), duration(59.7), duration(252), duration(7499), duration(undefined)],
    ["0.4 s", "1 min 00 s", "4 min 12 s", "2 h 05 min", "–"],
  );
  assertEquals([digits(0.01234), digits(9.996), digits(99.97), digits(12340), digits(0), digits(null)], [
    "0.0123",
    "10.0",
    "100",
    "12,340",
    "0",
    "–",
  ]);
  assertEquals([bytes(512), bytes(1536), bytes(7_307_264), bytes(null)], [
    "512 B",
    "1.54 kB",
    "7.31 MB",
    "–",
  ]);
  assertEquals([plusMinus(1, 0.25, 2), plusMinus(1, null), plusMinus(null, 1)], ["1.00 ± 0.25", "1.0", "–"]);
  assertEquals([signedPlusMinus(1, 0.5), signedPlusMinus(-1, null)], ["+1.0 ± 0.5", "−1.0"]);
  assertEquals([list([]), list(["a"]), list(["a", "b", "c"])], ["", "a", "a, b and c"]);
  assertEquals([plural(1, "seed"), plural(2, "seed"), plural(0, "box", "boxes")], [
    "1 seed",
    "2 seeds",
    "0 boxes",
  ]);
});

Deno.test("p-values and intervals", () => {
  assertEquals([0.0341, 0.0004, 1, NaN, null].map(pValue), ["p = 0.034", "p < 0.001", "p = 1", "–", "–"]);
  assertEquals(withEnds(5, null), "5.0");
  assertEquals(withEnds(null, { low: 1, high: 2 }), "–");
  assertEquals(samplingInterval(50, 0), null);
  assertEquals(samplingInterval(0, 10)!.low, 0);
});

Deno.test("statistics of lists with holes", () => {
  assertEquals([mean([1, null, 3, NaN]), mean([]), deviation([5]), deviation([null, 2])], [
    2,
    null,
    null,
    null,
  ]);
  assertAlmostEquals(deviation([1, 2, 3, undefined])!, 1);
  assertAlmostEquals(samplingError(50, 100)!, 9.62, 0.01);
  // A score of 0 or 100 is not certain.
  assertEquals([samplingError(100, 10)! > 5, samplingError(50, 0), samplingError(NaN, 10)], [
    true,
    null,
    null,
  ]);
});
