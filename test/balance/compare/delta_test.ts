import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { compareScores } from "../../../src/balance/compare/delta.ts";
import { InputError } from "../../../src/errors.ts";

Deno.test("compareScores gives hand-computed means (eq. 9)", () => {
  const { improvement, deltaI, deltaE, warnings } = compareScores([55, 22, 38, 10], [50, 20, 40, 10]);
  [10, 10, -5, 0].forEach((x, i) => assertAlmostEquals(improvement[i]!, x, 1e-12));
  assertAlmostEquals(deltaI!, 3.75, 1e-12);
  assertAlmostEquals(deltaE!, 1.25, 1e-12);
  assertEquals(warnings, []);
});

Deno.test("compareScores of a method with itself is 0", () => {
  const { deltaI, deltaE } = compareScores([55, 22], [55, 22]);
  assertEquals([deltaI, deltaE], [0, 0]);
});

Deno.test("compareScores turns the sign where lower is better", () => {
  const { improvement, deltaE } = compareScores([8, 12], [10, 10], [false, false]);
  [20, -20].forEach((x, i) => assertAlmostEquals(improvement[i]!, x, 1e-12));
  assertAlmostEquals(deltaE!, 10, 1e-12);
});

Deno.test("compareScores takes the mean over a task's metrics before anything else", () => {
  // +20% and −10%: the task improves by 5%, so it does not count as a loss.
  const { improvement, deltaE } = compareScores([[60, 11]], [[50, 10]], [[true, false]]);
  assertAlmostEquals(improvement[0]!, 5, 1e-12);
  assertEquals(deltaE, 0);
  assertAlmostEquals(compareScores([[9, 18], 5], [[10, 20], 5], [false, true]).deltaI!, 5, 1e-12);
});

Deno.test("compareScores does not depend on the unit of a score", () => {
  const a = compareScores([0.55, 22], [0.5, 20]);
  const b = compareScores([55, 2.2], [50, 2]);
  assertAlmostEquals(a.deltaI!, b.deltaI!, 1e-9);
});

Deno.test("compareScores leaves out a base score of 0 and says so", () => {
  const found = compareScores([5, 22, -1], [0, 20, -2], undefined, ["reading", "vqa", "odd"]);
  assertEquals(found.improvement[0], null);
  assertAlmostEquals(found.deltaI!, 10, 1e-12);
  assertEquals(found.warnings, [
    "reading: the base score is 0, so a relative improvement is undefined; it is left out.",
    "odd: the base score is -2, so a relative improvement is undefined; it is left out.",
  ]);
  assertEquals(compareScores([[5, 11]], [[0, 10]]).improvement.map((x) => x!.toFixed(6)), ["10.000000"]);
});

Deno.test("compareScores without any base has no means", () => {
  const { deltaI, deltaE, improvement } = compareScores([5, 5], [0, 0]);
  assertEquals([deltaI, deltaE, improvement], [null, null, [null, null]]);
});

Deno.test("compareScores refuses shapes that do not fit and scores that are not finite", () => {
  assertThrows(() => compareScores([1, 2], [1]), InputError, "expected 2 base scores, one a task, found 1");
  assertThrows(
    () => compareScores([1], [1], [true, true]),
    InputError,
    "expected 1 directions, one a task, found 2",
  );
  assertThrows(
    () => compareScores([1], [1], [true], []),
    InputError,
    "expected 1 task names, one a task, found 0",
  );
  assertThrows(
    () => compareScores([[1, 2]], [1], undefined, ["vqa"]),
    InputError,
    "vqa: expected as many base scores",
  );
  assertThrows(
    () => compareScores([[1, 2]], [[1, 2]], [[true]]),
    InputError,
    "task 1: expected as many base scores",
  );
  assertThrows(
    () => compareScores([NaN], [1]),
    InputError,
    "task 1: expected finite scores, found NaN against 1",
  );
  assertThrows(() => compareScores([1], [Infinity]), InputError, "found 1 against Infinity");
});
