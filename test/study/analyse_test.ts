import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { analyse, meanWeights, searchedWeights } from "../../src/study/analyse.ts";
import { STUDY_MIXTURES, studyUnits } from "../../src/study/design.ts";
import { studyFigures } from "../../src/study/figures.ts";
import { studyPage } from "../../src/study/page.ts";
import { record } from "./_records.ts";

const gains = { ew: 0, tla: 0, cotbal: 3, "noise-aware": -3, merge: 0 };
const records = [
  record("equal-core-1-2", [1, 2], gains),
  record("equal-core-3-4", [3, 4], gains),
  record("equal-rest-1-2", [1, 2], { ew: 0, search: 2, rlw: 0 }),
];

Deno.test("every seed of a method is paired with EW's, over all records of a mixture", () => {
  const [equal, ...others] = analyse(records);
  assertEquals(others, []);
  assertEquals(equal!.coreSeeds, [1, 2, 3, 4]);
  const of = (id: string) => equal!.methods.find(({ method }) => method === id)!;
  assertEquals(of("cotbal").seeds, [1, 2, 3, 4]);
  assertAlmostEquals(of("cotbal").difference!.mean, 3, 0.2);
  assertEquals(of("cotbal").verdict, "win");
  assertEquals(of("noise-aware").verdict, "loss");
  assertEquals(of("tla").verdict, "cannot be told apart");
  assertEquals(of("search").verdict, "not tested");
  assertEquals([of("ew").difference, of("ew").verdict], [null, null]);
});

Deno.test("weights of several searches are averaged geometrically and sum to their number", () => {
  const found = meanWeights([[0.5, 1, 1.5], [1, 1, 1]]);
  assertAlmostEquals(found.reduce((a, b) => a + b, 0), 3);
  assert(found[0]! < found[1]! && found[1]! < found[2]!);
  assertEquals(searchedWeights([records[0]!]), null);
  assertEquals(searchedWeights(records), [0.5, 1.5]);
});

Deno.test("the page says how far the study is", () => {
  const page = studyPage(studyFigures(records)).replaceAll(/ +/g, " ");
  assertStringIncludes(page, `3 of ${studyUnits().length} runs are done`);
  assertStringIncludes(page, "**The study is not finished**");
  assertStringIncludes(page, "| CoTBal |");
  assertStringIncludes(page, "**win**");
  assertStringIncludes(studyPage(studyFigures([])), "0 of");
});

Deno.test("units need only what comes before them, and cover every mixture alike", () => {
  const units = studyUnits();
  for (const [i, { needs }] of units.entries()) {
    for (const id of needs) assert(units.findIndex((unit) => unit.id === id) < i);
  }
  const counts = Map.groupBy(units, ({ mixture }) => mixture);
  assertEquals([...counts.keys()], [...STUDY_MIXTURES]);
  assertEquals(new Set([...counts.values()].map(({ length }) => length)).size, 1);
});
