/**
 * docs/study.md: what the records of the study say, in tables and sentences.
 *
 * @module
 */

import type { MethodOnMixture, MixtureAnalysis } from "./analyse.ts";
import type { CheaperProbes } from "./cheaper_probes.ts";
import type { StudyFigures } from "./figures.ts";
import { followUpSection } from "./follow_up.ts";
import { regretSection } from "./regret_check.ts";
import { conclusion, regretSentence, resultsTable } from "./results_section.ts";
import { nameOf, signed, table } from "./text.ts";
import type { UnitRecord } from "./unit_record.ts";

/**
 * Makes the page.
 *
 * @param figures The figures.
 * @returns Markdown.
 */
export function studyPage(figures: StudyFigures): string {
  const { records, left, mixtures, compared, after, regret } = figures;
  const finished = left.length === 0;
  return [
    "# Does balancing pay? The study",
    "",
    "Made by `deno task study --page` from the records in `data/results/study`; the runs are `deno task study`. The question, the",
    "methods, what counts as a win and in what order the runs are made was written down before them, in",
    "[the protocol](../data/results/study/protocol.md). The mixtures and their reasons are in [scenes.md](scenes.md).",
    "",
    ...state(figures, finished),
    ...findings(mixtures, finished),
    ...verdict(figures, finished),
    ...(mixtures.length === 0 ? [] : [
      "In the tables below M tokens before are the training tokens of what a method measures, in millions, M tokens those of its final",
      "tuning, points a M tokens what the mean gains over the untuned base for each of both, and seconds those of the final tuning and its",
      "test, beside the other work of their hour. Models that methods share (EW's, STL's, probes) count for each of them.",
      "",
    ]),
    ...mixtures.flatMap(section),
    ...followUpSection(after),
    ...regretSection(regret, regretSentence(figures)),
    ...probes(compared),
    ...cost(records),
  ].join("\n").trimEnd() + "\n";
}

function state(figures: StudyFigures, finished: boolean): string[] {
  const { records, runs } = figures;
  const hours = records.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
  const adapters = [...new Set(records.map(({ adapter }) => adapter))].join("; ");
  const said = [
    `${records.length} of ${runs} runs are done (${
      hours.toFixed(1)
    } hours of computing, two runs at a time where two cores`,
    `were free, so about ${(hours / 2).toFixed(0)} hours where six were allowed; ${
      adapters || "no adapter yet"
    }).`,
    ...(finished ? [] : conclusion(figures)),
  ];
  return [...said, ""];
}

function findings(mixtures: readonly MixtureAnalysis[], finished: boolean): string[] {
  if (mixtures.length === 0) return [];
  return [
    "## What came out",
    "",
    ...resultsTable(mixtures),
    "",
    ...(finished ? [] : [
      "With as few seeds as some cells have, intervals are too narrow: a bootstrap over two seeds holds the truth in about 65% of cases.",
      "",
    ]),
  ];
}

function verdict(figures: StudyFigures, finished: boolean): string[] {
  return finished ? ["## The default of `tune`", "", ...conclusion(figures), ""] : [];
}

/** Columns that only methods fill. */
const OF_METHODS = [
  ...["mean", "− EW", "verdict", "seeds to see 1 point", "seeds"],
  ...["M tokens before", "M tokens", "points a M tokens", "seconds"],
];

