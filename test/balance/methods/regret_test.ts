import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { regret, type RegretTable, regretWeights } from "../../../src/balance/methods/regret.ts";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";
import { planRun } from "../../../src/run/plan.ts";

const table = (alone: number[], together: number[], questions = 200) => ({
  tasks: alone.map((_, j) => `t${j}`),
  alone,
  together,
  questions: alone.map(() => questions),
});

Deno.test("regret scores EW's model on all tasks and STL's each on its own, and shares both with these", () => {
  const tasks = ["a", "b"];
  const ids = (methods: string[]) =>
    planRun({ tasks, methods, seeds: [1, 2] }).map(({ id }) => id).filter((id) => id.startsWith("seed-2/"))
      .map((id) => id.slice(7));
  assertEquals(ids(["ew", "stl", "regret"]), [
    "methods/ew",
    "probes/equal",
    "probes/equal-again",
    "methods/stl/a",
    "probes/regret/a",
    "methods/stl/b",
    "probes/regret/b",
    "probes/regret",
    "methods/ew-blank",
    "methods/stl",
    "methods/regret",
  ]);
  const plan = planRun({ tasks, methods: ["regret"], seeds: [1] });
  const of = (id: string) => plan.find((part) => part.id === id)!;
  const scored = of("probes/regret/b");
  assert(scored.kind === "evaluate");
  assertEquals([scored.checkpoint, scored.split, scored.tasks], ["methods/stl/b/checkpoint", "val", ["b"]]);
  const weigh = of("probes/regret");
  assert(weigh.kind === "balance");
  assertEquals(weigh.scores, {
    alone: { a: "probes/regret/a/eval.json", b: "probes/regret/b/eval.json" },
    together: "probes/equal/eval.json",
    again: "probes/equal-again/eval.json",
  });
  const again = of("probes/equal-again");
  assert(again.kind === "tune");
  assertEquals([again.seed, again.drawSeed, again.split], [1, 1 + 2 ** 20, "val"]);
  assertEquals(again.weighting, { method: "ew" });
});

Deno.test("by hand: what is beyond two standard errors counts, ten points as much as the task itself", () => {
  // 8 questions: margin 2·√(2·2500/8) = 50.
  const { margin, regret: regrets, lambda, warnings } = regretWeights([table([90, 95, 20], [20, 50, 90], 8)]);
  assertEquals(margin, [50, 50, 50]);
  assertEquals(regrets, [20, 0, 0]);
  assertEquals(lambda, [9 / 5, 3 / 5, 3 / 5]);
  assertEquals(warnings, []);
});

Deno.test("several seeds are averaged, and their margin is narrower", () => {
  const seeds = [table([60, 50], [60, 20]), table([60, 50], [60, 40])];
  const { together, margin, regret: regrets } = regretWeights(seeds);
  assertEquals(together, [60, 30]);
  assertAlmostEquals(margin[1]!, 10 / Math.SQRT2);
  assertAlmostEquals(regrets[1]!, 20 - 10 / Math.SQRT2);
});

Deno.test("a task is left behind where both models with equal weights leave it, seed by seed", () => {
  const twice = (together: number[], again: number[]) => ({ ...table([60, 50], together), again });
  const lucky = regretWeights([twice([60, 20], [60, 45])]);
  assertEquals([lucky.again, lucky.regret, lucky.lambda], [[60, 45], [0, 0], [1, 1]]);
  assertEquals(regretWeights([twice([60, 20], [60, 25])]).regret, [0, 15]);
  const { regret: regrets, together, again } = regretWeights([
    twice([60, 10], [60, 20]),
    twice([60, 20], [60, 10]),
  ]);
  assertEquals([together[1], again![1]], [15, 15]);
  assertAlmostEquals(regrets[1]!, 50 - 20 - 10 / Math.SQRT2);
  assertEquals(regretWeights([table([60, 50], [60, 20])]).again, null);
  assertEquals(regretWeights([{ ...table([60, 50], [60, 20]), again: null }]).regret, [0, 20]);
  // A run that was begun before there were two tunings, and has seeds of both kinds.
  const mixed = regretWeights([table([60, 50], [60, 20]), twice([60, 20], [60, 45])]);
  assertEquals([mixed.again, mixed.together], [null, [60, 20]]);
  assertAlmostEquals(mixed.regret[1]!, 30 - 10 / Math.SQRT2);
  assertStringIncludes(mixed.warnings.join(), "the first one counts for all");
});

Deno.test("where no task is left behind the weights are exactly 1, and it is said that this is EW", () => {
  const { lambda, warnings } = regretWeights([table([60, 50, 0.1], [51, 60, 0.3])]);
  assertEquals(lambda, [1, 1, 1]);
  assertStringIncludes(warnings.join(), "this is EW");
});

Deno.test("thousands of tables: weights sum to N, are positive and at most 11 apart, and follow the tasks' order", () => {
  const random = new Random(7);
  for (let k = 0; k < 3000; k++) {
    const n = 1 + Math.floor(9 * random.next());
    const draw = () =>
      Array.from({ length: n }, () => random.next() < 0.1 ? 0 : Math.round(1000 * random.next()) / 10);
    const [alone, together, questions] = [draw(), draw(), 1 + Math.floor(400 * random.next())];
    const { lambda, regret: regrets } = regretWeights([table(alone, together, questions)]);
    assertAlmostEquals(lambda.reduce((a, b) => a + b, 0), n, 1e-9);
    assert(lambda.every((x) => Number.isFinite(x) && x > 0) && regrets.every((r) => r >= 0 && r <= 100));
    assert(Math.max(...lambda) / Math.min(...lambda) <= 11 + 1e-9);
    const turned = regretWeights([table(alone.toReversed(), together.toReversed(), questions)]);
    for (const [j, x] of turned.lambda.toReversed().entries()) assertAlmostEquals(x, lambda[j]!, 1e-12);
  }
});

Deno.test("what is missing or wrong in a table is named", () => {
  const good = table([60, 50], [60, 20]);
  const refused: [RegretTable[], string][] = [
    [
      [{ ...good, alone: [60, null] }],
      "regret: expected a validation score of t1, alone, in points, found none",
    ],
    [[{ ...good, together: [NaN, 20] }], "score of t0, together, in points, found NaN"],
    [[{ ...good, questions: [200] }], "questions of t1 were asked, an integer above 0, found none"],
    [[good, { ...good, tasks: ["x", "y"] }], "regret, table 2: expected the tasks t0, t1, found x, y"],
    [[good, { ...good, questions: [200, 9] }], "200 as in the first table, found 9"],
    [[{ ...good, again: [60, null] }], "score of t1, again, in points, found none"],
    [[], "expected a table or more"],
  ];
  for (const [bad, said] of refused) assertThrows(() => regretWeights(bad), InputError, said);
  assertEquals(regret.weigh!([table([50], [50])], {}).lambda, [1]);
  assertStringIncludes(regretWeights([table([0.6, 0.5], [0.6, 0.1])]).warnings.join(), "multiplied by 100");
});
