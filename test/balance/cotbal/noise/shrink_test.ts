import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { shrink } from "../../../../src/balance/cotbal/noise/shrink.ts";
import { Random } from "../../../../src/random.ts";

Deno.test("with equal variances it is the estimator of Efron and Morris", () => {
  // θ̂ = x̄ + (1 − (k − 3)·s²/Σ(x − x̄)²)·(x − x̄)
  const x = [1, 4, 6, 2, 7, 10];
  const mean = 5;
  const square = x.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  const { values, spread } = shrink(x, x.map(() => 4));
  assertAlmostEquals(spread, square / 5 - 4, 1e-9);
  x.forEach((v, i) => assertAlmostEquals(values[i]!, mean + (1 - 3 * 4 / square) * (v - mean), 1e-9));
});

Deno.test("eighteen batting averages of 1970: .400 becomes .294, .156 becomes .242", () => {
  // B. Efron, "Large-Scale Inference" (2010), table 1.1: 45 times at bat each.
  const hits = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7];
  const x = hits.map((h) => h / 45);
  const average = x.reduce((a, b) => a + b, 0) / x.length;
  const { values } = shrink(x, x.map(() => average * (1 - average) / 45));
  assertEquals([values[0]!.toFixed(3), values.at(-1)!.toFixed(3)], ["0.294", "0.242"]);
});

Deno.test("undefined values stay so; few, equal or sure ones are left alone", () => {
  assertEquals(shrink([null, null], [1, 1]), {
    values: [null, null],
    own: [null, null],
    mean: null,
    spread: 0,
  });
  assertEquals(shrink([1, null, 5, 9], [1, 1, 1, 1]).values, [1, null, 5, 9]);
  assertEquals(shrink([2, 2, 2, 2, 2], [1, 9, 0, 1, 1]).values, [2, 2, 2, 2, 2]);
  shrink([1, 2, 3, 4, 5], [0, 0, 0, 0, 0]).values.forEach((v, i) => assertAlmostEquals(v!, i + 1, 1e-6));
});

Deno.test("shrunk values are closer to the truth than raw ones, also with unequal variances", () => {
  const random = new Random("shrink");
  let [raw, better] = [0, 0];
  for (let k = 0; k < 500; k++) {
    const real = Array.from({ length: 7 }, () => random.normal());
    const s = real.map(() => 0.2 + 2 * random.next());
    const x = real.map((v, i) => v + s[i]! * random.normal());
    const { values, own } = shrink(x, s.map((v) => v * v));
    for (const w of own) assert(w! >= 0 && w! <= 1);
    real.forEach((v, i) => {
      raw += (x[i]! - v) ** 2;
      better += (values[i]! - v) ** 2;
    });
  }
  assert(better < 0.65 * raw, `${better / raw}`);
});
