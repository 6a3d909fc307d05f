/**
 * How sure a run's results are: intervals, paired differences, seeds needed, agreement of seeds.
 *
 * @module
 */

import { rankAgreement } from "../balance/compare/agreement.ts";
import { bootstrapTable } from "../balance/compare/bootstrap.ts";
import { type CorrectedDifference, correctedDifferences } from "../balance/compare/paired.ts";
import { seedsNeeded } from "../balance/compare/power.ts";
import { ew } from "../balance/methods/ew.ts";
import { baseMethod } from "../balance/methods/registry.ts";
import { methodFolder } from "./folders.ts";
import type { PartResult } from "./records/part_result.ts";
import type { MethodDifference, ScoreIntervals, Statistics } from "./records/statistics.ts";
import type { WeightsFile } from "./records/validation.ts";

/** What statistics are made from. */
export interface StatisticsInput {
  /** Names of the tasks. */
  tasks: readonly string[];
  /** Ids of the methods, in the order they are shown. */
  methods: readonly string[];
  /** Every seed. */
  seeds: readonly number[];
  /** The tests of all methods and seeds, by the part's id. */
  parts: ReadonlyMap<string, PartResult>;
  /** The weights that CoTBal's probes gave, one a seed; empty where none ran. */
  weights: readonly { method: string; weights: Partial<WeightsFile> }[];
}

/** Name of the file, in the run's folder. */
export const STATISTICS_FILE = "statistics.json";

/** Everything here is drawn with this seed: the same run gives the same bytes. */
const SEED = 0;
const ROUNDS = 2000;
const LEVEL = 0.95;

/**
 * The method that the others of a run are compared with where their difference is the question: EW if it ran, else the
 * base of ΔI, else the first.
 *
 * @param ids Ids of the run's methods.
 * @returns Its id; null with fewer than two methods.
 *
 * @example
 * ```ts
 * import { referenceMethod } from "./statistics.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(referenceMethod(["stl", "ew", "cotbal"]), "ew");
 * assertEquals(referenceMethod(["ew"]), null);
 * ```
 */
export function referenceMethod(ids: readonly string[]): string | null {
  if (ids.length < 2) return null;
  return ids.includes(ew.id) ? ew.id : baseMethod(ids)?.id ?? ids[0]!;
}

/**
 * Adds up how sure a run is.
 *
 * @param input The finished tests and the weights.
 * @returns What statistics.json holds.
 */
export function runStatistics(input: StatisticsInput): Statistics {
  const { tasks, methods, seeds } = input;
  const of = (method: string) =>
    seeds.map((seed) => {
      const id = methodFolder(method, seeds, seed);
      const part = input.parts.get(id);
      if (part === undefined) throw new Error(`the part ${id} has no result yet`);
      return byTask(part, tasks);
    });
  const answered = new Map(methods.map((method) => [method, of(method)]));
  const draw = { seed: SEED, rounds: ROUNDS, level: LEVEL };

  const scores: Record<string, ScoreIntervals> = {};
  for (const [method, ofSeeds] of answered) {
    scores[method] = bootstrapTable(ofSeeds.map((one) => one.map(({ points }) => points)), draw);
  }

  const reference = referenceMethod(methods);
  const others = reference === null ? [] : methods.filter((id) => id !== reference);
  const score = (method: string, s: number, t: number) => average(answered.get(method)![s]![t]!.points);
  const mean = (method: string, s: number) => average(tasks.map((_, t) => score(method, s, t)));
  const each = (value: (s: number) => number) => seeds.map((_, s) => value(s));
  const means = correctedDifferences(
    others.map((id) => [each((s) => mean(id, s)), each((s) => mean(reference!, s))]),
    LEVEL,
  );
  const perTask = correctedDifferences(
    others.flatMap((id) =>
      tasks.map((_, t) => [each((s) => score(id, s, t)), each((s) => score(reference!, s, t))] as const)
    ),
    LEVEL,
  );
  const differences = others.map((method, m): MethodDifference => {
    const [a, b] = [answered.get(method)!, answered.get(reference!)!];
    const paired = a.every((one, s) => one.every(({ ids }, t) => ids === b[s]![t]!.ids));
    const drawn = paired
      ? bootstrapTable(
        a.map((one, s) => one.map(({ points }, t) => points.map((x, q) => x - b[s]![t]!.points[q]!))),
        draw,
      )
      : null;
    // Where no two seeds differ (both methods score 0, or are one to the bit), how much they scatter is not known.
    const needed = ({ deviation }: CorrectedDifference) =>
      deviation === null || deviation === 0 ? null : seedsNeeded(deviation, { level: LEVEL });
    return {
      method,
      mean: { ...means[m]!, bootstrap: drawn?.mean ?? null, seedsNeeded: needed(means[m]!) },
      tasks: tasks.map((_, t) => {
        const one = perTask[m * tasks.length + t]!;
        return { ...one, bootstrap: drawn?.tasks[t] ?? null, seedsNeeded: needed(one) };
      }),
    };
  });

  const measured = input.weights[0]?.method;
  const weights = input.weights.filter(({ method }) => method === measured).map(({ weights }) => weights);
  const list = (values: readonly (number | null)[] | undefined) => values ?? tasks.map(() => null);
  return {
    format: 1,
    ...draw,
    scores,
    reference,
    differences,
    agreement: measured === undefined || weights.length < 2 ? null : {
      method: measured,
      out: rankAgreement(weights.map((one) => list(one.contributionOut))),
      in: rankAgreement(weights.map((one) => list(one.contributionIn))),
      difficulty: rankAgreement(weights.map((one) => list(one.difficulty))),
      lambda: rankAgreement(weights.map((one) => list(one.lambda))),
    },
  };
}

/** The points of a test's answers task by task, and a text that says which questions were asked. */
function byTask(part: PartResult, tasks: readonly string[]): { points: number[]; ids: string }[] {
  const groups = Map.groupBy(part.answers, ({ task }) => task);
  return tasks.map((task) => {
    const answers = groups.get(task) ?? [];
    return {
      points: answers.map(({ score }) => score),
      ids: JSON.stringify(answers.map(({ id, turn }) => [id, turn])),
    };
  });
}

function average(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
