import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { sensitivity } from "../../../src/balance/methods/sensitivity.ts";
import { planRun } from "../../../src/run/plan.ts";

Deno.test("sensitivity doubles each weight in turn, beside EW's model, with one seed and one order", () => {
  const tasks = ["a", "b", "c"];
  const plan = planRun({ tasks, methods: ["ew", "sensitivity"], seeds: [1, 2] });
  const ofSeed = plan.filter(({ id }) => id.startsWith("seed-2/"));
  assertEquals(ofSeed.map(({ id }) => id.slice(7)), [
    "methods/ew",
    "probes/equal",
    "probes/double/a",
    "probes/double/b",
    "probes/double/c",
    "probes/sensitivity",
    "methods/ew-blank",
    "methods/sensitivity",
  ]);
  const double = ofSeed[3]!;
  assert(double.kind === "tune");
  assertEquals(double.weighting.weights, [0.75, 1.5, 0.75]);
  assertEquals([double.seed, double.drawSeed, double.data], [2, undefined, { a: "all", b: "all", c: "all" }]);
  const weigh = ofSeed[5]!;
  assert(weigh.kind === "balance");
  assertEquals(weigh.tried![0], { weights: [1, 1, 1], scores: "seed-2/probes/equal/eval.json" });
  assertEquals(weigh.needs.length, 4);
});

Deno.test("sensitivity's file is diagnosis and weights, and says what it cannot know", () => {
  const trial = (lambda: number[], scores: number[]) => ({ lambda, scores, errors: lambda.map(() => 0.2) });
  const table = (seed: number, gain: number) => ({
    seed,
    tasks: ["a", "b"],
    tried: [
      trial([1, 1], [50, 50]),
      trial([4 / 3, 2 / 3], [50 + gain, 50]),
      trial([2 / 3, 4 / 3], [50, 50 - gain]),
    ],
    covariance: [[0, 0, 0], [0, 0.01, 0.005], [0, 0.005, 0.01]],
  });
  const one = sensitivity.weigh!([table(1, 4)], {});
  assertEquals(one.warnings.length, 1);
  assert(one.warnings[0]!.includes("with one seed"));
  assertAlmostEquals(one.lambda[0]! + one.lambda[1]!, 2);
  assert(one.lambda[0]! > 1.4);
  const two = sensitivity.weigh!([table(1, 4), table(2, -4)], {});
  assertEquals(two.lambda, [1, 1]);
  assert(two.warnings.some((text) => text.includes("not clearly more than noise")));
});
