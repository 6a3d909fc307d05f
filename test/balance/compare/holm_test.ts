import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { holm } from "../../../src/balance/compare/holm.ts";
import { InputError } from "../../../src/errors.ts";

Deno.test("holm gives hand-computed values in the order it was given", () => {
  // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") = 0.03 0.06 0.06 0.02
  const found = holm([0.01, 0.04, 0.03, 0.005]);
  [0.03, 0.06, 0.06, 0.02].forEach((p, i) => assertAlmostEquals(found[i]!, p, 1e-12));
});

Deno.test("holm leaves one test alone, passes over missing ones and stops at 1", () => {
  assertEquals(holm([0.04]), [0.04]);
  assertEquals(holm([null, 0.04, null]), [null, 0.04, null]);
  assertEquals(holm([0.9, 0.8]), [1, 1]);
  assertEquals(holm([]), []);
  assertEquals(holm([0.02, 0.02]), [0.04, 0.04]);
});

Deno.test("holm refuses what is no probability", () => {
  for (const p of [-0.1, 1.1, NaN]) assertThrows(() => holm([0.5, p]), InputError, "p-values from 0 to 1");
});
