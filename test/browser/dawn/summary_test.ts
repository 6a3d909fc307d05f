import { assertEquals } from "@std/assert";
import { begun, count, note, type Outcome, outOfTime, summary } from "./summary.ts";
import type { Ended } from "./page.ts";

const KNOWN = { "long": "rounding" };

/** A test of which the page told this. */
function told(...all: Ended[]): Outcome {
  const outcome = begun("test/a_test.ts", "a");
  for (const ended of all) note(outcome, ended, ["timestamp-query"], KNOWN);
  return outcome;
}

const refusal = { ms: 1, error: "InputError: …", lacks: "shader-f16" };

Deno.test("a test passes, fails, or is ignored where the adapter lacks what it needs", () => {
  const step: Ended = { path: ["a", "step"], ms: 1 }, whole: Ended = { path: ["a"], ms: 2 };
  const passed = told(step, whole);
  const failed = told({ ...step, error: "AssertionError: …" }, {
    ...whole,
    error: "Error: 1 of its steps failed",
  });
  const partly = told({ ...refusal, path: ["a", "half"] }, step, whole);
  const nothing = told({ ...refusal, path: ["a", "half"] }, whole);
  const ignored = told({ ...refusal, path: ["a"] });
  const silent = told(step);
  const outcomes = [passed, failed, partly, nothing, ignored, silent];
  assertEquals(outcomes.map(({ ended }) => ended), [
    "passed",
    "failed",
    "passed",
    "ignored",
    "ignored",
    "failed",
  ]);
  assertEquals(outcomes.map(({ steps }) => steps), [1, 1, 1, 0, 0, 1]);
  assertEquals(partly.lacking, [{ step: ["half"], feature: "shader-f16" }]);
  assertEquals(count(outcomes), { passed: 2, failed: 2, ignored: 2 });
  assertEquals(summary(outcomes, 4000), "FAILED | 2 passed (4 steps) | 2 failed | 2 ignored (4.0 s)");
});

Deno.test("what the adapter has cannot be lacking", () => {
  const { ended, complaints } = told({
    path: ["a"],
    ms: 1,
    error: "InputError: …",
    lacks: "timestamp-query",
  });
  assertEquals([ended, complaints], ["failed", ["InputError: …"]]);
});

Deno.test("a step that is known to fail keeps its test from counting, and hides nothing else", () => {
  const long: Ended = { path: ["a", "long"], ms: 1, error: "AssertionError: …" };
  const whole: Ended = { path: ["a"], ms: 2, error: "Error: 1 of its steps failed" };
  const known = told(long, whole);
  assertEquals([known.ended, known.complaints], ["ignored", []]);
  assertEquals(known.known, [{ step: ["long"], reason: "rounding" }]);
  assertEquals(told(long, { ...long, path: ["a", "short"] }, whole).ended, "failed");
});

Deno.test("a test for which no time was left is ignored, whatever it would have done", () => {
  const outcome = begun("a_test.ts", "late");
  outOfTime(outcome);
  assertEquals([outcome.ended, outcome.late], ["ignored", true]);
  assertEquals(summary([outcome], 1000), "ok | 0 passed (0 steps) | 0 failed | 1 ignored (1.0 s)");
});
