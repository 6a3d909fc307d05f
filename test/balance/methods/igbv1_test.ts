import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { improvableGap } from "../../../src/balance/methods/igbv1.ts";
import { InputError } from "../../../src/errors.ts";

const tokens = [5, 5, 5];

Deno.test("improvableGap: a trace by hand, with absent tasks", () => {
  const igb = improvableGap(3, { from: 2, to: 4 });
  const seen: (number | null)[][] = [[9, 9, 9], [4, 2, null], [null, 4, null], [2, null, null]];
  seen.forEach((taskLoss, k) => {
    assertEquals(igb.weights(k + 1), [1, 1, 1]);
    igb.observe({ step: k + 1, taskLoss, taskTokens: tokens });
  });
  // Bases: (4 + 2)/2 and (2 + 4)/2; the third task was away. Last losses: 2, 4, 9.
  const [a, b, c] = [Math.exp(2 / 3), Math.exp(4 / 3), Math.exp(1)];
  const close = (weights: number[], parts: number[]) => {
    const sum = parts.reduce((x, y) => x + y);
    weights.forEach((weight, i) => assertAlmostEquals(weight, 3 * parts[i]! / sum, 1e-12));
  };
  close(igb.weights(5), [a, b, c]);
  // Bases stay; a task that is absent keeps its last loss.
  igb.observe({ step: 5, taskLoss: [null, 1.5, 2], taskTokens: tokens });
  close(igb.weights(6), [a, Math.exp(0.5), c]);
});

Deno.test("improvableGap takes its base from steps 100 to 199, and is EW in shorter runs", () => {
  const igb = improvableGap(2);
  for (let step = 1; step <= 199; step++) {
    assertEquals(igb.weights(step), [1, 1]);
    // The steps before 100 would spoil the base.
    igb.observe({ step, taskLoss: step < 100 ? [50, 70] : [3, step % 2 === 0 ? 1 : 3], taskTokens: [5, 5] });
  }
  igb.observe({ step: 200, taskLoss: [1.5, 2], taskTokens: [5, 5] });
  const [a, b] = [Math.exp(0.5), Math.exp(1)];
  assertAlmostEquals(igb.weights(201)[0]!, 2 * a / (a + b), 1e-12);
});

Deno.test("improvableGap refuses steps in the wrong order", () => {
  assertThrows(() => improvableGap(2, { from: 5, to: 4 }), InputError, "found 5 and 4");
});
