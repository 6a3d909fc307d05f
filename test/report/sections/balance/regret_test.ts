import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { regretWeights } from "../../../../src/balance/methods/regret.ts";
import { viewOf } from "../../../../src/report/kit/section.ts";
import { regretSection, regretSentence } from "../../../../src/report/sections/balance/regret.ts";
import { believableRun } from "../../fixture.ts";

const found = (alone: number[], together: number[]) =>
  regretWeights([{ tasks: ["vqa", "<b>ocr"], alone, together, questions: [200, 200] }]);

Deno.test("the section says which tasks equal weights leave behind, and by how much", () => {
  const run = { ...believableRun({ tasks: 2 }), regret: found([60, 50], [65, 20]) };
  const page = regretSection(viewOf(run))!.text;
  assertStringIncludes(page, "Equal weights leave &lt;b&gt;ocr 30.0 points behind a model of its own");
  assertStringIncludes(page, "the task alone");
  assert(!page.includes("<b>ocr"));
  assert(!page.includes("Means over the seeds"));
  run.results.seeds = [1, 2];
  assertStringIncludes(regretSection(viewOf(run))!.text, "Means over the seeds");
});

Deno.test("where nobody is left behind it says so", () => {
  assertStringIncludes(regretSentence(found([60, 50], [65, 45])), "No task is left behind");
});

Deno.test("without the method there is no section", () => {
  assertEquals(regretSection(viewOf(believableRun())), null);
});
