import { assert, assertEquals } from "@std/assert";
import { doubled } from "../../../../src/balance/search/band.ts";
import { sensitivity, type SensitivityReport } from "../../../../src/balance/methods/sensitivity.ts";
import { viewOf } from "../../../../src/report/kit/section.ts";
import {
  sensitivitySection,
  sensitivitySentence,
} from "../../../../src/report/sections/balance/sensitivity.ts";
import { believableRun } from "../../fixture.ts";

/** sensitivity.json of two tasks whose doubling gains and loses so many points in the mean. */
function reportOf(gains: number[]): SensitivityReport {
  const trial = (lambda: number[], gain: number) => ({
    lambda,
    scores: [50 + gain, 50 + gain],
    errors: [0.5, 0.5],
  });
  const tried = [trial([1, 1], 0), ...gains.map((gain, i) => trial(doubled(2, i), gain))];
  const covariance = [[0, 0, 0], [0, 0.25, 0.1], [0, 0.1, 0.25]];
  const tasks = ["vqa", "<b>chart"];
  return sensitivity.weigh!([{ seed: 1, tasks, tried, covariance }], {}) as SensitivityReport;
}

Deno.test("the section says what weights can move, with its error and what noise would promise", () => {
  const run = { ...believableRun({ tasks: 2 }), sensitivity: reportOf([3, -3]) };
  const page = sensitivitySection(viewOf(run))!.text;
  assert(page.includes("What weights can move"));
  assert(page.includes("at most about 4.3 ±"), page.slice(0, 900));
  assert(!page.includes("<b>chart"));
  assert(page.includes("several seeds tell more"));
});

Deno.test("what is no more than noise is said to be so", () => {
  assert(sensitivitySentence(reportOf([0.1, 0])).endsWith("so that nothing is shown to be gained."));
  assert(sensitivitySentence(reportOf([5, -5])).endsWith("."));
  assert(!sensitivitySentence(reportOf([5, -5])).includes("nothing is shown"));
});

Deno.test("without the method there is no section", () => {
  assertEquals(sensitivitySection(viewOf(believableRun())), null);
});
