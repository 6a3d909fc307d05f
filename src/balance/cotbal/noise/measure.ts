/**
 * Contributions and difficulties by draws and a floor, with their variances, each shrunk by its own noise.
 *
 * @module
 */

import { contributionIn, contributionOut, contributions } from "../contribution.ts";
import { difficulties } from "../difficulty.ts";
import { unitScore } from "../groups.ts";
import type { PointTable, PointUnit } from "./points.ts";
import { meanScores, type ProbeScores } from "./resample.ts";
import { shrink, type Shrunk } from "./shrink.ts";
import { varianceOfMean, varianceOfSum } from "./variance.ts";

/** Standard errors by which a gain must be above 0: its two-sided 95% interval then leaves out 0. */
export const CLEAR = 1.96;

/** What the score of a task in a group is divided by. */
export interface OwnScore {
  /** Place of the task. */
  j: number;
  /** V_j(g+mini). */
  own: number;
  /** Its standard error. */
  error: number;
  /** Whether it is above 0 by z of them. */
  clear: boolean;
}

/** C and D, raw and shrunk, and what decided over them: one a unit, which is a task or a group. */
export interface NoiseMeasure {
  /** V a task, means over questions and draws. */
  scores: ProbeScores;
  /** V a unit. */
  joined: ProbeScores;
  /** Of every unit, the places of the tasks that its score is made of. */
  counted: number[][];
  /** Of every group, the tasks that are left out of its score. */
  leftOut: OwnScore[][];
  /** g_j: own gains. */
  ownGain: number[];
  /** Their standard errors; infinite where one question only was asked. */
  ownGainError: number[];
  /** h_j: what is learnt beyond looking away, V_j(j+mini) − f_j. */
  learnt: number[];
  /** Its standard error. */
  learntError: number[];
  /** C[i→j] as measured; `null` on the diagonal and where undefined. */
  raw: (number | null)[][];
  /** C[i→j] shrunk. */
  contribution: (number | null)[][];
  /** Of every cell, how much is its own. */
  contributionOwn: (number | null)[][];
  /** C_out of the shrunk cells. */
  contributionOut: (number | null)[];
  /** C_in of the shrunk cells. */
  contributionIn: (number | null)[];
  /** D as measured. */
  rawDifficulty: (number | null)[];
  /** D shrunk, and how much of each is its own. */
  difficulty: Shrunk;
}

/**
 * Measures contributions and difficulties by what noise leaves of them.
 *
 * ```
 * V_j(X)  = mean over n draws and Q_j questions
 * f_j     = V_j of the mini probe with blank images; 0 where it was not asked
 * g_j     = V_j(j+mini) − V_j(mini),   h_j = V_j(j+mini) − f_j
 * C[i→j]  = (V_j(i+mini) − V_j(mini)) / g_j      where g_j > z·SE(g_j), else undefined
 * D[i]    = 1 − (V_i(mini) − f_i) / h_i          where h_i > z·SE(h_i), else undefined
 * s²      = Var(a − C·g)/g²  for C = a/g,   Var(g − D·h)/h²  for D
 * Ĉ, D̂    = shrunk by s², all cells of C together, all D together
 * ```
 *
 * A floor drops out of the differences in C, and so only changes D. s² is the delta method's variance of a ratio (W.
 * Cochran, "Sampling Techniques" (1977), chapter 6), which needs a denominator that is clear of 0: hence z = 1.96.
 * Variances of sums over models are taken question by question ({@linkcode varianceOfMean}); the rule of
 * {@linkcode shrink} says how much of each value is kept.
 *
 * Groups of tasks are measured by their own scores, V_g(X) = 100 · mean over j in g of V_j(X)/V_j(g+mini), as
 * `weightsOfGroups` joins them, with the noise of V_j(g+mini) in every variance; a task of a group counts where
 * V_j(g+mini) is above z of its standard errors. Tasks with fixed weights are not looked at.
 *
 * @param table The points.
 * @returns All of it, one a unit.
 *
 * @example A task that gained nothing has no contributions into it
 * ```ts
 * import { measureWithNoise } from "./measure.ts";
 * import { pointTable } from "./points.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const right = (n: number) => Array.from({ length: 50 }, (_, q) => q < n ? 100 : 0);
 * const mini = [right(10), right(20)];
 * const plus = [[right(40), right(22)], [right(25), right(21)]];
 * const { contribution } = measureWithNoise(pointTable(["vqa", "chart"], [{ mini, plus }]));
 * assertEquals(contribution, [[null, null], [0.5, null]]);
 * ```
 */
