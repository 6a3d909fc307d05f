import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { contributionIn, contributionOut, contributions } from "../../../src/balance/cotbal/contribution.ts";
import { difficulties } from "../../../src/balance/cotbal/difficulty.ts";
import { parseScoresCsv, parseScoresJson } from "../../../src/balance/cotbal/parse_scores.ts";
import { softmaxWeights } from "../../../src/balance/cotbal/softmax.ts";
import type { BalanceTable, ProbeTable } from "../../../src/balance/cotbal/table.ts";
import { weightsFromScores } from "../../../src/balance/cotbal/weights_from_scores.ts";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read");

const table: ProbeTable = {
  tasks: ["caption", "vqa", "chart"],
  mini: [40, 20, 10],
  plus: [
    [60, 23, 10],
    [45, 50, 12],
    [38, 26, 15],
  ],
};

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** A table of random scores in which every task gains from its own data. */
function randomTable(random: Random, n: number): ProbeTable {
  const tasks = Array.from({ length: n }, (_, i) => `task ${i}`);
  const mini = tasks.map(() => 20 + 30 * random.next());
  const plus = tasks.map((_, i) =>
    tasks.map((_, j) => mini[j]! + (i === j ? 10 + 20 * random.next() : 8 * random.normal()))
  );
  return { tasks, mini, plus };
}

Deno.test("weightsFromScores is the steps in a row", () => {
  const report = weightsFromScores(table);
  const { matrix } = contributions(table.mini, table.plus);
  assertEquals(report.contribution, matrix);
  assertEquals(report.contributionOut, contributionOut(matrix));
  assertEquals(report.contributionIn, contributionIn(matrix));
  assertEquals(report.difficulty, difficulties(table.mini, [60, 50, 15]));
  assertEquals(report.lambdaOut, softmaxWeights(report.contributionOut, 0.5));
  assertEquals(report.lambdaIn, softmaxWeights(report.contributionIn.map((x) => -x!), 0.5));
  assertEquals(report.lambdaDifficulty, softmaxWeights(report.difficulty, 0.5));
  report.lambda.forEach((w, i) => {
    const parts = 0.25 * report.lambdaOut[i]! + 0.25 * report.lambdaIn[i]! +
      0.5 * report.lambdaDifficulty[i]!;
    assertAlmostEquals(w, parts, 1e-12);
  });
  assertEquals([report.tasks, report.temperature, report.warnings], [table.tasks, 0.5, []]);
});

Deno.test("weightsFromScores gives hand-computed weights", () => {
  // C_out = (.05, .325, .05), C_in = (.075, .15, .2), D = (1/3, .6, 1/3)
  const report = weightsFromScores(table);
  const share = (values: number[]) =>
    values.map((x) => 3 * Math.exp(2 * x) / sum(values.map((y) => Math.exp(2 * y))));
  const out = share([0.05, 0.325, 0.05]);
  const inward = share([-0.075, -0.15, -0.2]);
  const hard = share([1 / 3, 0.6, 1 / 3]);
  report.lambda.forEach((w, i) =>
    assertAlmostEquals(w, 0.25 * out[i]! + 0.25 * inward[i]! + 0.5 * hard[i]!, 1e-12)
  );
});

Deno.test("weightsFromScores has exactly the keys of weights.json, and survives it", () => {
  const report = weightsFromScores(table);
  assertEquals(Object.keys(report), [
    "tasks",
    "temperature",
    "alpha",
    "contribution",
    "contributionOut",
    "contributionIn",
    "difficulty",
    "lambdaOut",
    "lambdaIn",
    "lambdaDifficulty",
    "lambda",
    "warnings",
  ]);
  assertEquals(JSON.parse(JSON.stringify(report)), report);
});

