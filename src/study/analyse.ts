/**
 * What the study's records say: every method beside EW on each mixture, the headroom, whether seeds agree.
 *
 * @module
 */

import { rankAgreement } from "../balance/compare/agreement.ts";
import { type BootstrapInterval, bootstrapTable } from "../balance/compare/bootstrap.ts";
import { type CorrectedDifference, correctedDifferences } from "../balance/compare/paired.ts";
import { seedsNeeded } from "../balance/compare/power.ts";
import { passesBefore } from "./cost.ts";
import { CORE_METHODS, RUN_MIXTURES, type UnitGroup } from "./design.ts";
import type { SeedRecord, UnitRecord } from "./unit_record.ts";

/** A method on a mixture. */
export interface MethodOnMixture {
  method: string;
  /** The seeds that it and EW both have. */
  seeds: number[];
  /** Mean test score a task, over these seeds. */
  scores: number[];
  /** Mean over tasks. */
  mean: number;
  /** Minus EW; null for EW itself. */
  difference: (CorrectedDifference & { bootstrap: BootstrapInterval; seedsNeeded: number | null }) | null;
  /** What the protocol calls it. Only core methods are tested. */
  verdict: "win" | "loss" | "cannot be told apart" | "not tested" | null;
  /** Training tokens of the final tuning, a seed. */
  tokens: number;
  /** Those of what it measures before; see {@linkcode passesBefore}. */
  tokensBefore: number;
  /** Seconds of the final tuning and its test, on the machine and beside the work that there was. */
  seconds: number;
  /** Points that a million of all these tokens bring: (mean − mean of the untuned base) ÷ tokens · 10⁶; null without any. */
  pointsPerMillion: number | null;
}

/** A mixture. */
export interface MixtureAnalysis {
  mixture: string;
  tasks: string[];
  metrics: string[];
  references: UnitRecord["references"];
  methods: MethodOnMixture[];
  /** Seeds of the core that are there. */
  coreSeeds: number[];
  /** Rank correlation of λ between seeds, by method. */
  agreement: { method: string; lambda: number | null; difficulty: number | null; pairs: number }[];
  /** Weights averaged over the searches, where all have run. */
  searched: number[] | null;
}

