/**
 * Cheaper probes beside full ones: how far CoTBal's weights move, and what is saved (comparison 4 of the protocol).
 *
 * @module
 */

import { type ComparedWeights, type ProbeError, probeError } from "../balance/compare/probe_error.ts";
import { ewBudget } from "../balance/methods/ew_budget.ts";
import { cotbal } from "../balance/methods/cotbal.ts";
import { ew } from "../balance/methods/ew.ts";
import { seedsOf } from "./analyse.ts";
import { CHEAPER_KINDS, type CheaperKind, STUDY_MIXTURES } from "./design.ts";
import type { UnitRecord } from "./unit_record.ts";

/** A kind of cheaper probes on a mixture. */
export interface CheaperProbes {
  mixture: string;
  kind: CheaperKind;
  /** The seeds that have both kinds of probes. */
  seeds: number[];
  /** Cheaper minus full, seed by seed. */
  error: ProbeError;
  /** The same between two seeds of the full probes, every pair of `seeds`; null with one seed. */
  betweenSeeds: ProbeError | null;
  /** Whether λ differs from the full probes' by less than theirs differ between seeds; null where one is unknown. */
  within: boolean | null;
}

/**
 * Compares CoTBal's terms from cheaper probes with those of the core's full ones, over the seeds that have both.
 *
 * The tokens of full probes are not in the core's records alone: its runs also tune probes that only other methods need.
 * They are what EW with the probes' budget is tuned for beyond EW, in the records of the rest.
 *
 * @param all Every record there is.
 * @returns A comparison for every mixture and kind that has such seeds.
 */
export function cheaperProbes(all: readonly UnitRecord[]): CheaperProbes[] {
  return STUDY_MIXTURES.flatMap((mixture) => {
    const of = (group: string) => all.filter((one) => one.mixture === mixture && one.group === group);
    const full = termsOf(of("core"));
    return CHEAPER_KINDS.flatMap((kind): CheaperProbes[] => {
      const records = of(kind);
      const cheap = termsOf(records);
      const seeds = [...cheap.keys()].filter((seed) => full.has(seed)).sort((a, b) => a - b);
      if (seeds.length === 0) return [];
      const fulls = seeds.map((seed) => full.get(seed)!);
      const tokens = tokensOf(records, of("rest"));
      const error = probeError(fulls, seeds.map((seed) => cheap.get(seed)!), tokens);
      const pairs = fulls.flatMap((a, i) => fulls.slice(i + 1).map((b) => [a, b] as const));
      const betweenSeeds = pairs.length === 0
        ? null
        : probeError(pairs.map(([a]) => a), pairs.map(([, b]) => b));
      const [ours, theirs] = [error.lambda.mean, betweenSeeds?.lambda.mean ?? null];
      return [{
        mixture,
        kind,
        seeds,
        error,
        betweenSeeds,
        within: ours === null || theirs === null ? null : ours < theirs,
      }];
    });
  });
}

/** CoTBal's terms by seed. */
function termsOf(records: readonly UnitRecord[]): Map<number, ComparedWeights> {
  return new Map(
    records.flatMap(({ tasks, terms }) =>
      terms.filter(({ method }) => method === cotbal.id).map((one) => [one.seed, { ...one, tasks }] as const)
    ),
  );
}

/** Tokens of both kinds of probes over the seeds of the cheaper ones; undefined if a seed has no EW with their budget. */
function tokensOf(
  records: readonly UnitRecord[],
  rest: readonly UnitRecord[],
): { full: number; cheap: number } | undefined {
  const [short, long] = [seedsOf(rest, ew.id), seedsOf(rest, ewBudget.id)];
  let full = 0;
  for (const seed of records.flatMap(({ seeds }) => seeds)) {
    const [from, to] = [short.get(seed), long.get(seed)];
    if (from === undefined || to === undefined) return undefined;
    full += to.tokens - from.tokens;
  }
  return { full, cheap: records.reduce((sum, { probeTokens }) => sum + probeTokens, 0) };
}
