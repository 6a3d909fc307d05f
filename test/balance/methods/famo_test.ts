import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { fastAdaptive } from "../../../src/balance/methods/famo.ts";

const tokens = [5, 5, 5];
const close = (weights: number[], parts: number[]) => {
  const sum = parts.reduce((x, y) => x + y);
  weights.forEach((weight, i) => assertAlmostEquals(weight, parts.length * parts[i]! / sum, 1e-6));
};

Deno.test("fastAdaptive: a trace by hand, with absent tasks", () => {
  const famo = fastAdaptive(3, { rate: 0.1, decay: 0 });
  famo.observe({ step: 1, taskLoss: [1, 2, null], taskTokens: tokens });
  assertEquals(famo.weights(2), [1, 1, 1]); // the third task was never seen
  famo.observe({ step: 2, taskLoss: [null, 1, 4], taskTokens: tokens });
  // One task alone has a difference: nothing to compare, ξ stays 0, λ as 1/L.
  close(famo.weights(3), [1, 1, 1 / 4]);
  // d = (0, −, log 4): the first falls slower. z = ½, ½: δ = ∓½·½·log 4; Adam's first step is the rate.
  famo.observe({ step: 3, taskLoss: [1, null, 1], taskTokens: tokens });
  const [up, down] = [Math.exp(0.1), Math.exp(-0.1)];
  close(famo.weights(4), [up, 1, down]);
});

Deno.test("fastAdaptive weighs the difference by z, and lets ξ decay", () => {
  const famo = fastAdaptive(2, { rate: 0.1, decay: 0.5 });
  famo.observe({ step: 1, taskLoss: [1, 1], taskTokens: tokens });
  famo.observe({ step: 2, taskLoss: [1, 0.5], taskTokens: tokens });
  // δ1 = ½(0 − ½·log 2); then with ξ = (0.1, −0.1) and no change at all only the decay is left.
  const g1 = -0.25 * Math.log(2), g2 = 0.5 * 0.1;
  famo.observe({ step: 3, taskLoss: [1, 0.5], taskTokens: tokens });
  const m = (0.09 * g1 + 0.1 * g2) / 0.19;
  const v = (0.000999 * g1 * g1 + 0.001 * g2 * g2) / (1 - 0.999 ** 2);
  const xi = 0.1 - 0.1 * m / Math.sqrt(v);
  close(famo.weights(4), [Math.exp(xi), Math.exp(-xi) / 0.5]);
});

Deno.test("fastAdaptive raises the task that falls by the smaller share", () => {
  const famo = fastAdaptive(2);
  for (let step = 1; step <= 100; step++) {
    famo.observe({ step, taskLoss: [0.999 ** step, 0.95 ** step], taskTokens: tokens });
  }
  // Beyond 1/L, by which the second one would weigh more.
  const [slow, fast] = famo.weights(101);
  assert(slow! / fast! > 2 * 0.95 ** 100 / 0.999 ** 100);
});

Deno.test("fastAdaptive bears a loss of exactly 0", () => {
  const famo = fastAdaptive(2);
  for (let step = 1; step <= 5; step++) {
    famo.observe({ step, taskLoss: [step === 3 ? 0 : 1, 1], taskTokens: tokens });
    assert(famo.weights(step + 1).every((weight) => weight > 0 && Number.isFinite(weight)));
  }
});
