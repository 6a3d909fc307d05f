import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { uncertaintyWeights } from "../../../src/balance/methods/uw.ts";

const tokens = [5, 5];

Deno.test("uncertaintyWeights: a trace by hand, with an absent task", () => {
  const uw = uncertaintyWeights(2, { rate: 0.1 });
  assertEquals(uw.weights(1), [1, 1]);
  // Gradients ½(1 − 3) = −1 and ½(1 − ½) = ¼: Adam's first step is ± the rate, s = (0.1, −0.1).
  uw.observe({ step: 1, taskLoss: [3, 0.5], taskTokens: tokens });
  const [a, b] = [Math.exp(-0.1), Math.exp(0.1)];
  assertAlmostEquals(uw.weights(2)[0]!, 2 * a / (a + b), 1e-6);
  // The first task is away: its s stays. The second one's gradient is ½(1 − 2e^{0.1}).
  uw.observe({ step: 2, taskLoss: [null, 2], taskTokens: tokens });
  const g = 0.5 * (1 - 2 * Math.exp(0.1));
  const m = (0.9 * 0.1 * 0.25 + 0.1 * g) / 0.19;
  const v = (0.999 * 0.001 * 0.25 ** 2 + 0.001 * g * g) / (1 - 0.999 ** 2);
  const c = Math.exp(0.1 + 0.1 * m / Math.sqrt(v));
  assertAlmostEquals(uw.weights(3)[0]!, 2 * a / (a + c), 1e-6);
});

Deno.test("uncertaintyWeights end as 1/L where losses stand still", () => {
  const uw = uncertaintyWeights(2);
  for (let step = 1; step <= 2000; step++) uw.observe({ step, taskLoss: [0.5, 2], taskTokens: tokens });
  const [a, b] = uw.weights(2001);
  assertAlmostEquals(a! / b!, 4, 1e-3);
  assertAlmostEquals(a! + b!, 2, 1e-12);
});

Deno.test("uncertaintyWeights bear a loss of exactly 0", () => {
  const uw = uncertaintyWeights(2, { rate: 1 });
  for (let step = 1; step <= 500; step++) uw.observe({ step, taskLoss: [0, 1], taskTokens: tokens });
  assert(uw.weights(501).every((weight) => weight > 0 && Number.isFinite(weight)), `${uw.weights(501)}`);
});
