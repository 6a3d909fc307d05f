import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { rankAgreement } from "../../../src/balance/compare/agreement.ts";
import { InputError } from "../../../src/errors.ts";

Deno.test("rankAgreement is the mean over all pairs of seeds", () => {
  const { mean, low, high, pairs } = rankAgreement([[1, 2, 3, 4], [10, 20, 40, 30], [4, 3, 2, 1]]);
  assertEquals(pairs, 3);
  assertAlmostEquals(mean!, (0.8 - 1 - 0.8) / 3, 1e-12);
  assertAlmostEquals(low!, -1, 1e-12);
  assertAlmostEquals(high!, 0.8, 1e-12);
});

Deno.test("rankAgreement leaves out tasks that one of the two leaves undefined, and pairs that say nothing", () => {
  assertEquals(rankAgreement([[1, null, 2, 3], [1, 9, 2, 3]]).mean, 1);
  const nothing = { mean: null, low: null, high: null, pairs: 0 };
  assertEquals(rankAgreement([[1, null, null, 3], [1, 2, 3, 4]]), nothing);
  assertEquals(rankAgreement([[1, 1, 1], [1, 2, 3]]), nothing);
  assertEquals(rankAgreement([[1, 2, 3]]), nothing);
  assertEquals(rankAgreement([]), nothing);
  assertThrows(() => rankAgreement([[1, 2], [1]]), InputError, "expected 2 values a seed, found 1");
});