Deno.test("weightsFromScores sums to the number of tasks, whatever the scores", () => {
  const random = new Random(11);
  for (let k = 0; k < 100; k++) {
    const n = 1 + random.int(8);
    const draw = () => Math.round(4 * random.normal()); // zeros, ties and losses
    const tasks = Array.from({ length: n }, (_, i) => `${i}`);
    const report = weightsFromScores({
      tasks,
      mini: tasks.map(draw),
      plus: tasks.map(() => tasks.map(draw)),
    });
    for (const weights of [report.lambda, report.lambdaOut, report.lambdaIn, report.lambdaDifficulty]) {
      assertAlmostEquals(sum(weights), n, 1e-9);
      assert(weights.every((w) => w >= 0 && Number.isFinite(w)));
    }
  }
});

Deno.test("weightsFromScores permutes with the tasks", () => {
  const random = new Random(5);
  for (let n = 2; n <= 6; n++) {
    const given = randomTable(random, n);
    const order = random.shuffle(Array.from({ length: n }, (_, i) => i));
    const permuted = weightsFromScores({
      tasks: order.map((i) => given.tasks[i]!),
      mini: order.map((i) => given.mini[i]!),
      plus: order.map((i) => order.map((j) => given.plus[i]![j]!)),
    });
    const report = weightsFromScores(given);
    order.forEach((i, k) => assertAlmostEquals(permuted.lambda[k]!, report.lambda[i]!, 1e-9));
  }
});

Deno.test("weightsFromScores tends to equal weights at high temperature", () => {
  weightsFromScores(table, { temperature: 1e6 }).lambda.forEach((w) => assertAlmostEquals(w, 1, 1e-5));
});

Deno.test("weightsFromScores with automatic temperature keeps the band", () => {
  const random = new Random(6);
  for (let k = 0; k < 20; k++) {
    const report = weightsFromScores(randomTable(random, 2 + random.int(6)), { temperature: "auto" });
    assert(report.lambda.every((w) => w > 0.5 - 1e-9 && w < 2 + 1e-9));
    assertEquals(report.warnings.filter((text) => text.includes("outside the band")), []);
  }
});

Deno.test("weightsFromScores says when only a very high temperature keeps the band", () => {
  // The first task gains 0.5 points of its own, and 5 from the second: C = 10.
  const noisy = { ...table, plus: [[40.5, 23, 10], [45, 50, 12], [38, 26, 15]] };
  const report = weightsFromScores(noisy, { temperature: "auto", alpha: { out: 1, in: 0, difficulty: 0 } });
  assert(report.temperature > 2);
  const text = report.warnings.join("\n");
  assertStringIncludes(text, "vqa: C_out is 5.2, which comes from dividing by a small own gain");
  assertStringIncludes(text, "beyond the paper's highest (2)");
});

Deno.test("weightsFromScores names an undefined contribution and goes on without it", () => {
  const report = weightsFromScores({ ...table, plus: [[39.5, 23, 10], [45, 50, 12], [38, 26, 15]] });
  assertEquals(report.contribution.map((row) => row[0]), [null, null, null]);
  assertEquals(report.contributionIn[0], null);
  assertEquals(report.lambdaIn[0], 1);
  assertAlmostEquals(report.contributionOut[1]!, 0.4, 1e-12);
  assertStringIncludes(
    report.warnings[0]!,
    "caption: its own gain is -0.5 points, not above 0: the contributions into it are undefined",
  );
  assertStringIncludes(
    report.warnings.join("\n"),
    "caption: C_in is undefined; the task gets weight 1 in that part",
  );
});

Deno.test("weightsFromScores says which quotient is no number, and why", () => {
  const { contribution, warnings } = weightsFromScores({
    tasks: ["a", "b"],
    mini: [0, 3],
    plus: [[1e-300, 5], [1e10, 9]],
  });
  assertEquals(contribution[1]![0], null);
  assertStringIncludes(warnings.join(), "a: its own gain is 1e-300 points, too small or too large to divide");
});

