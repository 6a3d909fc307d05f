import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Balancer } from "../../../src/balance/balancer.ts";
import { coba, type CobaOptions, convergenceBalancer } from "../../../src/balance/methods/coba.ts";
import { InputError } from "../../../src/errors.ts";

/** Observes validations `every` steps apart, the first before step 1; other steps lie between. */
function see(balancer: Balancer, every: number, losses: readonly (number | null)[][]): Balancer {
  losses.forEach((validationLoss, k) => {
    const step = k * every + 1;
    const blank = validationLoss.map(() => null);
    balancer.observe({ step, taskLoss: blank, taskTokens: blank.map(() => 0), validationLoss });
    balancer.observe({ step: step + 1, taskLoss: blank, taskTokens: blank.map(() => 0) });
  });
  return balancer;
}

const make = (options: CobaOptions = {}) => convergenceBalancer(2, options);
const softmax = (values: number[]) => {
  const parts = values.map(Math.exp), sum = parts.reduce((a, b) => a + b);
  return parts.map((part) => part / sum);
};
const close = (found: number[], expected: number[]) =>
  found.forEach((x, i) => assertAlmostEquals(x, expected[i]!, 1e-12));

Deno.test("convergenceBalancer: slopes, scores and factor by hand", () => {
  // Ratios to the first loss: task 1: 1, 0.8, 0.7; task 2: 1, 0.95, 1.1.
  const losses = [[2, 10], [1.6, 9.5], [1.4, 11]];
  const one = see(make({ warmup: 10, history: 100 }), 10, losses.slice(0, 2));
  // One slope: DF = 1, RCS alone. Slopes −0.02 and −0.005 a step.
  close(one.weights(12), softmax([2 * -0.02 / 0.025, 2 * -0.005 / 0.025]).map((x) => 2 * x));

  const two = see(make({ warmup: 10, history: 100 }), 10, losses);
  // Over three points a slope is (last − first) / 20: −0.015 and 0.005.
  const rcs = softmax([2 * -0.015 / 0.02, 2 * 0.005 / 0.02]);
  const acs = softmax([-2 * -0.015 / (0.02 + 0.015), -2 * 0.005 / (0.005 + 0.005)]);
  // Largest slopes: −0.005, then 0.005: it diverges.
  const df = 2 * softmax([-5 * 2 * -0.005 / 0.01, -5 * 2 * 0.005 / 0.01])[1]!;
  assert(df < 0.001);
  close(two.weights(22), rcs.map((x, i) => 2 * (df * x + (1 - df) * acs[i]!)));
  assert(two.weights(22)[1]! < two.weights(22)[0]!, "the task that diverges weighs less");
});

Deno.test("convergenceBalancer cuts the factor off at 1", () => {
  // The largest slope falls more and more steeply: t·softmax would exceed 1.
  const both = see(make({ warmup: 10, history: 10 * 2 }), 10, [[1, 1], [0.99, 0.98], [0.9, 0.85]]);
  const slopes = [-0.009, -0.013]; // the window of 20 steps holds two points
  close(both.weights(22), softmax(slopes.map((x) => 2 * x / 0.022)).map((x) => 2 * x));
});

Deno.test("convergenceBalancer weighs all tasks alike until the warm-up is over", () => {
  const losses = Array.from({ length: 5 }, (_, k) => [1 - k / 10, 1 - k / 20]);
  assertEquals(see(make(), 20, losses).weights(82), [1, 1]); // 80 steps done
  const weights = see(make(), 20, [...losses, [0.5, 0.75]]).weights(102);
  assert(weights[0]! < 1 && weights[1]! > 1);
});

Deno.test("convergenceBalancer lets slopes that leave the window go from ACS, and keeps them for DF", () => {
  const losses = [[1, 1], [0.5, 0.9], [0.45, 0.85], [0.43, 0.86]];
  const options = { warmup: 10, history: 20 };
  // Two points a window; slopes a step: (−.05, −.01), (−.005, −.005), (−.002, .001). ACS: the last two.
  const rcs = softmax([2 * -0.002 / 0.003, 2 * 0.001 / 0.003]);
  const acs = softmax([-2 * -0.002 / 0.007, -2 * 0.001 / 0.006]);
  const df = Math.min(1, 3 * softmax([-0.01, -0.005, 0.001].map((x) => -5 * 3 * x / 0.016))[2]!);
  close(see(make(options), 10, losses).weights(32), rcs.map((x, i) => 2 * (df * x + (1 - df) * acs[i]!)));
});

Deno.test("convergenceBalancer leaves tasks without questions at 1, and losses that stand still alone", () => {
  const three = see(convergenceBalancer(3, { warmup: 1 }), 10, [[2, null, 5], [1, null, 4]]);
  const [a, b, c] = three.weights(12);
  assertEquals(b, 1);
  assertAlmostEquals(a! + c!, 2, 1e-12);
  assertEquals(see(make({ warmup: 1 }), 10, [[2, 3], [2, 3], [2, 3]]).weights(22), [1, 1]);
});

Deno.test("convergenceBalancer does not look at training losses", () => {
  const balancer = make({ warmup: 1 });
  for (let step = 1; step < 300; step++) balancer.observe({ step, taskLoss: [step, 1], taskTokens: [1, 1] });
  assertEquals(balancer.weights(300), [1, 1]);
});

Deno.test("convergenceBalancer says what it cannot use", () => {
  assertThrows(() => make({ tau: 0 }), InputError, "coba: expected tau above 0, found 0");
  assertThrows(
    () => see(make(), 10, [[1, 2], [1, null]]),
    InputError,
    "coba, step 11: expected a validation loss of task 2",
  );
});

Deno.test("coba asks for validations so often that a window holds several", () => {
  assertEquals(coba.validation, { every: 20, questions: 16 });
});