/** All seeds of a method on a mixture; of records that overlap the first counts. */
export function seedsOf(records: readonly UnitRecord[], method: string): Map<number, SeedRecord> {
  const all = new Map<number, SeedRecord>();
  for (const { methods } of records) {
    for (const one of methods[method] ?? []) if (!all.has(one.seed)) all.set(one.seed, one);
  }
  return all;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/**
 * The mean of weights found by several searches: geometric, scaled to sum to their number.
 *
 * @param lambdas Weights, a search each.
 * @returns The mean.
 *
 * @example
 * ```ts
 * import { meanWeights } from "./analyse.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(meanWeights([[0.5, 1.5], [1.5, 0.5]]), [1, 1]);
 * ```
 */
export function meanWeights(lambdas: readonly (readonly number[])[]): number[] {
  const tasks = lambdas[0]!.map((_, t) => Math.exp(mean(lambdas.map((lambda) => Math.log(lambda[t]!)))));
  const sum = tasks.reduce((a, b) => a + b, 0);
  return tasks.map((x) => x * tasks.length / sum);
}

/**
 * The weights that the searches on a mixture found, averaged.
 *
 * @param records The records of the mixture.
 * @returns The weights; null if no search has run.
 */
export function searchedWeights(records: readonly UnitRecord[]): number[] | null {
  const found = [...seedsOf(records, "search").values()].flatMap(({ lambda }) =>
    lambda === null ? [] : [lambda]
  );
  return found.length === 0 ? null : meanWeights(found);
}

/** Groups whose records are analysed together. Cheaper probes change what "cotbal" means: they are compared elsewhere. */
const TOGETHER: readonly UnitGroup[] = ["core", "rest", "fixed"];

/**
 * Analyses the study as far as it has come.
 *
 * @param all Every record there is.
 * @param groups Those whose records are analysed.
 * @returns One analysis a mixture that has records.
 */
export function analyse(
  all: readonly UnitRecord[],
  groups: readonly UnitGroup[] = TOGETHER,
): MixtureAnalysis[] {
  return RUN_MIXTURES.flatMap((mixture) => {
    const records = all.filter((one) =>
      one.mixture === mixture && groups.some((group) => group === one.group)
    );
    return records.length === 0 ? [] : [analyseMixture(mixture, records)];
  });
}

function analyseMixture(mixture: string, records: readonly UnitRecord[]): MixtureAnalysis {
  const { tasks, metrics } = records[0]!;
  const references = { ...records[0]!.references, blank: meanBlank(records) };
  const ids = [...new Set(records.flatMap(({ methods }) => Object.keys(methods)))];
  const ew = seedsOf(records, "ew");
  const paired = ids.map((method) => {
    const own = seedsOf(records, method);
    const seeds = [...own.keys()].filter((seed) => ew.has(seed)).sort((a, b) => a - b);
    return {
      method,
      seeds,
      own: seeds.map((seed) => own.get(seed)!),
      base: seeds.map((seed) => ew.get(seed)!),
    };
  }).filter(({ seeds }) => seeds.length > 0);
  const meanOf = ({ points }: SeedRecord) => mean(points.map(mean));

  const isCore = (method: string) => method !== "ew" && method !== "stl" && CORE_METHODS.includes(method);
  const families = [true, false].map((core) =>
    paired.filter(({ method }) => method !== "ew" && isCore(method) === core)
  );
  const differences = new Map(families.flatMap((family) => {
    const corrected = correctedDifferences(
      family.map(({ own, base }) => [own.map(meanOf), base.map(meanOf)]),
    );
    return family.map(({ method }, i) => [method, corrected[i]!] as const);
  }));

  const methods = paired.map(({ method, seeds, own, base }): MethodOnMixture => {
    const found = differences.get(method);
    const difference = found === undefined ? null : {
      ...found,
      bootstrap: bootstrapTable(
        own.map(({ points }, s) => points.map((task, t) => task.map((x, q) => x - base[s]!.points[t]![q]!))),
      ).mean,
      seedsNeeded: found.deviation === null ? null : seedsNeeded(found.deviation),
    };
    const tokens = mean(own.map(({ tokens }) => tokens));
    const tokensBefore = passesBefore(method, tasks.length) * mean(base.map(({ tokens }) => tokens));
    const score = mean(own.map(meanOf));
    return {
      method,
      seeds,
      scores: tasks.map((_, t) => mean(own.map(({ points }) => mean(points[t]!)))),
      mean: score,
      difference,
      verdict: difference === null ? null : isCore(method) ? verdictOf(difference) : "not tested",
      tokens,
      tokensBefore,
      seconds: mean(own.map(({ seconds }) => seconds)),
      pointsPerMillion: tokens === 0 ? null : (score - mean(references.base)) / (tokens + tokensBefore) * 1e6,
    };
  });

  const terms = Map.groupBy(records.flatMap(({ terms }) => terms), ({ method }) => method);
  return {
    mixture,
    tasks,
    metrics,
    references,
    methods,
    coreSeeds: [...seedsOf(records.filter(({ group }) => group === "core"), "cotbal").keys()].sort((a, b) =>
      a - b
    ),
    agreement: [...terms].map(([method, of]) => {
      const lambda = rankAgreement(of.map(({ lambda }) => lambda));
      return {
        method,
        lambda: lambda.mean,
        difficulty: rankAgreement(of.map(({ difficulty }) => difficulty)).mean,
        pairs: lambda.pairs,
      };
    }),
    searched: searchedWeights(records),
  };
}

/** EW's scores with blank images, over all records that have them, by the number of their seeds. */
function meanBlank(records: readonly UnitRecord[]): number[] | null {
  const seen = new Set<number>();
  const known = records.flatMap(({ seeds, references: { blank } }) => {
    // The rest tunes EW with seeds of the core again, to the same bits.
    if (blank === null || seeds.every((seed) => seen.has(seed))) return [];
    seeds.forEach((seed) => seen.add(seed));
    return [{ blank, weight: seeds.length }];
  });
  if (known.length === 0) return null;
  const sum = known.reduce((total, { weight }) => total + weight, 0);
  return known[0]!.blank.map((_, t) =>
    known.reduce((total, { blank, weight }) => total + weight * blank[t]!, 0) / sum
  );
}

/** A difference counts if the corrected test over seeds and the bootstrap over seeds and questions both exclude 0. */
function verdictOf(
  { mean, corrected, bootstrap }: CorrectedDifference & { bootstrap: BootstrapInterval },
): "win" | "loss" | "cannot be told apart" {
  const sure = corrected !== null && corrected < 0.05 && (bootstrap.low > 0 || bootstrap.high < 0);
  return sure ? (mean > 0 ? "win" : "loss") : "cannot be told apart";
}