Deno.test("weightsFromScores with nothing learnt gives equal weights and says why", () => {
  const zeros = table.mini.map(() => 0);
  const report = weightsFromScores({ tasks: table.tasks, mini: zeros, plus: zeros.map(() => zeros) });
  assertEquals(report.lambda, [1, 1, 1]);
  assertEquals(report.difficulty, [null, null, null]);
  assertEquals(report.warnings.filter((text) => text.includes("difficulty is undefined")).length, 3);
});

Deno.test("weightsFromScores says when difficulty saturates", () => {
  const report = weightsFromScores({ ...table, mini: [40, 20, 0.5] });
  assertStringIncludes(
    report.warnings.join("\n"),
    "chart: the difficulty is 0.9667: the mini subset teaches next to",
  );
});

Deno.test("weightsFromScores says which weights leave the band", () => {
  const report = weightsFromScores(table, { temperature: 0.05 });
  const outside = report.lambda.filter((w) => w < 0.5 || w > 2).length;
  assert(outside > 0);
  assertEquals(report.warnings.filter((text) => text.includes("outside the band [0.5, 2]")).length, outside);
});

Deno.test("weightsFromScores: a floor changes the difficulty and nothing else", () => {
  const report = weightsFromScores(table);
  const floored = weightsFromScores(table, { floor: [30, 0, 12] });
  assertEquals(floored.contribution, report.contribution);
  assertEquals([floored.lambdaOut, floored.lambdaIn], [report.lambdaOut, report.lambdaIn]);
  assertEquals(floored.difficulty, [1 - 10 / 30, 0.6, 1]);
  assertStringIncludes(
    floored.warnings.join("\n"),
    "chart: V(mini) is 10, below its floor 12, and counts as the floor",
  );
  assertEquals(weightsFromScores({ ...table, floor: [30, 0, 12] }), floored);
  // The option is preferred to the table's own.
  assertEquals(weightsFromScores({ ...table, floor: [1, 1, 1] }, { floor: [30, 0, 12] }), floored);
});

Deno.test("weightsFromScores: a least gain leaves out small own gains", () => {
  const report = weightsFromScores(table, { leastGain: 5 });
  assertEquals(report.contribution.map((row) => row[2]), [null, null, null]);
  assertStringIncludes(report.warnings[0]!, "chart: its own gain is 5 points, not above 5");
  assertEquals(weightsFromScores(table, { leastGain: [0, 0, 5] }).lambda, report.lambda);
});

Deno.test("weightsFromScores averages the seeds' scores, not their weights", () => {
  const random = new Random(8);
  const seeds = [randomTable(random, 4), randomTable(random, 4), randomTable(random, 4)];
  const mean = (pick: (table: ProbeTable) => number) => sum(seeds.map(pick)) / 3;
  const report = weightsFromScores(seeds);
  const expected = weightsFromScores({
    tasks: seeds[0]!.tasks,
    mini: seeds[0]!.mini.map((_, j) => mean((t) => t.mini[j]!)),
    plus: seeds[0]!.plus.map((row, i) => row.map((_, j) => mean((t) => t.plus[i]![j]!))),
  });
  report.lambda.forEach((w, i) => assertAlmostEquals(w, expected.lambda[i]!, 1e-12));
});

Deno.test("weightsFromScores: a fixed task has its weight and no say", () => {
  const without: BalanceTable = {
    tasks: ["caption", "chart"],
    mini: [40, 10],
    plus: [[60, 10], [38, 15]],
  };
  const expected = weightsFromScores(without);
  const report = weightsFromScores(table, { fixed: { vqa: 0.7, chat: 1 } });
  assertEquals(report.tasks, ["caption", "vqa", "chart", "chat"]);
  assertEquals(report.lambda, [expected.lambda[0]!, 0.7, expected.lambda[1]!, 1]);
  assertEquals(report.lambdaOut[1], 0.7);
  assertEquals(report.difficulty, [expected.difficulty[0]!, null, expected.difficulty[1]!, null]);
  assertEquals(report.contribution.length, 4);
  assert(report.contribution.every((row) => row.length === 4));
  assertEquals(report.contribution[0], [null, null, expected.contribution[0]![1]!, null]);
  assertEquals(report.contribution[1], [null, null, null, null]);
  assertAlmostEquals(report.lambda[0]! + report.lambda[2]!, 2, 1e-12);
  assertStringIncludes(report.warnings.join("\n"), "vqa: the weight is fixed at 0.7, outside the balancing");
  assertStringIncludes(report.warnings.join("\n"), "chat: it is not in the table and was added");
});

