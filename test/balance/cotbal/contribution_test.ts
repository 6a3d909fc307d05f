import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { contributionIn, contributionOut, contributions } from "../../../src/balance/cotbal/contribution.ts";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";

const mini = [40, 20, 10];
const plus = [
  [60, 23, 10], // own gain 20; gives task 1 3 of its 30, task 2 nothing of its 5
  [45, 50, 12],
  [38, 26, 15],
];

Deno.test("contributions gives hand-computed values (eq. 3)", () => {
  const { matrix, undefinedInto } = contributions(mini, plus);
  assertEquals(matrix, [
    [null, 3 / 30, 0],
    [5 / 20, null, 2 / 5],
    [-2 / 20, 6 / 30, null],
  ]);
  assertEquals(undefinedInto, []);
});

Deno.test("contributionOut and contributionIn are row and column means without the diagonal (eq. 4, 5)", () => {
  const { matrix } = contributions(mini, plus);
  const out = contributionOut(matrix);
  [0.05, 0.325, 0.05].forEach((x, i) => assertAlmostEquals(out[i]!, x, 1e-12));
  const inward = contributionIn(matrix);
  [0.075, 0.15, 0.2].forEach((x, i) => assertAlmostEquals(inward[i]!, x, 1e-12));
});

Deno.test("contributions ignores the scale and the zero of a task's scores", () => {
  const scale = [10, 0.5, 1];
  const shift = [-3, 7, 100];
  const move = (row: number[]) => row.map((v, j) => v * scale[j]! + shift[j]!);
  const { matrix } = contributions(move(mini), plus.map(move));
  contributions(mini, plus).matrix.forEach((row, i) =>
    row.forEach((c, j) =>
      c === null ? assertEquals(matrix[i]![j], null) : assertAlmostEquals(matrix[i]![j]!, c, 1e-9)
    )
  );
});

Deno.test("contributions permutes with the tasks", () => {
  const order = [2, 0, 1];
  const { matrix } = contributions(mini, plus);
  const permuted = contributions(
    order.map((j) => mini[j]!),
    order.map((i) => order.map((j) => plus[i]![j]!)),
  );
  assertEquals(permuted.matrix, order.map((i) => order.map((j) => matrix[i]![j]!)));
});

Deno.test("contributions into a task without own gain are undefined, and say so", () => {
  for (const own of [20, 19, 20 + 1e-10]) {
    const rows = plus.map((row) => [...row]);
    rows[1]![1] = own;
    const { matrix, undefinedInto } = contributions(mini, rows);
    assertEquals(undefinedInto, [1]);
    assertEquals(matrix.map((row) => row[1]), [null, null, null]);
    assertEquals(contributionOut(matrix)[0], 0); // only C[0→2] is left
    assertEquals(contributionIn(matrix)[1], null);
  }
});

Deno.test("contributions never clips", () => {
  const { matrix } = contributions([10, 10], [[10.5, 40], [-20, 11]]);
  assertEquals(matrix, [[null, 30], [-60, null]]);
});

Deno.test("contributions leaves out own gains up to the least gain", () => {
  assertEquals(contributions(mini, plus, 5).undefinedInto, [2]);
  assertEquals(contributions(mini, plus, 4.9).undefinedInto, []);
  assertEquals(contributions(mini, plus, [25, 0, 0]).undefinedInto, [0]);
  assertEquals(contributions(mini, plus, 100).undefinedInto, [0, 1, 2]);
});

Deno.test("contributions is never NaN", () => {
  const random = new Random(3);
  for (let k = 0; k < 200; k++) {
    const n = 1 + random.int(5);
    const coarse = () => random.int(3) - 1; // many zeros and ties
    const before = Array.from({ length: n }, coarse);
    const after = before.map(() => before.map(coarse));
    const { matrix } = contributions(before, after);
    const values = [...matrix.flat(), ...contributionOut(matrix), ...contributionIn(matrix)];
    assertEquals(values.filter((x) => x !== null && !Number.isFinite(x)), []);
  }
});

Deno.test("contributions of one task has no means", () => {
  const { matrix } = contributions([10], [[20]]);
  assertEquals([matrix, contributionOut(matrix), contributionIn(matrix)], [[[null]], [null], [null]]);
});

Deno.test("contributions refuses shapes that do not fit", () => {
  assertThrows(() => contributions([1, 2], [[3, 4]]), InputError, "expected 2 rows, one a task, found 1");
  assertThrows(
    () => contributions([1, 2], [[3, 4], [5]]),
    InputError,
    "row 2: expected 2 scores, one a task, found 1",
  );
  assertThrows(
    () => contributions(mini, plus, [1]),
    InputError,
    "expected one least gain, or one a task (3), found 1",
  );
  assertThrows(
    () => contributions(mini, plus, -1),
    InputError,
    "expected least gains of 0 or more, found -1",
  );
  assertThrows(() => contributions(mini, plus, NaN), InputError, "found NaN");
  assertThrows(() => contributionOut([[1, 2]]), InputError, "row 1: expected 1 scores");
});
