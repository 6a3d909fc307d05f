import { assertEquals, assertThrows } from "@std/assert";
import { fixed, lambdaOf } from "../../../src/balance/methods/fixed.ts";
import { InputError } from "../../../src/errors.ts";
import { planRun } from "../../../src/run/plan.ts";

Deno.test("lambdaOf puts weights into the order of the tasks, and names what does not match", () => {
  assertEquals(lambdaOf({ b: 3, a: 0 }, ["a", "b"], "--lambda"), [0, 3]);
  const fails = (lambda: Record<string, number>, text: string) =>
    assertThrows(() => lambdaOf(lambda, ["a", "b"], "--lambda"), InputError, text);
  fails({ a: 1 }, "--lambda: expected a weight for each of the tasks a, b, found none for b");
  fails({ a: 1, b: 1, c: 2 }, "found one for c");
  fails({ a: 1, constructor: 2 }, "found none for b and one for constructor");
  fails({ a: 1, b: -1 }, "expected a weight of 0 or more for b, found -1");
  fails({ a: 1, b: NaN }, "found NaN");
  fails({ a: 0, b: 0 }, "found 0 for all");
});

Deno.test("a plan with fixed weights hands them to the tuning, task by task", () => {
  const options = { tasks: ["a", "b"], methods: ["fixed"], seeds: [1] };
  const part = planRun({ ...options, lambda: { b: 1.5, a: 0.5 } }).at(-1)!;
  assertEquals(part.kind === "tune" && part.weighting, { method: "fixed", weights: [0.5, 1.5] });
  assertThrows(() => planRun(options), InputError, "--lambda task=x,… or --weights FILE");
  assertThrows(
    () => fixed.balancer({ tasks: 2, seed: 1, samples: [], answerTokens: [] }),
    InputError,
    "found none",
  );
});
