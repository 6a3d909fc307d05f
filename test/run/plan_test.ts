import { assert, assertEquals, assertThrows } from "@std/assert";
import type { WeightingMethod } from "../../src/balance/methods/method.ts";
import type { ModelRequest, Share } from "../../src/balance/methods/plan_builder.ts";
import { METHODS } from "../../src/balance/methods/registry.ts";
import { InputError } from "../../src/errors.ts";
import { type PlanOptions, planRun } from "../../src/run/plan.ts";

Deno.test("planRun gives every part after the parts it needs, and each file once", () => {
  const plan = planRun({ tasks: ["a", "b", "c"], methods: ["ew", "cotbal", "stl", "tla"], seeds: [1, 2] });
  const files = new Set<string>();
  for (const part of plan) {
    for (const file of part.needs) assert(files.has(file), `${part.id} needs ${file} too early`);
    assert(!files.has(part.file), part.file);
    files.add(part.file);
  }
  assertEquals(new Set(plan.map(({ id }) => id)).size, plan.length);
});

Deno.test("planRun makes N+1 probes a seed: the large subset of one task, minis of the others", () => {
  const plan = planRun({ tasks: ["a", "b"], methods: ["cotbal"], seeds: [1, 2] });
  const probes = plan.filter((part) => part.kind === "tune" && part.split === "val");
  assertEquals(
    probes.map((part) => [part.id, part.kind === "tune" ? part.data : {}]),
    [1, 2].flatMap((seed): [string, Record<string, Share>][] => [
      [`seed-${seed}/probes/mini`, { a: "mini", b: "mini" }],
      [`seed-${seed}/probes/plus-a`, { a: "large", b: "mini" }],
      [`seed-${seed}/probes/plus-b`, { a: "mini", b: "large" }],
    ]),
  );
});

Deno.test("planRun leaves the probes out where no method wants weights", () => {
  const plan = planRun({ tasks: ["a", "b"], methods: ["ew"], seeds: [1] });
  assertEquals(plan.map(({ id }) => id), ["methods/base", "methods/ew", "methods/ew-blank"]);
});

Deno.test("planRun tunes STL's models on one task each, and joins them", () => {
  const plan = planRun({ tasks: ["a", "b"], methods: ["stl"], seeds: [1] });
  const join = plan.at(-1)!;
  assertEquals([join.kind, join.needs], ["join", ["methods/stl/a/test.json", "methods/stl/b/test.json"]]);
  const single = plan.find(({ id }) => id === "methods/stl/b")!;
  assertEquals(single.kind === "tune" && single.data, { b: "all" });
});

Deno.test("planRun puts tasks never tuned on to every kept model, and to the base once", () => {
  const options = { tasks: ["a", "b"], methods: ["ew", "stl"], seeds: [1, 2] };
  const plain = planRun(options);
  const plan = planRun({ ...options, zeroShot: { tasks: ["c"] } });
  const asked = plan.filter((part) => part.kind === "evaluate" && part.zeroShot === true);
  assertEquals(asked.map(({ id, file }) => [id, file]), [
    ["methods/base-zero-shot", "methods/base/zero-shot.json"],
    ["seed-1/methods/ew-zero-shot", "seed-1/methods/ew/zero-shot.json"],
    ["seed-2/methods/ew-zero-shot", "seed-2/methods/ew/zero-shot.json"],
  ]);
  assertEquals(asked[1]!.needs, ["seed-1/methods/ew/test.json"]);
  assertEquals(asked.map((part) => part.kind === "evaluate" && [part.checkpoint, part.tasks]), [
    [null, ["c"]],
    ["seed-1/methods/ew/checkpoint", ["c"]],
    ["seed-2/methods/ew/checkpoint", ["c"]],
  ]);
  assertEquals(plan.filter((part) => !asked.includes(part)), plain);
});

Deno.test("planRun marks the model that is tuned for as long as probes would take", () => {
  const [, ew, , budget] = planRun({ tasks: ["a"], methods: ["ew", "ew-budget"], seeds: [1] });
  assertEquals([ew!.id, "withProbes" in ew!], ["methods/ew", false]);
  assertEquals([budget!.id, budget!.kind === "tune" && budget!.withProbes], ["methods/ew-budget", true]);
});

Deno.test("it follows what the run's own probes read where they are not CoTBal's full ones, and waits for early ones", () => {
  const budget = (options: Partial<PlanOptions>) => {
    const plan = planRun({ tasks: ["a", "b"], methods: ["ew-budget", "cotbal"], seeds: [1, 2], ...options });
    const part = plan.find(({ id }) => id === "seed-2/methods/ew-budget")!;
    assert(part.kind === "tune" && part.withProbes !== undefined);
    const probes = part.withProbes === true
      ? true
      : part.withProbes.map(({ id, early, passes }) => [id, early ?? passes]);
    return { probes, needs: part.needs };
  };
  assertEquals(budget({}), { probes: true, needs: [] });
  const ids = ["seed-2/probes/mini", "seed-2/probes/plus-a", "seed-2/probes/plus-b"];
  assertEquals(budget({ probes: "third" }), { probes: ids.map((id) => [id, 1 / 3]), needs: [] });
  assertEquals(budget({ probes: "early" }), {
    probes: ids.map((id) => [id, true as const]),
    needs: ids.map((id) => `${id}/eval.json`),
  });
  assertEquals(budget({ fixed: { b: 1 } }).probes, ids.slice(0, 2).map((id) => [id, undefined]));
  // Draws of its own that a method tunes beside them are not CoTBal's budget; without CoTBal's probes its estimate holds.
  assertEquals(
    budget({ probes: "early", methods: ["ew-budget", "noise-aware"], probeSeeds: 2 }).needs.length,
    3,
  );
  assertEquals(budget({ probes: "early", methods: ["ew-budget", "cotbal-chat"] }), {
    probes: true,
    needs: [],
  });
});

/** A plan with a method that asks for these models. */
function planOf(...requests: ModelRequest[]) {
  const asking: WeightingMethod = {
    ...METHODS.find(({ id }) => id === "ew")!,
    id: "asking",
    models: (plan) => void requests.map((request) => plan.tune(request)),
  };
  const options = { tasks: ["a"], methods: ["asking"], seeds: [1] };
  return planRun(options, [...METHODS, asking]).slice(1);
}

Deno.test("planRun plans a model once that is asked for twice, and keeps it if one wants it kept", () => {
  const model: ModelRequest = { folder: "probes/x", data: { a: "mini" }, split: "val" };
  const [part, ...more] = planOf(model, { ...model, keep: true }, model);
  assertEquals([more, part?.kind === "tune" && part.keep], [[], true]);
  assertThrows(
    () => planOf(model, { ...model, data: { a: "all" } }),
    Error,
    "two different parts of a plan have the id probes/x",
  );
});

Deno.test("planRun takes models in probes/ and methods/ only, and the seed their subsets are drawn with", () => {
  const model: ModelRequest = { folder: "methods/asking", data: { a: "all" }, split: "test", drawSeed: 5 };
  const [part] = planOf(model);
  assertEquals(part?.kind === "tune" && [part.seed, part.drawSeed], [1, 5]);
  assertThrows(
    () => planOf({ ...model, folder: "scenes/x" }),
    Error,
    "expected a folder in probes/ or methods/",
  );
});

Deno.test("planRun refuses a method that is not registered", () => {
  assertThrows(
    () => planRun({ tasks: ["a"], methods: ["ew", "mystery"], seeds: [1] }),
    InputError,
    `expected some of ${METHODS.map(({ id }) => id).join(", ")}, found "mystery"`,
  );
});
