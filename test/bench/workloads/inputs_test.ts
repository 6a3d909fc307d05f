import { assertAlmostEquals, assertEquals } from "@std/assert";
import { integers, uniform } from "../../../src/bench/workloads/inputs.ts";

Deno.test("inputs are the ones that the PyTorch script makes", () => {
  assertEquals([...integers(1, 3, 1_000_003)], [793124, 940522, 209742]);
  assertEquals([...integers(51, 6, 512)], [116, 434, 120, 431, 140, 217]);
  assertEquals([...uniform(8, 3)].map((x) => x.toFixed(6)), ["0.938028", "-0.047186", "0.520978"]);
});

Deno.test("uniform values stay in their interval and spread over it", () => {
  const values = uniform(9, 10_000, 0.5, 1);
  assertEquals(values.every((x) => x >= 0.5 && x <= 1.5), true);
  assertAlmostEquals(values.reduce((sum, x) => sum + x, 0) / values.length, 1, 0.01);
});
