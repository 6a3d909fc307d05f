import { methodsTable } from "../../house/methods_table.ts";
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { constantWeights } from "../../../src/balance/constant.ts";
import type { BalancerContext, WeightingMethod } from "../../../src/balance/methods/method.ts";
import { shareOfEvery, tuneOnAll } from "../../../src/balance/methods/plan_builder.ts";
import {
  baseMethod,
  DEFAULT_METHODS,
  findMethod,
  methodById,
  METHODS,
  methodsWithProbes,
} from "../../../src/balance/methods/registry.ts";
import { InputError } from "../../../src/errors.ts";
import { looks } from "../../../src/report/kit/looks.ts";
import { planRun } from "../../../src/run/plan.ts";
import { assertBalancer, observations, weightsOfSteps } from "./_contract.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read");

/** All that a method's balancer may ask for, with K tasks. */
function contextOf(tasks: number): BalancerContext {
  const list = (of: (i: number) => number) => Array.from({ length: tasks }, (_, i) => of(i));
  return {
    tasks,
    seed: 3,
    samples: list((i) => 100 * (i + 1)),
    answerTokens: list((i) => 900 - 100 * i),
    weights: list((i) => 0.5 + 0.25 * i),
  };
}

for (const method of METHODS) {
  Deno.test(`${method.id} keeps the contract of a balancer`, async (t) => {
    for (const tasks of [1, 2, 5]) {
      await t.step(`${tasks} tasks`, () => assertBalancer(() => method.balancer(contextOf(tasks)), tasks));
    }
  });

  Deno.test(`${method.id} weighs all tasks alike for as many steps as it says, and no longer`, () => {
    const { equalSteps } = method;
    if (equalSteps === undefined) return;
    const steps = observations(3, 240).map((seen) => ({
      ...seen,
      taskLoss: seen.taskLoss.map((loss, i) => loss ?? 1 + i), // nobody is ever absent
      taskTokens: seen.taskTokens.map((n) => n || 10),
    }));
    const all = weightsOfSteps(method.balancer(contextOf(3)), steps, 20);
    const different = all.findIndex((weights) => weights.some((weight) => weight !== 1));
    assertEquals(different, equalSteps); // an index: the step after
  });

  Deno.test(`${method.id} is described, and needs what it says`, () => {
    assertMatch(method.id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assertMatch(method.text, /^\p{Lu}.*\.$/u);
    for (const text of [method.name, method.formula, method.source]) {
      assert(text.trim() === text && text !== "");
    }
    assertEquals(method.balancer(contextOf(2)).name, method.id);
    assertEquals(method.measure === undefined, method.weigh === undefined);

    const lambda = { a: 0.5, b: 1.5 };
    const plan = planRun({ tasks: ["a", "b"], methods: [method.id], seeds: [1], lambda });
    const own = [`methods/base`, `methods/${method.id}`, `methods/${method.id}-blank`];
    const more = plan.filter(({ id }) => !own.includes(id));
    assertEquals(more.length === 0, method.needs === "nothing" || method.needs === "validation");
    assertEquals(method.validation !== undefined, method.needs === "validation");
    assert(method.needs !== "probes" || plan.some((part) => part.kind === "balance"));
    assert(plan.some(({ file }) => file === `methods/${method.id}/test.json`), "no result");
    if (method.constant) {
      const balancer = method.balancer(contextOf(3));
      const first = balancer.weights(1, [5, 5, 5]);
      balancer.observe({ step: 1, taskLoss: [1, 2, 3], taskTokens: [5, 5, 5] });
      assertEquals(balancer.weights(500, [1, 2, 3]), first);
    }
  });
}

Deno.test("the registry holds every method once, each with a look of its own", () => {
  for (const key of ["id", "name"] as const) {
    assertEquals(new Set(METHODS.map((method) => method[key])).size, METHODS.length);
  }
  assertEquals(new Set(METHODS.map(({ look }) => `${look.color} ${look.mark}`)).size, METHODS.length);
  for (const id of DEFAULT_METHODS) assert(findMethod(id) !== undefined);
});

test("the README's table of methods is the registry", async () => {
  const readme = await Deno.readTextFile(new URL("../../../README.md", import.meta.url));
  const bare = (line: string) => line.replace(/\s+/g, " ").trim();
  const lines = readme.split("\n").map(bare);
  const [head, , ...rows] = methodsTable();
  const first = lines.indexOf(head!);
  assert(first >= 0, "no table of methods; deno task update writes it");
  assertEquals(
    lines.slice(first + 2, lines.indexOf("", first)),
    rows,
    "deno task update writes the table anew",
  );
});

Deno.test("methods are found by id, by what they need, and as a base", () => {
  assertEquals(methodById("tla").name, "TLA");
  assertEquals(findMethod("mystery"), undefined);
  assertThrows(() => methodById("mystery"), InputError, 'found "mystery"');
  assertEquals(methodsWithProbes(["ew", "cotbal", "mystery"]).map(({ id }) => id), ["cotbal"]);
  assertEquals(baseMethod(["tla", "cotbal", "ew"])?.id, "ew");
  assertEquals(baseMethod(["ew", "stl"])?.id, "stl");
  assertEquals(baseMethod(["tla"]), undefined);
});

const toy: WeightingMethod = {
  id: "toy",
  name: "Toy",
  text: "A task weighs the more, the fewer samples it has.",
  formula: "λ_i = mean(n) / n_i",
  source: "this test",
  needs: "nothing",
  constant: true,
  look: { color: "sky", mark: "square-open", dash: "dot" },
  balancer: ({ samples }) => constantWeights("toy", samples.map((n) => 1000 / n)),
};

Deno.test("a method that only has a balancer is planned and drawn once it is registered", () => {
  const methods = [...METHODS, toy];
  assertThrows(() => planRun({ tasks: ["a"], methods: ["toy"], seeds: [1] }), InputError, "--methods");
  const plan = planRun({ tasks: ["a", "b"], methods: ["ew", "toy"], seeds: [1, 2] }, methods);
  const part = plan.find(({ id }) => id === "seed-2/methods/toy")!;
  assert(part.kind === "tune");
  assertEquals(part, {
    kind: "tune",
    id: "seed-2/methods/toy",
    seed: 2,
    file: "seed-2/methods/toy/test.json",
    needs: [],
    data: { a: "all", b: "all" },
    weighting: { method: "toy" },
    split: "test",
    tasks: ["a", "b"],
    keep: true,
  });
  assertEquals(methodById("toy", methods), toy);
  assertEquals(looks(["toy"], methods).get("toy"), {
    name: "Toy",
    color: "@sky",
    mark: "square-open",
    dash: "dot",
  });
  assertBalancer(() => methodById("toy", methods).balancer(contextOf(4)), 4);
});

/** λ from how the score changes when a task's weight is doubled: trial models, then a tuning with the result. */
const trials: WeightingMethod = {
  ...toy,
  id: "trials",
  needs: "own models",
  balancer: ({ weights }) => constantWeights("trials", weights!),
  measure(plan) {
    const doubled = plan.tasks.map((task) =>
      plan.tune({
        folder: `probes/double-${plan.folderOf(task)}`,
        data: shareOfEvery(plan.tasks, "all"),
        split: "val",
        weighting: { method: "trials", weights: plan.tasks.map((other) => other === task ? 2 : 1) },
      })
    );
    const scores = { base: plan.scoreBase("val"), doubled };
    return plan.weigh({
      method: "trials",
      folder: "probes/trials",
      scores,
      table: "trials.json",
      weights: "trials-weights.json",
    });
  },
  weigh: () => ({ tasks: [], lambda: [], warnings: [] }),
  models: (plan, weights) => void tuneOnAll(plan, "trials", weights),
};

Deno.test("a method that tunes models of its own first is planned beside CoTBal, and shares what is the same", () => {
  const plan = planRun({ tasks: ["a", "b"], methods: ["cotbal", "trials"], seeds: [7] }, [
    ...METHODS,
    trials,
  ]);
  assertEquals(plan.map(({ id }) => id), [
    "methods/base",
    "probes/base",
    "probes/mini",
    "probes/plus-a",
    "probes/plus-b",
    "balance",
    "probes/double-a",
    "probes/double-b",
    "probes/trials",
    "methods/cotbal",
    "methods/trials",
  ]);
  const double = plan[6]!;
  assert(double.kind === "tune");
  assertEquals(double.weighting, { method: "trials", weights: [2, 1] });
  const balance = plan[8]!;
  assert(balance.kind === "balance");
  assertEquals(balance.scores, {
    base: "probes/base/eval.json",
    doubled: ["probes/double-a/eval.json", "probes/double-b/eval.json"],
  });
  assertEquals(balance.needs, ["probes/base/eval.json", ...(balance.scores.doubled as string[])]);
  const final = plan.at(-1)!;
  assert(final.kind === "tune");
  assertEquals([final.weighting.weights, final.needs], ["trials-weights.json", ["trials-weights.json"]]);
});
