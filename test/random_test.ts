import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Random } from "../src/random.ts";

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.next());

/** xoshiro128** in unbounded integers, as the paper states it, seeded from the same four words. */
function reference(words: bigint[]): () => bigint {
  const mask = 0xffffffffn;
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
  const s = [...words] as [bigint, bigint, bigint, bigint];
  return () => {
    const result = (rotate((s[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
    return result;
  };
}

/** FNV-1a and a murmur3 finish, in unbounded integers. */
function word(text: string, offset: bigint): bigint {
  const mask = 0xffffffffn;
  const bytes = new TextEncoder().encode(text);
  let h = offset;
  for (const byte of bytes) h = ((h ^ BigInt(byte)) * 0x01000193n) & mask;
  h = ((h ^ BigInt(bytes.length) ^ (h >> 16n)) * 0x85ebca6bn) & mask;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & mask;
  return h ^ (h >> 16n);
}

Deno.test("the stream is xoshiro128** over the hashed seed", () => {
  for (const seed of ["0", "cotbal", "größer"]) {
    const offsets = [0x811c9dc5n, 0x9e3779b9n, 0x7f4a7c15n, 0x2545f491n];
    const bits = reference(offsets.map((offset) => word(seed, offset)));
    const random = new Random(seed);
    for (let i = 0; i < 100; i++) {
      const high = bits() >> 5n;
      const low = bits() >> 6n;
      assertEquals(random.next(), Number((high << 26n) | low) / 2 ** 53);
    }
  }
});

Deno.test("a seed as a number and as text is the same seed", () => {
  assertEquals(draw(new Random(7), 5), draw(new Random("7"), 5));
  assertNotEquals(draw(new Random(7), 5), draw(new Random(8), 5));
});

Deno.test("next is even over [0, 1)", () => {
  const values = draw(new Random("even"), 20_000);
  assert(values.every((value) => value >= 0 && value < 1));
  const bins = new Array<number>(20).fill(0);
  for (const value of values) bins[Math.floor(value * 20)]! += 1;
  const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  assert(chiSquare < 43.8, `chi-square ${chiSquare} with 19 degrees of freedom`); // p = 0.001
});

Deno.test("int is even over odd ranges and refuses others", () => {
  const random = new Random("int");
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 14_000; i++) counts[random.int(7)]! += 1;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
  assert(chiSquare < 22.5, `chi-square ${chiSquare} with 6 degrees of freedom`);
  assertEquals(random.int(1), 0);
  assert(random.int(2 ** 32) < 2 ** 32);
  for (const n of [0, -1, 1.5, NaN, 2 ** 32 + 1]) assertThrows(() => random.int(n), RangeError, `found ${n}`);
});

Deno.test("normal has mean 0, deviation 1 and the tails of a normal distribution", () => {
  const random = new Random("normal");
  const values = Array.from({ length: 20_000 }, () => random.normal());
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  assertAlmostEquals(mean, 0, 0.03);
  assertAlmostEquals(variance, 1, 0.05);
  const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / values.length;
  assertAlmostEquals(beyondTwo, 0.0455, 0.006);
});

Deno.test("shuffle keeps the elements, in place, and every order is as likely", () => {
  const random = new Random("shuffle");
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const array = [1, 2, 3];
    assert(random.shuffle(array) === array);
    const key = array.join("");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assertEquals([...counts.keys()].sort(), ["123", "132", "213", "231", "312", "321"]);
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  assert(chiSquare < 20.5, `chi-square ${chiSquare} with 5 degrees of freedom`);
  assertEquals(random.shuffle([]), []);
});

Deno.test("pick draws an element, and says so when there is none", () => {
  const random = new Random("pick");
  const seen = new Set(Array.from({ length: 100 }, () => random.pick(["a", "b", "c"])));
  assertEquals([...seen].sort(), ["a", "b", "c"]);
  assertThrows(() => random.pick([]), RangeError, "found none");
});

Deno.test("a fork depends on seed and label only", () => {
  const one = new Random(1);
  const before = draw(one.fork("a"), 5);
  draw(one, 100);
  one.normal();
  assertEquals(draw(one.fork("a"), 5), before);
  assertNotEquals(draw(one.fork("b"), 5), before);
  assertNotEquals(draw(new Random(2).fork("a"), 5), before);
  assertNotEquals(draw(one.fork("a/b"), 5), draw(one.fork("a").fork("b"), 5));
});
