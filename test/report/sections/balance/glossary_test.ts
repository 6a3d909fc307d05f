import { assert, assertStringIncludes } from "@std/assert";
import { viewOf } from "../../../../src/report/kit/section.ts";
import { glossarySection } from "../../../../src/report/sections/balance/glossary.ts";
import { believableRun } from "../../fixture.ts";

Deno.test("the metrics of the run's tasks are explained, each once, and no others", () => {
  const run = believableRun({ tasks: 2 });
  run.results.metrics = ["cider", "vqa-accuracy"];
  const page = glossarySection(viewOf(run)).text;
  assertStringIncludes(page, "Of one question alone it is 0");
  assertStringIncludes(page, "With one reference it is right or wrong");
  assertStringIncludes(page, "Vedantam et al. 2015");
  assert(!page.includes("PASCAL VOC"));
  run.results.metrics = ["cider", "cider"];
  assert(glossarySection(viewOf(run)).text.split("Vedantam").length === 2);
});
