import { assertAlmostEquals, assertEquals } from "@std/assert";
import { inverseSizeWeights } from "../../../src/balance/methods/inverse_size.ts";

Deno.test("inverseSizeWeights: samples of all tasks weigh alike together, and the weights sum to N", () => {
  const samples = [600, 1200, 450, 50];
  const weights = inverseSizeWeights(samples);
  assertAlmostEquals(weights.reduce((a, b) => a + b), 4, 1e-12);
  for (const [i, n] of samples.entries()) assertAlmostEquals(n * weights[i]!, 600 * weights[0]!, 1e-9);
});

Deno.test("inverseSizeWeights of equal tasks are 1; a task that is not tuned on does not count", () => {
  assertEquals(inverseSizeWeights([70, 70, 70]), [1, 1, 1]);
  assertEquals(inverseSizeWeights([100, 0, 300]), [1.5, 0, 0.5]);
});
