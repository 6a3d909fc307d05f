import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { MethodOnMixture, MixtureAnalysis } from "../../src/study/analyse.ts";
import type { CheaperProbes } from "../../src/study/cheaper_probes.ts";
import { STUDY_MIXTURES, studyUnits } from "../../src/study/design.ts";
import type { StudyFigures } from "../../src/study/figures.ts";
import { followUp } from "../../src/study/follow_up.ts";
import { studyPage } from "../../src/study/page.ts";
import { regretFigures } from "../../src/study/regret_check.ts";
import { resultsSection } from "../../src/study/results_section.ts";
import { defaultArgued, judge } from "../../src/study/verdict.ts";
import { record } from "./_records.ts";

type Verdict = NonNullable<MethodOnMixture["verdict"]>;

/** A mixture on which methods differ from EW by so much, with so long an interval to each side, and this verdict. */
function mixture(
  name: string,
  of: Record<string, [mean: number, half: number, verdict: Verdict]>,
): MixtureAnalysis {
  const methods = Object.entries(of).map(([method, [mean, half, verdict]]): MethodOnMixture => ({
    method,
    seeds: [1, 2, 3],
    scores: [50 + mean],
    mean: 50 + mean,
    difference: {
      mean,
      bootstrap: { low: mean - half, high: mean + half },
      seedsNeeded: 12,
    } as unknown as MethodOnMixture["difference"],
    verdict,
    tokens: 1e6,
    tokensBefore: 0,
    seconds: 30,
    pointsPerMillion: 50,
  }));
  return {
    mixture: name,
    tasks: ["a"],
    metrics: ["iou"],
    references: {
      chance: null,
      majority: null,
      base: [0],
      blank: null,
    } as unknown as MixtureAnalysis["references"],
    methods,
    coreSeeds: [1, 2, 3],
    agreement: [],
    searched: null,
  };
}

const argued = (...of: Parameters<typeof defaultArgued>) => defaultArgued(...of).join(" ");

const none = "cannot be told apart";
const same = (name: string) =>
  mixture(name, { tla: [0, 2, none], cotbal: [0.1, 2, none], fixed: [0.5, 2, "not tested"] });

function probes(
  mixture: string,
  kind: "third" | "early",
  within: boolean,
  tokensSaved: number,
): CheaperProbes {
  return {
    mixture,
    kind,
    seeds: [1],
    within,
    betweenSeeds: null,
    error: { tokensSaved },
  } as unknown as CheaperProbes;
}

Deno.test("nothing pays: CoTBal stays, and is not said to raise the mean", () => {
  const mixtures = STUDY_MIXTURES.map(same);
  const verdict = judge(mixtures, []);
  assertEquals([verdict.method, verdict.probes], ["cotbal", "full"]);
  assert(verdict.methods.every(({ pays, wins, losses }) => !pays && wins.length + losses.length === 0));
  const text = argued(mixtures, []);
  assertStringIncludes(text, "**No method does.**");
  assertStringIncludes(text, "cannot be told apart from EW on any mixture.");
  assertStringIncludes(text, "+0.5 [−1.5, +2.5] on conflict: its interval is above 0 nowhere.");
  assertStringIncludes(text, "would take 12 to 12 seeds each");
  assertStringIncludes(text, "So the default of `tune` is **CoTBal**: as the paper has it");
});

Deno.test("a method pays by half the headroom where it wins, and by no loss; the best of them is the default", () => {
  const [equal, ...others] = STUDY_MIXTURES;
  const on = (of: Parameters<typeof mixture>[1], rest: Parameters<typeof mixture>[1] = {}) => [
    mixture(equal!, { ...of, fixed: [4, 1, "not tested"] }),
    ...others.map((name, i) => mixture(name, { ...(i === 0 && rest), fixed: [0, 1, "not tested"] })),
  ];
  const pays = on({ tla: [2.5, 1, "win"], merge: [3, 1, "win"], cotbal: [1.9, 1, "win"] }, {
    merge: [-2, 1, "loss"],
  });
  const verdict = judge(pays, []);
  const of = (id: string) => verdict.methods.find(({ method }) => method === id)!;
  assertEquals([of("tla").pays, of("merge").pays, of("cotbal").pays], [true, false, false]);
  assertEquals([of("merge").losses, of("cotbal").wins, of("cotbal").half], [["paper"], ["equal"], []]);
  assertEquals(verdict.method, "tla");
  const text = argued(pays, []);
  assertStringIncludes(text, "**TLA does.**");
  assertStringIncludes(text, "CoTBal wins on equal, with less than half of the headroom");
  assertStringIncludes(text, "Merge wins on equal and loses on paper");
  assertStringIncludes(text, "its interval is above 0 on equal.");
  assertStringIncludes(
    text,
    "**TLA**: it is the one with the highest mean difference over the mixtures, +2.5",
  );
  assertStringIncludes(text, "`tune` does not have it yet: it runs EW and CoTBal where");

  const two = on({ tla: [2.5, 1, "win"], "cotbal-chat": [2.6, 1, "win"] });
  assertEquals(judge(two, []).method, "cotbal-chat");
});

