import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { viewOf } from "../../../../src/report/kit/section.ts";
import { differencesSection } from "../../../../src/report/sections/results/differences.ts";
import type { LoadedRun } from "../../../../src/run/records/loaded_run.ts";
import { believableRun } from "../../fixture.ts";

const show = (run: LoadedRun) => differencesSection(viewOf(run))?.text.replaceAll(/\s+/g, " ") ?? null;

Deno.test("several seeds: both corrections are named, with the number of comparisons", () => {
  const run = believableRun({ seeds: [1, 2, 3], methods: ["ew", "cotbal", "tla"] });
  const text = show(run)!;
  assertStringIncludes(
    text,
    "Holm’s method for the 2 comparisons of the first table, for the 14 of the second",
  );
  assertStringIncludes(text, "Bonferroni");
  const [cotbal] = run.statistics!.differences;
  assertStringIncludes(text, `so many paired seeds: CoTBal ${cotbal!.mean.seedsNeeded}`);
  assertStringIncludes(text, "Rank correlation between seeds");
  assert(!text.includes("NaN") && !text.includes("null"));
});

Deno.test("methods that are one to the bit: no number of seeds is given", () => {
  const run = believableRun({ seeds: [1, 2, 3], methods: ["ew", "cotbal"] });
  run.statistics!.differences[0]!.mean.seedsNeeded = null;
  assertStringIncludes(show(run)!, "paired seeds: CoTBal not known, since no seed differed from another.");
});

Deno.test("a difference is called clear only where corrected p and bootstrap allow it", () => {
  const run = believableRun({ seeds: [1, 2, 3], methods: ["ew", "cotbal", "tla"] });
  const { differences } = run.statistics!;
  for (const { mean, tasks } of differences) for (const one of [mean, ...tasks]) one.corrected = 0.5;
  assertMatch(show(run)!, /No difference is clear after correction, with 3 seeds\./);
  const { mean } = differences[0]!;
  Object.assign(mean, { mean: 2, p: 0.001, corrected: 0.002, bootstrap: { mean: 2, low: 1, high: 3 } });
  assertMatch(show(run)!, /Clear after correction: CoTBal \+2\.0 on the mean\./);
  mean.bootstrap!.low = -0.5;
  assertMatch(show(run)!, /No difference is clear/);
});

Deno.test("one seed: questions alone, and no claim", () => {
  const text = show(believableRun())!;
  assertStringIncludes(text, "With one seed no difference between methods can be told from the seed’s luck.");
  assertStringIncludes(text, "nothing of other seeds");
  assert(!text.includes("p corrected") && !text.includes("Rank correlation"));
});

Deno.test("nothing to compare, no section", () => {
  assertEquals(show(believableRun({ methods: ["ew"] })), null);
  assertEquals(show({ ...believableRun(), statistics: null }), null);
});
