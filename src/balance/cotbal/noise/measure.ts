/**
 * Contributions and difficulties by draws and a floor, with their variances, each shrunk by its own noise.
 *
 * @module
 */

import { contributionIn, contributionOut, contributions } from "../contribution.ts";
import { difficulties } from "../difficulty.ts";
import type { PointTable } from "./points.ts";
import { meanScores, type ProbeScores } from "./resample.ts";
import { shrink, type Shrunk } from "./shrink.ts";
import { varianceOfMean } from "./variance.ts";

/** Standard errors by which a gain must be above 0: its two-sided 95% interval then leaves out 0. */
export const CLEAR = 1.96;

/** C and D, raw and shrunk, and what decided over them. */
export interface NoiseMeasure {
  /** V, means over questions and draws. */
  scores: ProbeScores;
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
 * @param table The points.
 * @returns All of it.
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
  const scores = meanScores(table);
  const { mini, plus } = scores;
  const tasks = mini.map((_, j) => j);
  const floor = scores.blank ?? tasks.map(() => 0);
  const own = tasks.map((j) => plus[j]![j]!);
  const plain = (j: number, weights: ReadonlyMap<number, number>) => variance(table, j, weights);

  const ownGain = tasks.map((j) => own[j]! - mini[j]!);
  const ownGainError = tasks.map((j) => Math.sqrt(plain(j, new Map([[1 + j, 1], [0, -1]]))));
  const blank = tasks.length + 1;
  const learnt = tasks.map((j) => own[j]! - floor[j]!);
  const learntOf = (j: number, by: number): [number, number][] => [[1 + j, by], ...blankOf(-by)];
  const learntError = tasks.map((j) => Math.sqrt(plain(j, new Map(learntOf(j, 1)))));

  const { matrix: raw } = contributions(mini, plus, ownGainError.map((error) => CLEAR * error));
  const cellVariance = raw.map((row, i) =>
    row.map((c, j) =>
      c === null ? 0 : plain(j, sum([[1 + i, 1], [0, -1 + c], [1 + j, -c]])) / ownGain[j]! ** 2
    )
  );
  const cells = shrink(raw.flat(), cellVariance.flat());
  const contribution = raw.map((row, i) => row.map((_, j) => cells.values[i * tasks.length + j]!));
  const contributionOwn = raw.map((row, i) => row.map((_, j) => cells.own[i * tasks.length + j]!));

  const rawDifficulty = difficulties(mini, own, floor).map((d, i) =>
    learnt[i]! > CLEAR * learntError[i]! ? d : null
  );
  const difficultyVariance = rawDifficulty.map((d, i) =>
    d === null ? 0 : plain(i, sum([[1 + i, 1], [0, -1], ...learntOf(i, -d)])) / learnt[i]! ** 2
  );
  return {
    scores,
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

/** Factors a model, those of one model added. */
function sum(terms: readonly (readonly [number, number])[]): Map<number, number> {
  const weights = new Map<number, number>();
  for (const [x, by] of terms) weights.set(x, (weights.get(x) ?? 0) + by);
  return weights;
}

/** Variance of Σ_x weight_x · V_j(x). */
function variance(table: PointTable, j: number, weights: ReadonlyMap<number, number>): number {
  const column = table.columns[j]!;
  const points = column[0]!.map((first, r) => {
    const row = new Float64Array(first.length);
    for (const [x, by] of weights) {
      const from = column[x]![r]!;
      for (let q = 0; q < row.length; q++) row[q]! += by * from[q]!;
    }
    return row;
  });
  return varianceOfMean(points).total;
}
