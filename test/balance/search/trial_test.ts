import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type AnswerPoints, questionErrors } from "../../../src/balance/search/trial.ts";
import { InputError } from "../../../src/errors.ts";

/** Answers of two tasks: two questions a conversation in the first, one in the second. */
const answers = (a: number[], b: number[]): AnswerPoints[] => [
  ...a.map((score, q) => ({ id: `${Math.floor(q / 2)}`, task: "a", score })),
  ...b.map((score, q) => ({ id: `${q}`, task: "b", score })),
];

Deno.test("errors are those of paired differences, a conversation at a time", () => {
  const first = answers([0, 0, 0, 0], [50, 50]);
  const second = answers([100, 100, 0, 0], [50, 50]);
  const { errors, covariance } = questionErrors(["a", "b"], [first, second]);
  // The two conversations sum to e = 100 and -100: sqrt(2 * 100² * 2 / 1) / 4.
  assertAlmostEquals(errors[1]![0]!, 50);
  assertEquals([errors[0], errors[1]![1]], [[0, 0], 0]);
  assertAlmostEquals(covariance[1]![1]!, (50 / 2) ** 2);
  assertEquals([covariance[0], covariance[1]![0]], [[0, 0], 0]);
});

Deno.test("trials that err on the same questions covary, whatever the level that all share", () => {
  const wave = [0, 100, 0, 100, 100, 0, 0, 100];
  const single = (points: number[]) => points.map((score, q) => ({ id: `${q}`, task: "a", score }));
  const base = single(wave.map(() => 50));
  const { covariance } = questionErrors(["a"], [base, single(wave), single(wave.map((x) => x / 2 + 10))]);
  assertAlmostEquals(covariance[1]![2]!, covariance[1]![1]! / 2);
  assertAlmostEquals(covariance[2]![2]!, covariance[1]![1]! / 4);
});

Deno.test("trials of other questions are refused", () => {
  const base = answers([1, 2], [3]);
  assertThrows(
    () => questionErrors(["a", "b"], [base, base.slice(1)]),
    InputError,
    "trial 2: expected the 3 questions of the first trial, found another one in place",
  );
  assertThrows(() => questionErrors(["a", "b"], [base, base.slice(0, 2)]), InputError, "found 2 questions");
});

Deno.test("one conversation alone has no error to show", () => {
  const { errors } = questionErrors(["a"], [[{ id: "1", task: "a", score: 0 }], [{
    id: "1",
    task: "a",
    score: 9,
  }]]);
  assertEquals(errors, [[0], [0]]);
});
