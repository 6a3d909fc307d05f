import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { taskLevelMean } from "../../../src/balance/methods/tla.ts";
import { InputError } from "../../../src/errors.ts";

/** The weighted token loss of a step (eq. 2) from every task's mean loss. */
function tokenLoss(weights: number[], tokens: number[], losses: (number | null)[]): number {
  const top = weights.reduce((sum, w, i) => sum + w * tokens[i]! * (losses[i] ?? 0), 0);
  return top / weights.reduce((sum, w, i) => sum + w * tokens[i]!, 0);
}

Deno.test("taskLevelMean makes the weighted token loss the mean of the tasks' losses", () => {
  const tokens = [120, 6, 30];
  const losses = [1.5, 4, 0.5];
  const weights = taskLevelMean(3).weights(1, tokens);
  assertAlmostEquals(tokenLoss(weights, tokens, losses), 2, 1e-12);
});

Deno.test("taskLevelMean takes the mean over the tasks present", () => {
  const tokens = [120, 0, 30];
  const weights = taskLevelMean(3).weights(1, tokens);
  assertEquals(weights[1], 0);
  assertAlmostEquals(tokenLoss(weights, tokens, [1.5, null, 0.5]), 1, 1e-12);
});

Deno.test("taskLevelMean has mean weight 1 a token", () => {
  const tokens = [5, 10, 85, 0];
  const weights = taskLevelMean(4).weights(7, tokens);
  assertAlmostEquals(weights.reduce((sum, w, i) => sum + w * tokens[i]!, 0), 100, 1e-9);
});

Deno.test("taskLevelMean refuses a step whose tokens it does not know", () => {
  const tla = taskLevelMean(2);
  assertThrows(
    () => tla.weights(3),
    InputError,
    "tla, step 3: expected the step's answer tokens, one number a task (2)",
  );
  assertThrows(() => tla.weights(3, [1]), InputError, "found 1");
  assertThrows(() => tla.weights(3, [0, 0]), InputError, "tla, step 3: expected answer tokens, found none");
});
