import { assert, assertEquals, assertThrows } from "@std/assert";
import { pairedDifference } from "../../../src/balance/compare/paired.ts";
import { seedsNeeded } from "../../../src/balance/compare/power.ts";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";

Deno.test("seedsNeeded gives the sample sizes of the tables for a paired t-test", () => {
  // Cohen 1988 and G*Power, two-sided 5%, power 80%: effect size -> pairs.
  for (const [effect, pairs] of [[0.2, 199], [0.5, 34], [0.8, 15], [1, 10]] as const) {
    assertEquals(seedsNeeded(1 / effect), pairs, `${effect}`);
  }
  assertEquals(seedsNeeded(2, { difference: 2 }), 10);
  assert(seedsNeeded(1, { power: 0.95 }) > 10 && seedsNeeded(1, { level: 0.99 }) > 10);
  assertEquals(seedsNeeded(1, { power: 0.5 }), 7);
});

Deno.test("seedsNeeded is never below two, and ends", () => {
  assertEquals([seedsNeeded(0), seedsNeeded(0.01)], [2, 2]);
  assertEquals(seedsNeeded(1e6), 100_000);
});

Deno.test("with so many seeds, four runs of five find the difference", () => {
  const random = new Random(8);
  const n = seedsNeeded(1.5);
  let found = 0;
  for (let k = 0; k < 500; k++) {
    const differences = Array.from({ length: n }, () => 1 + 1.5 * random.normal());
    if (pairedDifference(differences, differences.map(() => 0)).low! > 0) found++;
  }
  assert(Math.abs(found / 500 - 0.8) < 0.05, `${found / 500}`);
});

Deno.test("seedsNeeded refuses what has no answer", () => {
  assertThrows(() => seedsNeeded(-1), InputError, "deviation of 0 or more");
  assertThrows(() => seedsNeeded(1, { difference: 0 }), InputError, "difference above 0");
  assertThrows(() => seedsNeeded(1, { level: 1 }), InputError, "level between 0 and 1");
  assertThrows(() => seedsNeeded(1, { power: 0.3 }), InputError, "power of 0.5 or more");
});
