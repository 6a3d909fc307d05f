import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { doubled, logRatios, randomInBand, toBand } from "../../../src/balance/search/band.ts";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

Deno.test("toBand gives mean 1 within the band, and leaves alone what is so already", () => {
  const random = new Random("band");
  for (let k = 0; k < 200; k++) {
    const lambda = toBand(Array.from({ length: 1 + k % 8 }, () => Math.exp(3 * random.normal())));
    assertAlmostEquals(sum(lambda), lambda.length, 1e-9);
    assert(lambda.every((w) => w >= 0.5 && w <= 2), `${lambda}`);
  }
  assertEquals(toBand([0.5, 1, 1.5]), [0.5, 1, 1.5]);
  assertEquals(toBand([1, 2, 3]), [0.5, 1, 1.5]);
});

Deno.test("toBand keeps the order and the ratios of those it does not clip", () => {
  const lambda = toBand([0.01, 1, 1.2, 50]);
  assertEquals([lambda[0], lambda[3]], [0.5, 2]);
  assertAlmostEquals(lambda[2]! / lambda[1]!, 1.2, 1e-9);
});

Deno.test("toBand refuses what is no weight", () => {
  assertThrows(() => toBand([1, 0]), InputError, "weight of task 2: expected a number above 0, found 0");
  assertThrows(() => toBand([NaN, 1]), InputError, "found NaN");
});

Deno.test("doubled doubles one weight against all others, at mean 1 within the band", () => {
  for (const n of [2, 3, 7]) {
    const lambda = doubled(n, 1);
    assertAlmostEquals(sum(lambda), n);
    assertAlmostEquals(lambda[1]! / lambda[0]!, 2);
    assert(lambda.every((w) => w >= 0.5 && w <= 2));
  }
});

Deno.test("draws from the band differ, lie in it, and are the same from one stream", () => {
  const draw = () => {
    const random = new Random(4);
    return Array.from({ length: 50 }, () => randomInBand(5, random));
  };
  assertEquals(draw(), draw());
  assertEquals(new Set(draw().map(String)).size, 50);
  for (const lambda of draw()) assertAlmostEquals(sum(lambda), 5, 1e-9);
  assertAlmostEquals(sum(logRatios(draw()[0]!)), 0, 1e-12);
});