function section(mixture: MixtureAnalysis): string[] {
  const row = (
    { method, scores, mean, difference, verdict, seeds, seconds, ...cost }: MethodOnMixture,
  ) => [
    method === "fixed" ? "searched weights" : nameOf(method),
    ...scores.map((x) => x.toFixed(1)),
    mean.toFixed(1),
    difference === null ? "" : signed(difference.mean),
    verdict ?? "",
    String(difference?.seedsNeeded ?? ""),
    String(seeds.length),
    (cost.tokensBefore / 1e6).toFixed(2),
    (cost.tokens / 1e6).toFixed(2),
    cost.pointsPerMillion?.toFixed(1) ?? "–",
    seconds.toFixed(0),
  ];
  const { references, tasks } = mixture;
  const reference = (name: string, scores: readonly (number | null)[] | null) =>
    scores === null
      ? []
      : [[name, ...scores.map((x) => x === null ? "–" : x.toFixed(1)), ...OF_METHODS.map(() => "")]];
  return [
    `## ${mixture.mixture}`,
    "",
    ...table(
      [
        "test score",
        ...tasks,
        ...OF_METHODS,
      ],
      [
        ...reference("chance", references.chance),
        ...reference("majority a template", references.majority),
        ...reference("EW, image blanked", references.blank),
        ...reference("base, untuned", references.base),
        ...mixture.methods.map(row),
      ],
    ),
    "",
    ...(mixture.searched === null ? [] : [
      `Weights that the searches found, averaged: ${
        tasks.map((task, t) => `${task} ${mixture.searched![t]!.toFixed(2)}`).join(", ")
      }.`,
      "",
    ]),
    ...(mixture.agreement.length === 0 ? [] : [
      `Rank correlation between seeds: ${
        mixture.agreement.map(({ method, lambda, difficulty, pairs }) =>
          `${nameOf(method)} λ ${lambda?.toFixed(2) ?? "–"}, difficulty ${
            difficulty?.toFixed(2) ?? "–"
          } (${pairs} pairs)`
        ).join("; ")
      }.`,
      "",
    ]),
  ];
}

/** A difference to full probes, and in parentheses the same between two seeds of these. */
function beside(digits: number, cheap: number | null, seeds: number | null | undefined): string {
  const said = (x: number | null | undefined) => x?.toFixed(digits).replace("-", "−") ?? "–";
  return `${said(cheap)} (${said(seeds)})`;
}

function probes(compared: readonly CheaperProbes[]): string[] {
  if (compared.length === 0) return [];
  const oneSided = compared.reduce((sum, { error }) => sum + error.contribution.oneSided, 0) +
    compared.reduce((sum, { error }) => sum + error.difficulty.oneSided, 0);
  return [
    "## Cheaper probes",
    "",
    ...table(
      [
        "mixture",
        "probes",
        "seeds",
        "C",
        "D",
        "λ",
        "ranks of C",
        "of D",
        "of λ",
        "tokens saved",
        "λ within another seed's",
      ],
      compared.map(({ mixture, kind, seeds, error, betweenSeeds, within }) => [
        mixture,
        kind,
        String(seeds.length),
        beside(3, error.contribution.mean, betweenSeeds?.contribution.mean),
        beside(3, error.difficulty.mean, betweenSeeds?.difficulty.mean),
        beside(3, error.lambda.mean, betweenSeeds?.lambda.mean),
        beside(2, error.contributionRanks, betweenSeeds?.contributionRanks),
        beside(2, error.difficultyRanks, betweenSeeds?.difficultyRanks),
        beside(2, error.meanRankCorrelation, betweenSeeds?.meanRankCorrelation),
        error.tokensSaved === null ? "–" : `${Math.round(100 * error.tokensSaved) + 0}%`,
        within === null ? "–" : within ? "yes" : "no",
      ]),
    ),
    "",
    "CoTBal's contributions C, difficulties D and weights λ from cheaper probes beside those from full ones, seed by seed: mean absolute",
    "differences, and Spearman's rank correlations. In parentheses the same between two seeds of the full probes, every pair. Cheaper",
    "probes replace the full ones where λ differs by less than it does between seeds. What full probes take is what EW with their budget",
    "is tuned for beyond EW.",
    ...(oneSided === 0 ? [] : [
      `${oneSided} values of C and D are left out: only one of the two kinds of probes defines them.`,
    ]),
    "",
  ];
}

function cost(records: readonly UnitRecord[]): string[] {
  if (records.length === 0) return [];
  const groups = Map.groupBy(records, ({ group }) => group);
  return [
    "## Cost",
    "",
    ...table(
      ["runs", "units", "seeds", "hours", "probe tokens, millions"],
      [...groups].map(([group, of]) => [
        group,
        String(of.length),
        String(of.reduce((sum, { seeds }) => sum + seeds.length, 0)),
        (of.reduce((sum, { seconds }) => sum + seconds, 0) / 3600).toFixed(2),
        (of.reduce((sum, { probeTokens }) => sum + probeTokens, 0) / 1e6).toFixed(1),
      ]),
    ),
    "",
  ];
}
