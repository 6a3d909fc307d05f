import { assertEquals, assertStringIncludes } from "@std/assert";
import { viewOf } from "../../../../src/report/kit/section.ts";
import { zeroShotSection } from "../../../../src/report/sections/results/zero_shot.ts";
import { believableRun } from "../../fixture.ts";

Deno.test("tasks never tuned on: a table of every kept model, ΔI_zero against EW", () => {
  const run = believableRun({ methods: ["ew", "cotbal", "stl"] });
  assertEquals(zeroShotSection(viewOf(run)), null);
  const scores = (score: number, deltaI: number | null) => ({
    scores: [score],
    scoresSpread: null,
    deltaI,
    deltaISpread: null,
    seeds: [{ seed: 1, scores: [score], deltaI }],
  });
  run.results.zeroShotTasks = {
    tasks: ["vqa-pairs"],
    metrics: ["exact-match"],
    questions: [200],
    base: [3],
    against: "ew",
    methods: { ew: scores(50, null), cotbal: scores(55, 10) },
    warnings: [],
  };
  const text = zeroShotSection(viewOf(run))!.text.replaceAll(/\s+/g, " ");
  assertStringIncludes(text, "ΔI_zero% against EW: CoTBal +10.00.");
  assertStringIncludes(text, "Without a single kept model: STL.");
  for (const cell of ["200", "50.0", "55.0", "3.0", "base"]) assertStringIncludes(text, `<td>${cell}</td>`);

  run.results.zeroShotTasks.methods["ew"]!.intervals = [{ low: 43, high: 57 }];
  assertStringIncludes(zeroShotSection(viewOf(run))!.text, "50.0 [43.0, 57.0]");
});
