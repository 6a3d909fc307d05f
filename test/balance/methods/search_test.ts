import { assert, assertEquals } from "@std/assert";
import { search } from "../../../src/balance/methods/search.ts";
import { planRun } from "../../../src/run/plan.ts";

Deno.test("a search draws half of its budget, and chooses the rest from all scores before", () => {
  const plan = planRun({ tasks: ["a", "b"], methods: ["search"], seeds: [1], searchBudget: 4 });
  assertEquals(plan.map(({ id }) => id), [
    "methods/base",
    "methods/ew", // equal weights are tried first; the model is EW's, were it among the methods
    "probes/equal",
    "probes/search/01",
    "probes/search/02",
    "probes/search/03/propose",
    "probes/search/03",
    "probes/search/04/propose",
    "probes/search/04",
    "probes/search",
    "methods/search",
  ]);
  const last = plan[7]!;
  assert(last.kind === "propose");
  assertEquals(last.tried.map(({ scores }) => scores), [
    "probes/equal/eval.json",
    "probes/search/01/eval.json",
    "probes/search/02/eval.json",
    "probes/search/03/eval.json",
  ]);
  assertEquals(last.needs, [
    ...last.tried.slice(0, 3).map(({ scores }) => scores),
    "probes/search/03/weights.json",
    "probes/search/03/eval.json",
  ]);
  const chosen = plan[8]!;
  assert(chosen.kind === "tune");
  assertEquals(chosen.weighting.weights, "probes/search/04/weights.json");
});

Deno.test("a search says when nothing that was tried is clearly better", () => {
  const trial = (lambda: number[], score: number) => ({ lambda, scores: [score, score], errors: [1, 1] });
  const table = (gain: number) => ({
    seed: 1,
    tasks: ["a", "b"],
    tried: [trial([1, 1], 50), trial([1.3, 0.7], 50 + gain), trial([0.7, 1.3], 50 - gain)],
    covariance: [],
  });
  assertEquals(search.weigh!([table(0.1)], {}).warnings.length, 1);
  const clear = search.weigh!([table(20)], {});
  assertEquals([clear.lambda, clear.warnings], [[1.3, 0.7], []]);
});