Deno.test("weightsFromScores in the chat form compares with the untuned model (eq. 10, 11)", () => {
  const report = weightsFromScores({
    tasks: ["a", "b"],
    base: [10, 20],
    alone: [[30, 25], [20, 40]],
    mini: [15, 30],
  });
  assertEquals(report.contribution, [[null, 0.25], [0.5, null]]);
  assertEquals(report.difficulty, [0.5, 0.25]);
});

Deno.test("weightsFromScores takes its own report as vectors", () => {
  const report = weightsFromScores(table);
  const again = weightsFromScores(JSON.parse(JSON.stringify(report)));
  assertEquals(again.lambda, report.lambda);
  assertEquals(again.contribution, [[null, null, null], [null, null, null], [null, null, null]]);
});

Deno.test("weightsFromScores of one task says that there is nothing to weigh", () => {
  const report = weightsFromScores({ tasks: ["vqa"], mini: [20], plus: [[40]] });
  assertEquals(report.lambda, [1]);
  assertStringIncludes(report.warnings.join("\n"), "expected two tasks or more to balance, found 1");
});

Deno.test("weightsFromScores does not change what it is given", () => {
  const given = structuredClone(table);
  const report = weightsFromScores(given, { floor: [1, 1, 1], fixed: { vqa: 1 } });
  report.tasks.push("x");
  assertEquals(given, table);
});

Deno.test("weightsFromScores refuses options it cannot use", () => {
  const refused: [options: Parameters<typeof weightsFromScores>[1], message: string][] = [
    [{ temperature: 0 }, "expected a temperature above 0, found 0"],
    [{ temperature: NaN }, "expected a temperature above 0, found NaN"],
    [{ alpha: { out: 1, in: 1, difficulty: 1 } }, "sum to 1"],
    [{ floor: [1] }, "floor: expected 3 scores, one a task, found 1"],
    [{ floor: [1, NaN, 2] }, "floor (vqa): expected a finite number, found NaN"],
    [{ leastGain: -1 }, "expected least gains of 0 or more"],
    [{ leastGain: [1, 2] }, "leastGain: expected one number, or one a task (3), found 2"],
    [{ fixed: { vqa: -1 } }, "fixed weight of vqa: expected a number of 0 or more, found -1"],
    [{ fixed: { vqa: NaN } }, "found NaN"],
  ];
  for (const [options, message] of refused) {
    assertThrows(() => weightsFromScores(table, options), InputError, message);
  }
  const vectors = { tasks: ["a"], contributionOut: [null], contributionIn: [null], difficulty: [0.5] };
  assertThrows(() => weightsFromScores(vectors, { floor: [1] }), InputError, "need a table of scores");
  assertThrows(() => weightsFromScores(vectors, { leastGain: 1 }), InputError, "need a table of scores");
  assertThrows(() => weightsFromScores([]), InputError, "expected one table of scores or more");
  assertThrows(
    () => weightsFromScores([table, { ...table, mini: [1, 2, NaN] }]),
    InputError,
    "table 2: mini, column 3",
  );
});

test("the example tables are one table in two forms, without warnings", async () => {
  const read = (name: string) =>
    Deno.readTextFile(new URL(`../../../data/examples/${name}`, import.meta.url));
  const [json] = parseScoresJson(await read("scores.json"), "scores.json");
  assertEquals(parseScoresCsv(await read("scores.csv"), "scores.csv"), json);
  assertEquals(weightsFromScores(json!).warnings, []);
});