Deno.test("constant weights that do better than the searched ones are named, so that nobody takes the headroom for a bound", () => {
  const on = (of: Parameters<typeof mixture>[1]) => [
    ...STUDY_MIXTURES.slice(1).map(same),
    mixture("conflict", { ...of, fixed: [0.5, 2, "not tested"] }),
  ];
  const found = on({
    "inverse-size": [2.5, 2, "not tested"],
    sensitivity: [2.6, 3, "not tested"], // may be chance
    "cotbal-chat": [2.4, 1, none], // less
    tla: [3, 1, none], // not constant
    "ew-budget": [5, 1, "not tested"], // more steps
    stl: [4, 1, "not tested"], // more models
  });
  assertEquals(judge(found, []).beyond.map(({ mixture, method }) => [mixture, method.method]), [[
    "conflict",
    "inverse-size",
  ]]);
  assertStringIncludes(
    argued(found, []),
    "not tested, inverse size gains +2.5 [+0.5, +4.5] on conflict (3 seeds).",
  );
  assertStringIncludes(argued(found, []), "so much longer is +5.0 [+4.0, +6.0] on conflict above EW.");
  for (const text of ["picked afterwards", "so much longer"]) {
    assert(!argued(on({}), []).includes(text));
  }
});

Deno.test("cheaper probes take the place of full ones where they keep λ on every mixture, those first that save most", () => {
  const mixtures = STUDY_MIXTURES.map(same);
  const early = STUDY_MIXTURES.map((name) => probes(name, "early", true, 0.3));
  const third = STUDY_MIXTURES.map((name) => probes(name, "third", true, 0.6));
  assertEquals(judge(mixtures, [...early, ...third]).probes, "third");
  const lacking = [...early, { ...third[0]!, within: false }, ...third.slice(1)];
  assertEquals(judge(mixtures, lacking).probes, "early");
  assertEquals(judge(mixtures, early.slice(1)).probes, "full");
  // Who saves nothing takes nobody's place.
  const nothing = STUDY_MIXTURES.map((name) => probes(name, "early", true, 0.002));
  assertEquals(judge(mixtures, nothing).probes, "full");
  assertStringIncludes(
    argued(mixtures, nothing),
    "on 4 of 4 mixtures, for as many tokens. So probes stay `full`.",
  );
  const text = argued(mixtures, lacking);
  assertStringIncludes(
    text,
    "`third` on 3 of 4 mixtures, for 60% fewer tokens; `early` on 4 of 4 mixtures, for 30% fewer tokens.",
  );
  assertStringIncludes(text, "By that `early` would do; `tune` still takes `full` ones");
});

Deno.test("once nothing is left, the page and the README's section give the verdict in place of how far it is", () => {
  const figures: StudyFigures = {
    records: [],
    runs: 40,
    left: [],
    mixtures: STUDY_MIXTURES.map(same),
    compared: [],
    after: [],
    regret: { checks: [], first: [] },
  };
  const [page, section] = [studyPage(figures), resultsSection(figures).join("\n")];
  for (const text of [page, section]) {
    assert(!text.includes("not finished"), text);
    assertStringIncludes(text, "**CoTBal**");
  }
  assertStringIncludes(page, "## The default of `tune`");
  assertStringIncludes(section, "**At this size, no**: on 4 mixtures none of 6 methods counts as better");
  assert(!section.includes("longer training"), "there is no figure of it here");
  assert(!section.includes("What does pay"));
  const regret = regretFigures([
    record("conflict-twice-17-20", [17, 18, 19, 20], { ew: 0, stl: 1, regret: 3 }),
  ]);
  const paying = resultsSection({ ...figures, regret }).join(" ");
  assertStringIncludes(paying, "What does pay, on conflict, and loses nothing on the other mixtures");
  assertStringIncludes(paying, "by the rules **it pays**");
  const after = followUp([
    record("conflict-core-5-6", [5, 6], { ew: 0, tla: 0 }),
    record("conflict-inverse-5-8", [5, 6, 7, 8], { "inverse-size": 9 }),
  ]);
  const near = resultsSection({ ...figures, regret, after }).join(" ");
  assertMatch(
    near,
    /What was thought of afterwards, weight to tasks .* on conflict above EW, with no loss elsewhere: less than the rules ask for/,
  );
  assert(!near.includes("What does pay"));
  const on = { ...figures, left: studyUnits().slice(-3) };
  for (const text of [studyPage(on), resultsSection(on).join("\n")]) {
    assertStringIncludes(text, "**The study is not finished**: 3 runs are left");
    assert(!text.includes("No method does"));
  }
});
