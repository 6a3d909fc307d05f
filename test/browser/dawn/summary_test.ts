import { assertEquals } from "@std/assert";
import { begun, count, note, type Outcome, summary } from "./summary.ts";
import type { Ended } from "./page.ts";

/** A test of which the page told this. */
function told(...all: Ended[]): Outcome {
  const outcome = begun("test/a_test.ts", "a");
  for (const ended of all) note(outcome, ended, ["timestamp-query"]);
  return outcome;
}

const refusal = { ms: 1, error: "InputError: …", lacks: "shader-f16" };

Deno.test("a test passes, fails, or is ignored where the adapter lacks what it needs", () => {
  const step: Ended = { path: ["a", "step"], ms: 1 }, whole: Ended = { path: ["a"], ms: 2 };
  const passed = told(step, whole);
  const failed = told({ ...step, error: "AssertionError: …" }, { ...whole, error: "1 of its steps failed" });
  const partly = told({ ...refusal, path: ["a", "step"] }, whole);
  const ignored = told({ ...refusal, path: ["a"] });
  const silent = told(step);
  const outcomes = [passed, failed, partly, ignored, silent];
  assertEquals(outcomes.map(({ ended }) => ended), ["passed", "failed", "passed", "ignored", "failed"]);
  assertEquals(outcomes.map(({ steps }) => steps), [1, 1, 0, 0, 1]);
  assertEquals(partly.lacking, [{ step: ["step"], feature: "shader-f16" }]);
  assertEquals(count(outcomes), { passed: 2, failed: 2, ignored: 1 });
  assertEquals(summary(outcomes, 4000), "FAILED | 2 passed (3 steps) | 2 failed | 1 ignored (4.0 s)");
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
