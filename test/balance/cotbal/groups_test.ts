import { assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { weightsOfGroups } from "../../../src/balance/cotbal/groups.ts";
import type { AloneTable, ProbeTable } from "../../../src/balance/cotbal/table.ts";
import { weightsFromScores } from "../../../src/balance/cotbal/weights_from_scores.ts";
import { InputError } from "../../../src/errors.ts";

const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);

// Tasks a and c are one group: their rows are those of one probe.
const own = [50, 33, 160];
const table: ProbeTable = {
  tasks: ["a", "b", "c"],
  mini: [40, 20, 80],
  plus: [own, [41, 60, 88], own],
};
const groups = { ac: ["c", "a"] };

Deno.test("groups of one task are no groups: the same bits", () => {
  const single = { tasks: ["a", "b"], mini: [40, 20], plus: [[50, 26], [42, 50]] };
  const { groups: said, ...report } = weightsOfGroups([single], { groups: { a: ["a"] } });
  assertEquals(report, weightsFromScores(single));
  assertEquals(said, { a: ["a"] });
});

Deno.test("a group's score is the mean of its tasks' scores, relative to its own probe", () => {
  const report = weightsOfGroups([table], { groups });
  const relative = (a: number, c: number) => 100 * (a / 50 + c / 160) / 2;
  const joined = weightsFromScores({
    tasks: ["ac", "b"],
    mini: [relative(40, 80), 20],
    plus: [[100, 33], [relative(41, 88), 60]],
  });
  for (const i of [0, 2]) {
    assertAlmostEquals(report.difficulty[i]!, ((1 - 40 / 50) + (1 - 80 / 160)) / 2);
    assertAlmostEquals(report.contributionOut[i]!, joined.contributionOut[0]!);
    assertAlmostEquals(report.contribution[i]![1]!, joined.contribution[0]![1]!);
    assertAlmostEquals(report.contribution[1]![i]!, joined.contribution[1]![0]!);
    assertEquals(report.lambda[i], report.lambda[0]);
  }
  assertEquals([report.contribution[0]![2], report.contribution[0]![0]], [null, null]);
  // One factor for all parts of λ, so that (8) still holds and the sum is the number of tasks.
  assertAlmostEquals(sum(report.lambda), 3);
  assertAlmostEquals(report.lambda[0]! / report.lambda[1]!, joined.lambda[0]! / joined.lambda[1]!);
  report.lambda.forEach((weight, i) =>
    assertAlmostEquals(
      weight,
      0.25 * report.lambdaOut[i]! + 0.25 * report.lambdaIn[i]! + 0.5 * report.lambdaDifficulty[i]!,
    )
  );
  assertStringIncludes(report.warnings.join(), "sum to 3");
});

Deno.test("a scale of a task's score has no say in its group", () => {
  const scaled = (row: readonly number[]) => [row[0]!, row[1]!, 7 * row[2]!];
  const other = { ...table, mini: scaled(table.mini), plus: table.plus.map(scaled) };
  const [a, b] = [table, other].map((one) => weightsOfGroups([one], { groups }).lambda);
  a!.forEach((weight, i) => assertAlmostEquals(weight, b![i]!, 1e-12));
});

Deno.test("fixed weights stand outside groups and their sum", () => {
  const four: ProbeTable = {
    tasks: ["f", ...table.tasks],
    mini: [5, ...table.mini],
    plus: [[5, ...table.mini], ...table.plus.map((row) => [9, ...row])],
  };
  const report = weightsOfGroups([four], { groups, fixed: { f: 0.7 } });
  assertEquals(report.tasks, ["f", "a", "b", "c"]);
  assertEquals([report.lambda[0], report.difficulty[0], report.contributionOut[0]], [0.7, null, null]);
  assertEquals(report.lambda.slice(1), weightsOfGroups([table], { groups }).lambda);
});

Deno.test("a task without a score of its own is left out of its group, and said", () => {
  const none = own.with(2, 0);
  const report = weightsOfGroups([{ ...table, plus: [none, [41, 60, 88], none] }], { groups });
  assertAlmostEquals(report.difficulty[0]!, 1 - 40 / 50);
  assertStringIncludes(report.warnings.join(), "c: V(own + mini) is 0, not above 0: it is left out");
  const all = weightsOfGroups([{ ...table, plus: [[0, 33, 0], [41, 60, 88], [0, 33, 0]] }], { groups });
  assertEquals(all.difficulty[0], null);
  assertAlmostEquals(sum(all.lambda), 3);
});

Deno.test("groups take the chat form, the precise difficulty and several seeds", () => {
  const chat: AloneTable = { tasks: table.tasks, base: [10, 5, 20], alone: table.plus, mini: table.mini };
  assertAlmostEquals(weightsOfGroups([chat], { groups }).difficulty[2]!, 0.35);
  const precise = { ...table, miniAlone: [25, 10, 40], largeAlone: [50, 50, 50] };
  const report = weightsOfGroups([precise, precise], { groups, temperature: "auto" });
  assertAlmostEquals(report.difficulty[0]!, (0.5 + 0.2) / 2);
  assertAlmostEquals(report.difficulty[1]!, 0.8);
  const vectors = { tasks: ["a"], contributionOut: [1], contributionIn: [1], difficulty: [1] };
  assertThrows(() => weightsOfGroups([vectors as never], { groups: {} }), InputError, "table of scores");
});
