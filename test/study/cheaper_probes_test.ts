import { assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { cheaperProbes } from "../../src/study/cheaper_probes.ts";
import { studyUnits } from "../../src/study/design.ts";
import { studyFigures } from "../../src/study/figures.ts";
import { studyPage } from "../../src/study/page.ts";
import type { TermsRecord, UnitRecord } from "../../src/study/unit_record.ts";

const TASKS = ["a", "b", "c"];

/** The record of a unit, with CoTBal's terms and the tokens of final tunings. */
function record(
  id: string,
  parts: { terms?: TermsRecord[]; tokens?: Record<string, number>; probeTokens?: number },
): UnitRecord {
  const { group, mixture, seeds } = studyUnits().find((unit) => unit.id === id)!;
  const { terms = [], tokens = {}, probeTokens = 0 } = parts;
  return {
    format: 1,
    unit: id,
    group,
    mixture,
    tasks: TASKS,
    metrics: TASKS.map(() => "exact-match"),
    seeds: [...seeds],
    versions: {},
    adapter: "test",
    references: { chance: [1, 1, 1], majority: [2, 2, 2], base: [4, 5, 6], blank: null },
    methods: Object.fromEntries(
      Object.entries(tokens).map(([method, tokens]) => [
        method,
        seeds.map((seed) => ({ seed, lambda: null, tokens, seconds: 1, points: TASKS.map(() => [40, 60]) })),
      ]),
    ),
    terms,
    probeTokens,
    seconds: 1,
  };
}

/** Terms of a seed: C[a→b] = C[b→a] = c, the other cells undefined or equal in all, D = d, 1 and 1. */
function terms(seed: number, c: number | null, d: number, lambda: number[], method = "cotbal"): TermsRecord {
  const none = [null, null, null];
  const contribution = [[null, c, 1], [c, null, 1], [1, 1, null]];
  return {
    method,
    seed,
    contribution,
    contributionOut: none,
    contributionIn: none,
    difficulty: [d, 1, 1],
    lambda,
  };
}

const tokens = { ew: 2e6, "ew-budget": 5e6 };
const core = [
  record("equal-core-1-2", {
    // Probes of other methods are among the run's tokens, and terms of others among its terms.
    probeTokens: 99e6,
    terms: [
      terms(1, 0.2, 0.4, [0.5, 1, 1.5]),
      terms(2, 0.8, 0.1, [1.1, 1, 0.9]),
      terms(1, 9, 9, [3, 0, 0], "noise-aware"),
    ],
  }),
];
const third = record("equal-third-1-4", {
  probeTokens: 3e6,
  terms: [terms(1, 0.5, 0.4, [0.5, 1.3, 1.2]), terms(2, null, 0.4, [1.1, 1, 0.9]), terms(3, 1, 1, [1, 1, 1])],
});
const rest = [record("equal-rest-1-2", { tokens }), record("equal-rest-3-4", { tokens })];

Deno.test("cheaper probes are compared with full ones of the same seeds, and these between seeds", () => {
  const [found, ...more] = cheaperProbes([...core, ...rest, third]);
  assertEquals(more, []);
  assertEquals([found!.mixture, found!.kind, found!.seeds], ["equal", "third", [1, 2]]);
  const { error, betweenSeeds } = found!;
  // Seed 1: two of six cells differ by 0.3; seed 2: the other four are equal, two are undefined on one side.
  assertAlmostEquals(error.contribution.mean!, 0.6 / 10);
  assertEquals([error.contribution.cells, error.contribution.oneSided], [10, 2]);
  assertAlmostEquals(error.difficulty.mean!, 0.3 / 6);
  assertAlmostEquals(error.lambda.mean!, 0.6 / 6);
  assertAlmostEquals(error.meanRankCorrelation!, 0.75); // 0.5 and 1
  assertAlmostEquals(betweenSeeds!.contribution.mean!, 1.2 / 6);
  assertAlmostEquals(betweenSeeds!.difficulty.mean!, 0.3 / 3);
  assertAlmostEquals(betweenSeeds!.lambda.mean!, 1.2 / 3);
  assertAlmostEquals(betweenSeeds!.meanRankCorrelation!, -1);
  assertEquals(found!.within, true);
});

Deno.test("full probes take what EW with their budget takes beyond EW, over the seeds of the cheaper ones", () => {
  const [found] = cheaperProbes([...core, ...rest, third]);
  assertAlmostEquals(found!.error.tokensSaved!, 1 - 3 / 12);
  assertEquals(cheaperProbes([...core, rest[0]!, third])[0]!.error.tokensSaved, null);
});

Deno.test("weights that move more than between seeds are not within them; one seed says nothing", () => {
  const far = record("equal-continued-1-4", {
    terms: [terms(1, 0.2, 0.4, [1.5, 1, 0.5]), terms(2, 0.8, 0.1, [0.5, 1, 1.5])],
  });
  assertEquals(cheaperProbes([...core, far])[0]!.within, false);
  const one = cheaperProbes([...core, { ...far, terms: far.terms.slice(0, 1) }])[0]!;
  assertEquals([one.seeds, one.betweenSeeds, one.within], [[1], null, null]);
  assertEquals(cheaperProbes([far, third]), []);
});

Deno.test("the page shows them, and the points of a million tokens", () => {
  const page = studyPage(studyFigures([...core, ...rest, third])).replaceAll(/ +/g, " ");
  assertStringIncludes(
    page,
    "| equal | third | 2 | 0.060 (0.200) | 0.050 (0.100) | 0.100 (0.400) | 1.00 (1.00) | 1.00 (1.00) | 0.75 (−1.00) | 75% | yes |",
  );
  assertStringIncludes(page, "2 values of C and D are left out");
  assertStringIncludes(page, "| M tokens | points a M tokens |");
  // (50 − 5) points: 22.5 for each of EW's two millions, 9 for each of five.
  assertStringIncludes(page, "| 2.00 | 22.5 |");
  assertStringIncludes(page, "| 5.00 | 9.0 |");
  assertEquals(studyPage(studyFigures([...core, ...rest])).includes("## Cheaper probes"), false);
});
