/**
 * Intervals for every contribution, difficulty and weight, from replicates of the scores.
 *
 * @module
 */

import { contributionIn, contributionOut, contributions } from "../contribution.ts";
import { difficulties } from "../difficulty.ts";
import type { Alpha } from "../mix_weights.ts";
import { weightsAtTemperature } from "../temperature.ts";
import type { PointTable } from "./points.ts";
import { meanScores, type ProbeScores, resampleScores } from "./resample.ts";

/** Lower and upper end. */
export type Interval = [low: number, high: number];

/** intervals.json: how sure the numbers of weights.json are. */
export interface WeightIntervals {
  /** Names of the tasks, in the order of all lists. */
  tasks: string[];
  /** Confidence of every interval. */
  level: number;
  /** Replicates that they are read from. */
  replicates: number;
  /** Draws that the probes were tuned in; with one, the intervals know of the questions alone. */
  draws: number;
  /** Questions a task. */
  questions: number[];
  /** The own gain V_j(j+mini) − V_j(mini), in points. */
  ownGain: Interval[];
  /** C[i→j]; `null` on the diagonal, where undefined, and where the own gain is not clear of 0. */
  contribution: (Interval | null)[][];
  /** C_out. */
  contributionOut: (Interval | null)[];
  /** C_in. */
  contributionIn: (Interval | null)[];
  /** D. */
  difficulty: (Interval | null)[];
  /** λ, with the temperature held. */
  lambda: Interval[];
  /** Pairs of tasks whose weights differ in one direction at this level: the first weighs more. */
  heavier: [more: string, less: string][];
}

/** What follows from one set of scores. */
export interface Values {
  /** C[i→j]. */
  contribution: (number | null)[][];
  /** C_out. */
  contributionOut: (number | null)[];
  /** C_in. */
  contributionIn: (number | null)[];
  /** D. */
  difficulty: (number | null)[];
  /** λ. */
  lambda: number[];
}

/** How to make intervals. */
export interface IntervalOptions {
  /** Confidence; 0.95 without it. */
  level?: number;
  /** Replicates; 1,000 without it, as B. Efron and R. Tibshirani, "An Introduction to the Bootstrap" (1993), advise. */
  replicates?: number;
  /** Decides what is drawn. */
  seed?: number | string;
}

/**
 * Intervals by percentiles: each replicate of the scores goes through the whole arithmetic, and the middle 95% of what
 * comes out are the interval (Efron and Tibshirani 1993, chapter 13).
 *
 * A value that is undefined in a replicate leaves it out; where that happens in more than 5% of them (100% − level),
 * no interval is known: the ratio may be anything.
 *
 * @param table The points.
 * @param valuesOf The arithmetic.
 * @param options Level, replicates, seed.
 * @returns The intervals.
 *
 * @example Two tasks whose weights cannot be told apart by four questions
 * ```ts
 * import { bootstrapIntervals, paperValues } from "./intervals.ts";
 * import { pointTable } from "./points.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const mini = [[100, 0, 0, 0], [100, 0, 0, 0]];
 * const plus = [[[100, 100, 0, 0], [100, 0, 0, 0]], [[100, 0, 0, 0], [100, 100, 0, 0]]];
 * const table = pointTable(["vqa", "chart"], [{ mini, plus }]);
 * const alpha = { out: 0.25, in: 0.25, difficulty: 0.5 };
 * const { heavier } = bootstrapIntervals(table, (scores) => paperValues(scores, alpha, 0.5));
 * assertEquals(heavier, []);
 * ```
 */
