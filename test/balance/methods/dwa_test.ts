import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { dynamicWeightAverage } from "../../../src/balance/methods/dwa.ts";
import { InputError } from "../../../src/errors.ts";

const tokens = [5, 5];

Deno.test("dynamicWeightAverage: a trace by hand, with absent tasks", () => {
  const dwa = dynamicWeightAverage(2, { window: 2 });
  const seen: (number | null)[][] = [[4, 1], [2, null], [3, 1], [null, null], [null, 2], [1, 2]];
  seen.slice(0, 5).forEach((taskLoss, k) => {
    dwa.observe({ step: k + 1, taskLoss, taskTokens: tokens });
    // The first task has 3 losses until now, the second one 3: no window pair is full.
    assertEquals(dwa.weights(k + 2), [1, 1]);
  });
  dwa.observe({ step: 6, taskLoss: seen[5]!, taskTokens: tokens });
  // 4, 2 | 3, 1: r = 4/6. 1, 1 | 2, 2: r = 2.
  const [a, b] = [Math.exp(2 / 3 / 2), Math.exp(2 / 2)];
  assertAlmostEquals(dwa.weights(7)[0]!, 2 * a / (a + b), 1e-12);
  assertAlmostEquals(dwa.weights(7)[1]!, 2 * b / (a + b), 1e-12);
  // The windows move on: 2, 3 | 1, 5.
  dwa.observe({ step: 7, taskLoss: [5, null], taskTokens: tokens });
  const c = Math.exp(6 / 5 / 2);
  assertAlmostEquals(dwa.weights(8)[0]!, 2 * c / (c + b), 1e-12);
});

Deno.test("dynamicWeightAverage compares 25 losses with the 25 before", () => {
  const dwa = dynamicWeightAverage(2);
  for (let step = 1; step <= 50; step++) {
    assertEquals(dwa.weights(step), [1, 1]);
    dwa.observe({ step, taskLoss: [step <= 25 ? 2 : 1, 3], taskTokens: tokens });
  }
  const [a, b] = [Math.exp(0.25), Math.exp(0.5)];
  assertAlmostEquals(dwa.weights(51)[0]!, 2 * a / (a + b), 1e-12);
});

Deno.test("dynamicWeightAverage does not divide by a loss that is gone", () => {
  const dwa = dynamicWeightAverage(2, { window: 1 });
  for (const step of [1, 2]) dwa.observe({ step, taskLoss: [0, 3], taskTokens: tokens });
  assertEquals(dwa.weights(3), [1, 1]);
});

Deno.test("dynamicWeightAverage refuses a window that is none", () => {
  assertThrows(() => dynamicWeightAverage(2, { window: 0 }), InputError, "found 0");
  assertThrows(() => dynamicWeightAverage(2, { window: 1.5 }), InputError, "found 1.5");
});
