import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderReport } from "../../../../src/report/render_report.ts";
import { chosenSteps, evaluationsSection } from "../../../../src/report/sections/results/evaluations.ts";
import { viewOf } from "../../../../src/report/kit/section.ts";
import type { Chart } from "../../../../src/report/kit/figure.ts";
import { bestEvaluation } from "../../../../src/run/best_evaluation.ts";
import { believableRun } from "../../fixture.ts";

const upper = (id: string) => id.toUpperCase();

Deno.test("the step that validation chose is named, method by method, seed by seed, and task by task where models are of tasks", () => {
  const run = believableRun({ evaluateEvery: 50, methods: ["ew", "stl"], tasks: 2 });
  const of = (part: string) => {
    const { lines } = run.curves.find((curve) => curve.part === part)!;
    return `step ${bestEvaluation(lines, "score")!.step} of ${lines.length}`;
  };
  assertEquals(chosenSteps(run, upper), [
    `EW: validation chose ${of("methods/ew")}, by its mean score on validation questions.`,
    `STL: validation chose ${of("methods/stl/caption")} (caption) and ${
      of("methods/stl/region-caption")
    } (region-caption), by its mean score on validation questions.`,
  ]);
  const seeds = believableRun({ evaluateEvery: 50, methods: ["ew"], tasks: 2, seeds: [1, 2] });
  assertStringIncludes(chosenSteps(seeds, upper)[0]!, "(seed 1) and step");
  seeds.run.resolved.evaluation!.by = "loss";
  assertStringIncludes(chosenSteps(seeds, upper)[0]!, "by its mean loss");
});

Deno.test("validation curves end at the last look and mark the step that was taken", () => {
  const run = believableRun({ evaluateEvery: 60, tasks: 3 });
  const view = viewOf(run);
  assert(evaluationsSection(view) !== null);
  const charts: Chart[] = view.charts.all;
  assertEquals(charts.map(({ id }) => id), ["evaluations-0", "evaluations-1", "evaluations-2"]);
  const { lines } = run.curves.find(({ part }) => part === "methods/ew")!;
  const best = bestEvaluation(lines, "score")!.step;
  const [scores, losses] = charts[1]!.views;
  const looked = lines.filter(({ evaluation }) => evaluation !== undefined);
  for (const [shown, by] of [[scores!, "score"], [losses!, "loss"]] as const) {
    const [line, taken] = shown.data;
    assertEquals(line!["x"], looked.map(({ step }) => step));
    assertEquals(taken!["x"], [best]);
    const at = looked.find(({ step }) => step === best)!.evaluation![by][1]!;
    assertEquals(taken!["y"], [Number(at.toPrecision(4))]);
  }
});

Deno.test("a run without looks has no such section, and says nothing of chosen steps", async () => {
  const run = believableRun();
  assertEquals(evaluationsSection(viewOf(run)), null);
  assertEquals(chosenSteps(run, upper), []);
  const page = await renderReport([run]);
  assert(!page.includes("validation chose"));
  assert(!page.includes("Answers that ran into the limit"));
});

Deno.test("answers that did not end are counted under the scores", async () => {
  const run = believableRun({ methods: ["ew", "cotbal"] });
  for (const { seeds } of Object.values(run.results.methods)) {
    for (const seed of seeds) seed.unfinished = run.results.tasks.map(() => 0);
  }
  assert(!(await renderReport([run])).includes("ran into the limit"));
  run.results.methods["ew"]!.seeds[0]!.unfinished![1] = 7;
  const asked = run.results.questions.reduce((sum, n) => sum + n, 0);
  assertStringIncludes(
    await renderReport([run]),
    `Answers that ran into the limit of new tokens without ending: EW 7 of ${asked} (`,
  );
});