export function measureWithNoise(table: PointTable): NoiseMeasure {
  const { units } = table;
  const scores = meanScores(table);
  const known = units.map((unit, u) => countedTasks(table, scores, unit, u));
  const counted = known.map((list) => list.flatMap(({ j, clear }) => clear ? [j] : []));
  const joined = unitScores(units, counted, scores);
  const { mini, plus } = joined;
  const floor = joined.blank ?? units.map(() => 0);
  const own = units.map((_, u) => plus[u]![u]!);
  const variance = (u: number, weights: ReadonlyMap<number, number>) =>
    varianceOfUnit(table, scores, u, counted[u]!, weights);

  const ownGain = units.map((_, u) => own[u]! - mini[u]!);
  const ownGainError = units.map((_, u) => Math.sqrt(variance(u, new Map([[1 + u, 1], [0, -1]]))));
  const blank = units.length + 1;
  const learnt = units.map((_, u) => own[u]! - floor[u]!);
  const learntOf = (u: number, by: number): [number, number][] => [[1 + u, by], ...blankOf(-by)];
  const learntError = units.map((_, u) => Math.sqrt(variance(u, new Map(learntOf(u, 1)))));

  const { matrix: raw } = contributions(mini, plus, ownGainError.map((error) => CLEAR * error));
  const cellVariance = raw.map((row, i) =>
    row.map((c, j) =>
      c === null ? 0 : variance(j, sum([[1 + i, 1], [0, -1 + c], [1 + j, -c]])) / ownGain[j]! ** 2
    )
  );
  const cells = shrink(raw.flat(), cellVariance.flat());
  const contribution = raw.map((row, i) => row.map((_, j) => cells.values[i * units.length + j]!));
  const contributionOwn = raw.map((row, i) => row.map((_, j) => cells.own[i * units.length + j]!));

  const rawDifficulty = difficulties(mini, own, floor).map((d, i) =>
    learnt[i]! > CLEAR * learntError[i]! ? d : null
  );
  const difficultyVariance = rawDifficulty.map((d, i) =>
    d === null ? 0 : variance(i, sum([[1 + i, 1], [0, -1], ...learntOf(i, -d)])) / learnt[i]! ** 2
  );
  return {
    scores,
    joined,
    counted,
    leftOut: known.map((list) => list.filter(({ clear }) => !clear)),
    ownGain,
    ownGainError,
    learnt,
    learntError,
    raw,
    contribution,
    contributionOwn,
    contributionOut: contributionOut(contribution),
    contributionIn: contributionIn(contribution),
    rawDifficulty,
    difficulty: shrink(rawDifficulty, difficultyVariance),
  };

  function blankOf(by: number): [number, number][] {
    return table.blank ? [[blank, by]] : [];
  }
}

/**
 * Scores with a unit in the place of a task.
 *
 * @param units The units.
 * @param counted Of each, the tasks whose relative scores its score is the mean of.
 * @param scores The tasks' scores.
 * @returns V_g.
 */
export function unitScores(
  units: readonly PointUnit[],
  counted: readonly (readonly number[])[],
  { mini, plus, blank }: ProbeScores,
): ProbeScores {
  const join = (row: readonly number[]) =>
    units.map(({ tasks }, u) => unitScore(row, tasks, counted[u]!, (j) => plus[j]![j]!));
  return {
    mini: join(mini),
    plus: units.map(({ tasks }) => join(plus[tasks[0]!]!)),
    ...(blank && { blank: join(blank) }),
  };
}

/** The tasks of a unit, with the scores that their group's score divides by, and whether these are clear of 0. */
function countedTasks(table: PointTable, scores: ProbeScores, { tasks }: PointUnit, u: number): OwnScore[] {
  if (tasks.length === 1) {
    return [{ j: tasks[0]!, own: scores.plus[tasks[0]!]![tasks[0]!]!, error: 0, clear: true }];
  }
  return tasks.map((j) => {
    const own = scores.plus[j]![j]!;
    const error = Math.sqrt(varianceOfMean(table.columns[j]![1 + u]!).total);
    return { j, own, error, clear: own > CLEAR * error };
  });
}

/** Factors a model, those of one model added. */
function sum(terms: readonly (readonly [number, number])[]): Map<number, number> {
  const weights = new Map<number, number>();
  for (const [x, by] of terms) weights.set(x, (weights.get(x) ?? 0) + by);
  return weights;
}

/**
 * Variance of Σ_x weight_x · V_g(x) for unit g. With o_j = V_j(g+mini), the mean over K tasks of V_j(x)/o_j has the
 * differential (100/K) Σ_j Σ_x weight_x · (dV_j(x)/o_j − V_j(x)/o_j² · do_j).
 */
function varianceOfUnit(
  table: PointTable,
  scores: ProbeScores,
  u: number,
  counted: readonly number[],
  weights: ReadonlyMap<number, number>,
): number {
  if (table.units[u]!.tasks.length === 1) {
    return varianceOfSum([weigh(table.columns[counted[0]!]!, weights)]).total;
  }
  const rows = [scores.mini, ...table.units.map(({ tasks }) => scores.plus[tasks[0]!]!), scores.blank ?? []];
  return varianceOfSum(counted.map((j) => {
    const own = scores.plus[j]![j]!;
    const scale = 100 / (counted.length * own);
    const value = [...weights].reduce((sum, [x, by]) => sum + by * rows[x]![j]!, 0);
    const scaled = new Map([...weights].map(([x, by]) => [x, scale * by]));
    scaled.set(1 + u, (scaled.get(1 + u) ?? 0) - scale * value / own);
    return weigh(table.columns[j]!, scaled);
  })).total;
}

/** Points of a task, those of its models times their weights and added: row r a draw, column q a question. */
function weigh(
  column: readonly (readonly Float64Array[])[],
  weights: ReadonlyMap<number, number>,
): Float64Array[] {
  return column[0]!.map((first, r) => {
    const row = new Float64Array(first.length);
    for (const [x, by] of weights) {
      const from = column[x]![r]!;
      for (let q = 0; q < row.length; q++) row[q]! += by * from[q]!;
    }
    return row;
  });
}
