import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { softmaxWeights } from "../../../src/balance/cotbal/softmax.ts";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

Deno.test("softmaxWeights gives hand-computed weights", () => {
  // exp(0) : exp(ln 3) = 1 : 3 at T = 1
  const weights = softmaxWeights([0, Math.log(3)], 1);
  assertAlmostEquals(weights[0]!, 0.5, 1e-15);
  assertAlmostEquals(weights[1]!, 1.5, 1e-15);
  // Half the temperature squares the ratio.
  const colder = softmaxWeights([0, Math.log(3)], 0.5);
  assertAlmostEquals(colder[0]!, 0.2, 1e-15);
  assertAlmostEquals(colder[1]!, 1.8, 1e-15);
});

Deno.test("softmaxWeights sums to the number of tasks", () => {
  const random = new Random(1);
  for (let n = 1; n <= 12; n++) {
    const values = Array.from({ length: n }, () => random.normal());
    for (const T of [0.05, 0.5, 3]) assertAlmostEquals(sum(softmaxWeights(values, T)), n, 1e-12);
  }
});

Deno.test("softmaxWeights does not change when a constant is added", () => {
  const a = softmaxWeights([0.1, -0.4, 0.7], 0.5);
  const b = softmaxWeights([100.1, 99.6, 100.7], 0.5);
  a.forEach((w, i) => assertAlmostEquals(w, b[i]!, 1e-12));
});

Deno.test("softmaxWeights permutes with its values", () => {
  const [a, b, c] = softmaxWeights([0.1, 0.4, 0.9], 0.5);
  assertEquals(
    softmaxWeights([0.9, 0.1, 0.4], 0.5).map((w) => w.toFixed(12)),
    [c, a, b].map((w) => w!.toFixed(12)),
  );
});

Deno.test("softmaxWeights keeps the order of its values", () => {
  const weights = softmaxWeights([3, 1, 2], 0.7);
  assert(weights[0]! > weights[2]! && weights[2]! > weights[1]!);
});

Deno.test("softmaxWeights tends to 1 at high and to one-hot at low temperature", () => {
  softmaxWeights([0.1, 0.4, 0.9], 1e9).forEach((w) => assertAlmostEquals(w, 1, 1e-8));
  assertEquals(softmaxWeights([0.1, 0.4, 0.9], 1e-4), [0, 0, 3]);
});

Deno.test("softmaxWeights survives values that would overflow exp", () => {
  assertEquals(softmaxWeights([1e6, 1e6], 0.5), [1, 1]);
  assertEquals(softmaxWeights([-1e300, 0], 0.5), [0, 2]);
});

Deno.test("softmaxWeights gives an undefined value weight 1 and shares the rest", () => {
  const weights = softmaxWeights([0, null, Math.log(3)], 1);
  assertEquals(weights[1], 1);
  assertAlmostEquals(weights[0]!, 0.5, 1e-15);
  assertAlmostEquals(sum(weights), 3, 1e-12);
  assertEquals(softmaxWeights([null, null], 0.5), [1, 1]);
  assertEquals(softmaxWeights([], 0.5), []);
});

Deno.test("softmaxWeights refuses temperatures and values that mean nothing", () => {
  for (const T of [0, -1, NaN, Infinity]) {
    assertThrows(() => softmaxWeights([1, 2], T), InputError, `expected a temperature above 0, found ${T}`);
  }
  assertThrows(() => softmaxWeights([1, NaN], 1), InputError, "expected finite values");
  assertThrows(() => softmaxWeights([1, Infinity], 1), InputError, "found Infinity");
});
