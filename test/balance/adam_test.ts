import { assertAlmostEquals } from "@std/assert";
import { scalarAdam } from "../../src/balance/adam.ts";

Deno.test("scalarAdam takes the steps of the formula", () => {
  const adam = scalarAdam(0.1);
  // m = 0.2, v = 0.004; corrected 2 and 4.
  assertAlmostEquals(adam(2), 0.1, 1e-9);
  // m = 0.18 − 0.1 = 0.08, v = 0.003996 + 0.001 = 0.004996; corrected by 0.19 and 0.001999.
  assertAlmostEquals(adam(-1), 0.1 * (0.08 / 0.19) / Math.sqrt(0.004996 / 0.001999), 1e-9);
});

Deno.test("scalarAdam stands still where the gradient is 0", () => {
  assertAlmostEquals(scalarAdam(1)(0), 0, 1e-12);
});
