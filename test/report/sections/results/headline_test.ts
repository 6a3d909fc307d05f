import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { headline } from "../../../../src/report/sections/results/headline.ts";
import type { LoadedRun } from "../../../../src/run/records/loaded_run.ts";
import { believableRun } from "../../fixture.ts";

/** A run in which CoTBal's mean score is EW's plus a given difference, seed by seed. */
function withDifferences(differences: number[]): LoadedRun {
  const run = believableRun({ seeds: differences.map((_, i) => i + 1), methods: ["ew", "cotbal"] });
  const { ew, cotbal } = run.results.methods;
  cotbal!.seeds.forEach((seed, i) => seed.scores = ew!.seeds[i]!.scores.map((s) => s + differences[i]!));
  return run;
}

Deno.test("one seed proves nothing, however large the difference", () => {
  const run = believableRun({ methods: ["ew", "cotbal"] });
  run.results.methods["cotbal"]!.scores = run.results.methods["ew"]!.scores.map((s) => s + 30);
  assertMatch(
    headline(run).sentence,
    /CoTBal ends 30\.0 points above EW .* One seed cannot tell this from noise\./,
  );
});

Deno.test("one seed: what rounds to no difference is neither above nor below", () => {
  const run = believableRun({ methods: ["ew", "cotbal"] });
  for (const by of [0, 0.01, -0.01]) {
    run.results.methods["cotbal"]!.scores = run.results.methods["ew"]!.scores.map((s) => s + by);
    assertMatch(headline(run).sentence, /^CoTBal ends level with EW on average .* One seed cannot tell/);
  }
});

Deno.test("several seeds: a difference is stated where the interval leaves out 0", () => {
  assertMatch(
    headline(withDifferences([2, 2.2, 1.8])).sentence,
    /CoTBal scores 2\.0 points higher than EW .*3 paired seeds/,
  );
  assertMatch(headline(withDifferences([-2, -2.2, -1.8])).sentence, /2\.0 points lower than EW/);
  assertMatch(
    headline(withDifferences([2, -2, 1])).sentence,
    /cannot be told apart: \+0\.3 points .* within noise/,
  );
});

Deno.test("with more methods the difference must be clear after correction for their number", () => {
  const run = believableRun({ seeds: [1, 2, 3], methods: ["ew", "tla", "cotbal"] });
  run.statistics = null;
  const { ew, cotbal } = run.results.methods;
  const by = (differences: number[]) =>
    cotbal!.seeds.forEach((seed, i) => seed.scores = ew!.seeds[i]!.scores.map((s) => s + differences[i]!));
  by([2, 2.2, 1.8]);
  assertMatch(
    headline(run).sentence,
    /2\.0 points higher .*3 paired seeds, p = 0\.0066 after correction for 2 comparisons/,
  );
  by([2, 3, 1.6]); // p = 0.036 by itself
  assertMatch(headline(run).sentence, /cannot be told apart: \+2\.2 .* within noise once corrected for 2/);
});

Deno.test("where EW had the probes' budget, both scores are told", () => {
  const run = believableRun({ methods: ["ew", "ew-budget", "cotbal"] });
  const [budget, cotbal] = ["ew-budget", "cotbal"].map((id) => {
    const { scores } = run.results.methods[id]!;
    return (scores.reduce((a, b) => a + b, 0) / scores.length).toFixed(1);
  });
  assertStringIncludes(
    headline(run).support.join(" "),
    `equal weights score ${budget} points (EW + budget), CoTBal ${cotbal}.`,
  );
});

Deno.test("a difference that other questions might undo is not claimed", () => {
  const run = withDifferences([2, 2.2, 1.8]);
  const { mean } = run.statistics!.differences[0]!;
  mean.bootstrap = { mean: 2, low: -1, high: 5 };
  assertMatch(
    headline(run).sentence,
    /cannot be told apart: .* within what other test questions would change/,
  );
  mean.bootstrap.low = 0.5;
  assertMatch(headline(run).sentence, /2\.0 points higher/);
});

Deno.test("other methods and none", () => {
  assertMatch(headline(believableRun({ methods: ["ew", "tla"] })).sentence, /^TLA ends .* EW/);
  assertMatch(headline(believableRun({ methods: ["stl", "cotbal"] })).sentence, /^CoTBal ends .* STL/);
  assertMatch(
    headline(believableRun({ methods: ["ew"] })).sentence,
    /^EW scores .*nothing else ran beside it/,
  );
  assertEquals(headline(believableRun({ methods: [] })).sentence, "No method was tuned in this run.");
});

Deno.test("the support names what was beaten, the weights' range and the probes' share", () => {
  const run = believableRun();
  const text = headline(run).support.join(" ");
  assertStringIncludes(text, "EW beats the majority answer on 7 of 7");
  assertStringIncludes(text, "blank images on 7 of 7 tasks");
  run.results.references.majorityPerTemplate[0] = 99;
  assertStringIncludes(
    headline(run).support.join(" "),
    "the majority answer on 7 of 7, each template’s on 4 of 5 and its own",
  );
  const lambda = run.results.lambda!.map((l) => l.mean);
  assertStringIncludes(text, `from ${Math.min(...lambda).toFixed(2)} (`);
  assertStringIncludes(text, `to ${Math.max(...lambda).toFixed(2)} (`);
  assertMatch(text, /The probes took \d+% of the time\./);
});
