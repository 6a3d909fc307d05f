import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { mixQuotas, mixStream, normalised, temperatureShares } from "../../../src/data/draw/mix.ts";
import { InputError } from "../../../src/errors.ts";

Deno.test("temperatureShares: sizes at 1, alike at infinity, T5's formula between, no overflow", () => {
  const sizes = [10, 1000, 90];
  temperatureShares(sizes, 1).forEach((p, i) => assertAlmostEquals(p, sizes[i]! / 1100));
  for (const p of temperatureShares(sizes, 1e9)) assertAlmostEquals(p, 1 / 3, 1e-7);
  const third = sizes.map((n) => n ** 0.3); // mT5's α
  const sum = third.reduce((a, b) => a + b, 0);
  temperatureShares(sizes, 1 / 0.3).forEach((p, i) => assertAlmostEquals(p, third[i]! / sum));
  assertEquals(temperatureShares([1, 1e6], 1e-3), [0, 1]);
  assertEquals(temperatureShares([1, 1e6], 1e-320), [0, 1]);
  assertEquals(normalised([1e308, 1e308]), [0.5, 0.5]);
});

Deno.test("mixQuotas: as many draws as there are conversations, by largest remainders", () => {
  assertEquals(mixQuotas([5, 5], [1 / 3, 2 / 3], ["a", "b"]), [3, 7]);
  assertEquals(mixQuotas([3, 3, 4], [1 / 3, 1 / 3, 1 / 3], ["a", "b", "c"]), [4, 3, 3]);
  for (let total = 3; total < 200; total++) {
    const quotas = mixQuotas([total - 2, 1, 1], [0.34, 0.33, 0.33], ["a", "b", "c"]);
    assertEquals(quotas.reduce((a, b) => a + b), total);
  }
  assertThrows(() => mixQuotas([10, 10], [0.999, 0.001], ["a", "b"]), InputError, "task b");
});

Deno.test("mixStream: nobody twice before all once; a pass is even in itself", () => {
  for (
    const [size, quota] of [[7, 3], [7, 5], [5, 5], [5, 12], [3, 17], [1, 4], [11, 10], [13, 29]] as const
  ) {
    const stream = mixStream(size, quota, 1);
    const all: number[] = [];
    for (let pass = 0; pass < 20; pass++) {
      const drawn = stream.draw(pass);
      assertEquals(drawn.length, quota);
      const counts = Array.from({ length: size }, (_, i) => drawn.filter((k) => k === i).length);
      assert(Math.max(...counts) - Math.min(...counts) <= 1, `${size}, ${quota}, pass ${pass}: ${counts}`);
      all.push(...drawn);
    }
    for (let from = 0; from + size <= all.length; from += size) {
      assertEquals(new Set(all.slice(from, from + size)).size, size);
    }
  }
});

Deno.test("mixStream: a pass is the same whenever it is asked for, and another for another seed", () => {
  const one = mixStream(40, 25, "1");
  const passes = [0, 1, 2, 3, 4].map((p) => one.draw(p));
  assertEquals(mixStream(40, 25, "1").draw(4), passes[4]);
  assert(mixStream(40, 25, "2").draw(4).join() !== passes[4]!.join());
});
