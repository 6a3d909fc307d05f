import { assert, assertEquals } from "@std/assert";
import type { Share } from "../../src/balance/mod.ts";
import { taskFolder } from "../../src/run/folders.ts";
import { planRun } from "../../src/run/plan.ts";

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

Deno.test("taskFolder keeps any task's name inside the run", () => {
  assertEquals(taskFolder("region-caption_2.0"), "region-caption_2.0");
  assertEquals(taskFolder("../up"), "%2E.%2Fup");
  assertEquals(taskFolder("a b\\c"), "a%20b%5Cc");
});
