import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { bootstrapInterval } from "../../src/metrics/interval.ts";
import { score } from "../../src/metrics/score.ts";
import { Random } from "../../src/random.ts";

const random = new Random(7);
const values = Array.from({ length: 300 }, () => 50 + 10 * random.normal());
const mean = values.reduce((a, b) => a + b, 0) / values.length;

Deno.test("bootstrapInterval is the normal interval where there are many values", () => {
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
  const half = 1.96 * deviation / Math.sqrt(values.length);
  const { low, high } = bootstrapInterval(values, { rounds: 20_000 });
  assertAlmostEquals(low, mean - half, 0.05 * half);
  assertAlmostEquals(high, mean + half, 0.05 * half);
});

Deno.test("bootstrapInterval of two values: a mean is one end in a quarter of the rounds, the middle in a half", () => {
  assertEquals(bootstrapInterval([0, 1]), { low: 0, high: 1 });
  assertEquals(bootstrapInterval([0, 1], { level: 0.4 }), { low: 0.5, high: 0.5 });
});

Deno.test("bootstrapInterval is decided by values and seed, not by their order", () => {
  const first = bootstrapInterval(values, { seed: 3 });
  assertEquals(bootstrapInterval(values, { seed: 3 }), first);
  assertEquals(bootstrapInterval(values.toReversed(), { seed: 3 }), first);
  assert(bootstrapInterval(values, { seed: 4 }).low !== first.low);
  // These bits are to stay: reports of one run must agree.
  assertEquals(bootstrapInterval([0, 0, 1, 1, 1, 2, 5], { seed: 0, rounds: 500 }), GOLD);
});

const GOLD = { low: 0.42857142857142855, high: 2.7142857142857144 };

Deno.test("bootstrapInterval moves and stretches with its values, and widens with the level", () => {
  const small = values.slice(0, 20);
  const one = bootstrapInterval(small);
  const other = bootstrapInterval(small.map((x) => 3 * x + 7));
  assertAlmostEquals(other.low, 3 * one.low + 7, 1e-9);
  assertAlmostEquals(other.high, 3 * one.high + 7, 1e-9);
  const wide = bootstrapInterval(small, { level: 0.99 });
  assert(wide.low < one.low && wide.high > one.high);
  assert(one.high - one.low > bootstrapInterval(values).high - bootstrapInterval(values).low);
});

Deno.test("bootstrapInterval holds the score of any metric, whose score is the mean of its items", () => {
  const captions = ["a red circle", "a blue square", "two bars over a sign", "a star left of a cross"];
  const result = score(
    "cider",
    captions.map((truth, i) => ({ truth, prediction: i % 2 ? truth : "a red star" })),
  );
  const { low, high } = bootstrapInterval(result.perItem, { seed: 1 });
  assert(low <= result.points && result.points <= high);
});

Deno.test("bootstrapInterval covers the truth about as often as it says", () => {
  let covered = 0;
  for (let k = 0; k < 200; k++) {
    const draw = new Random(k);
    const sample = Array.from({ length: 60 }, () => draw.next() < 0.3 ? 100 : 0);
    const { low, high } = bootstrapInterval(sample, { seed: k, rounds: 400 });
    if (low <= 30 && 30 <= high) covered++;
  }
  assert(covered >= 180 && covered <= 199, `${covered} of 200`);
});

Deno.test("bootstrapInterval of equal values has no width", () => {
  assertEquals(bootstrapInterval([100, 100, 100]), { low: 100, high: 100 });
  assertEquals(bootstrapInterval([3]), { low: 3, high: 3 });
});

Deno.test("bootstrapInterval refuses what has no mean", () => {
  assertThrows(() => bootstrapInterval([]), InputError, "interval: expected one value or more, found none");
  assertThrows(
    () => bootstrapInterval([1, NaN]),
    InputError,
    "interval, value 2: expected a finite number, found NaN",
  );
  assertThrows(
    () => bootstrapInterval([1], { rounds: 0 }),
    InputError,
    "expected rounds to be an integer from 1",
  );
  assertThrows(
    () => bootstrapInterval([1], { level: 1 }),
    InputError,
    "expected level to be between 0 and 1, found 1",
  );
});