export function bootstrapIntervals(
  table: PointTable,
  valuesOf: (scores: ProbeScores) => Values,
  options: IntervalOptions = {},
): WeightIntervals {
  const { level = 0.95, replicates = 1000, seed = "intervals" } = options;
  const tasks = [...table.tasks];
  const gains: number[][] = [];
  const all: Values[] = [];
  for (const scores of resampleScores(table, replicates, seed)) {
    gains.push(scores.mini.map((v, j) => scores.plus[j]![j]! - v));
    all.push(valuesOf(scores));
  }
  const of = (pick: (values: Values) => number | null) => middle(all.map(pick), level);
  const lambdas = all.map(({ lambda }) => lambda);
  const beyond = (1 - level) / 2 * replicates;
  return {
    tasks,
    level,
    replicates,
    draws: table.draws,
    questions: table.columns.map((column) => column[0]![0]!.length),
    ownGain: tasks.map((_, j) => middle(gains.map((gain) => gain[j]!), level)!),
    contribution: tasks.map((_, i) => tasks.map((_, j) => of((v) => v.contribution[i]![j]!))),
    contributionOut: tasks.map((_, i) => of((v) => v.contributionOut[i]!)),
    contributionIn: tasks.map((_, i) => of((v) => v.contributionIn[i]!)),
    difficulty: tasks.map((_, i) => of((v) => v.difficulty[i]!)),
    lambda: tasks.map((_, i) => middle(lambdas.map((lambda) => lambda[i]!), level)!),
    heavier: tasks.flatMap((more, i) =>
      tasks.flatMap((less, k): [string, string][] =>
        i !== k && lambdas.filter((lambda) => lambda[i]! <= lambda[k]!).length < beyond ? [[more, less]] : []
      )
    ),
  };
}

/**
 * The paper's arithmetic, equations (3) to (8), at a temperature that is held.
 *
 * @param scores V.
 * @param alpha The shares of the mix.
 * @param temperature T.
 * @returns C, D and λ, as `weightsFromScores` gives them.
 *
 * @example
 * ```ts
 * import { paperValues } from "./intervals.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = { mini: [40, 20], plus: [[50, 26], [42, 50]] };
 * const { contributionOut } = paperValues(scores, { out: 0.25, in: 0.25, difficulty: 0.5 }, 0.5);
 * assertEquals(contributionOut, [0.2, 0.2]);
 * ```
 */
export function paperValues(scores: ProbeScores, alpha: Alpha, temperature: number): Values {
  const { matrix } = contributions(scores.mini, scores.plus);
  const out = contributionOut(matrix);
  const inward = contributionIn(matrix);
  const difficulty = difficulties(scores.mini, scores.plus.map((row, i) => row[i]!));
  const { lambda } = weightsAtTemperature({ out, in: inward, difficulty }, alpha, temperature);
  return { contribution: matrix, contributionOut: out, contributionIn: inward, difficulty, lambda };
}

/**
 * Intervals of the paper's CoTBal.
 *
 * @param table The points.
 * @param alpha The shares of the mix.
 * @param temperature T, as it was used.
 * @param options Level, replicates, seed.
 * @returns The intervals.
 *
 * @example
 * ```ts
 * import { paperIntervals } from "./intervals.ts";
 * import { pointTable } from "./points.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const table = pointTable(["vqa"], [{ mini: [[50, 50]], plus: [[[100, 100]]] }]);
 * assertEquals(paperIntervals(table, { out: 0.25, in: 0.25, difficulty: 0.5 }, 0.5).difficulty, [[0.5, 0.5]]);
 * ```
 */
export function paperIntervals(
  table: PointTable,
  alpha: Alpha,
  temperature: number,
  options?: IntervalOptions,
): WeightIntervals {
  const found = bootstrapIntervals(table, (scores) => paperValues(scores, alpha, temperature), options);
  return onlyDefined(found, paperValues(meanScores(table), alpha, temperature));
}

/**
 * Intervals without those of values that are themselves undefined.
 *
 * @param intervals The intervals.
 * @param values The values that they belong to.
 * @returns The intervals, `null` where the value is.
 */
export function onlyDefined(intervals: WeightIntervals, values: Values): WeightIntervals {
  const where = (list: readonly (Interval | null)[], of: readonly (number | null)[]) =>
    list.map((interval, i) => of[i] === null ? null : interval);
  return {
    ...intervals,
    contribution: intervals.contribution.map((row, i) => where(row, values.contribution[i]!)),
    contributionOut: where(intervals.contributionOut, values.contributionOut),
    contributionIn: where(intervals.contributionIn, values.contributionIn),
    difficulty: where(intervals.difficulty, values.difficulty),
  };
}

/** The middle share of the values that are defined; null where too few are. */
function middle(values: readonly (number | null)[], level: number): Interval | null {
  const known = Float64Array.from(values.filter((x) => x !== null)).sort();
  if (known.length === 0 || known.length < level * values.length) return null;
  const at = (share: number) => {
    const place = share * (known.length - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, known.length - 1);
    return known[low]! + (place - low) * (known[high]! - known[low]!);
  };
  return [at((1 - level) / 2), at((1 + level) / 2)];
}
