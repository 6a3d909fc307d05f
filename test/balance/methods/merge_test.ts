import { assert, assertEquals } from "@std/assert";
import { merge } from "../../../src/balance/methods/merge.ts";
import { planRun } from "../../../src/run/plan.ts";

const tasks = ["a", "b", "c"];
const merges = (mergeBudget: number, seed = 1) =>
  planRun({ tasks, methods: ["merge"], seeds: [seed], mergeBudget }).filter((part) => part.kind === "merge");

Deno.test("merge shares STL's models, keeps them, and scores as many merges as the budget says", () => {
  const plan = planRun({ tasks, methods: ["stl", "merge"], seeds: [1], mergeBudget: 8 });
  const alone = plan.filter((part) => part.kind === "tune" && part.id.startsWith("methods/stl/"));
  assertEquals(alone.map((part) => part.kind === "tune" && part.keep), [true, true, true]);
  assertEquals(plan.filter(({ kind }) => kind === "merge").length, 8);
  assertEquals(plan.filter(({ kind }) => kind === "tune").length, 3 + 1);
  assert(plan.some(({ kind, id }) => kind === "join" && id === "methods/stl"));
  const last = plan.at(-1)!;
  assert(last.kind === "tune");
  assertEquals(last.weighting, { method: "merge", weights: "merge.json" });
});

Deno.test("merge tries equal shares, each task doubled, draws, and what scores propose last", () => {
  const tried = merges(8).map(({ weights }) => weights);
  assertEquals(tried.slice(0, 2), [[1, 1, 1], [1.5, 0.75, 0.75]]);
  assertEquals(tried.slice(6), ["probes/merge/07/weights.json", "probes/merge/08/weights.json"]);
  assertEquals(merges(8, 1).map(({ weights }) => weights), tried);
  assert(String(merges(8, 2)[5]!.weights) !== String(tried[5]));
  assertEquals(merges(1).map(({ weights }) => weights), [[1, 1, 1]]);
});

Deno.test("merge names the tasks that merged models cannot answer", () => {
  const tried = [[1, 1], [4 / 3, 2 / 3], [2 / 3, 4 / 3]].map((lambda, k) => (
    { lambda, scores: [20 + 10 * k, 3], errors: [k && 0.5, 0] }
  ));
  const table = { seed: 1, tasks: ["a", "b"], base: [1, 3], tried, covariance: [] };
  const { lambda, warnings } = merge.weigh!([table], {});
  assertEquals(lambda, [2 / 3, 4 / 3]);
  assertEquals(warnings.length, 1);
  assert(warnings[0]!.startsWith("merge: merged models answer b no better than the untuned base"));
});
