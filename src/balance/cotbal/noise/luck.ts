/**
 * The luck of a draw: how much scores differ from one draw to the next, learnt from all cells of a table together.
 *
 * @module
 */

import type { Random } from "../../../random.ts";
import type { PointTable } from "./points.ts";
import { shrink } from "./shrink.ts";
import { type MeanVariance, varianceOfMean } from "./variance.ts";

/** The luck of one draw, over all tasks and models. */
export interface Luck {
  /** Standard deviations σ_jx: row j a task, column x a model, as in {@linkcode PointTable}. */
  deviation: number[][];
  /** Correlation c between two probes on one task, in one draw. */
  ofTask: number;
  /** Correlation ρ of one probe between two tasks. */
  ofProbe: number;
  /** Degrees of freedom ν that all of it was estimated with; 0 with one draw, where nothing is known. */
  degrees: number;
}

/**
 * Estimates the luck of a draw.
 *
 * ```
 * V_rjx = V_jx + σ_jx·u_rjx,   Var u = 1,   Cov(u_rjx, u_rjy) = c,   Cov(u_rjx, u_rkx) = ρ,   else 0
 * b_jx  = n·(M_r − M_e)_jx                                  estimates σ_jx², may be below 0; b_j its mean over x
 * b̂_j   = b_j shrunk over the tasks, its variance            mean_x 2·(max(0, mean_j b_j) + n·M_e,jx)² / ((n − 1)·X)
 * r̂_jx  = b_jx − b_j shrunk over all cells, its variance     2·(max(0, b̂_j) + n·M_e,jx)² / (n − 1)
 * σ̂²_jx = max(0, b̂_j + r̂_jx)
 * c     = Σ_j Σ_{x≠y} cov_j(x, y) / Σ_j Σ_{x≠y} σ̂_jx·σ̂_jy
 * ρ     = Σ_x Σ_{j≠k} cov_x(j, k) / Σ_x Σ_{j≠k} σ̂_jx·σ̂_kx
 * ν     = (n − 1)·X·(1 + (N − 1)·(1 − w̄))
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | V_rjx, V_jx | score of probe x on task j in draw r, and without luck |
 * | n, N, X | draws, tasks, probes |
 * | w̄ | how much of its b_j a task keeps, mean over tasks: ν is a task's own degrees, and the others' as far as they are shared |
 * | M_r, M_e | mean squares between draws and of the rest, {@linkcode varianceOfMean} |
 * | cov_j(x, y) | n times the covariance in M_r less that in M_e, which two probes share by their questions |
 * | cov_x(j, k) | covariance over the draws; two tasks share no question, nothing is subtracted |
 *
 * One cell knows of n − 1 degrees of freedom only, two with three draws. So its variance is moderated by those of the
 * task's other cells, and the task's by those of the other tasks, as G. Smyth does for genes ("Linear models and
 * empirical Bayes methods for assessing differential expression in microarray experiments", Stat. Appl. Genet. Mol. Biol.
 * 3 (2004), 3), here by the rule of {@linkcode shrink} (Morris 1983), which takes estimates below 0 too. Tasks come first
 * since some are learnt all at once, early or late, and differ by far more than others. The variance of b is that of a mean
 * square, 2·σ⁴/(n − 1) (Searle, Casella and McCulloch 1992, chapter 4). Nothing is clamped before it is pooled:
 * a sum over cells of parts that were each kept above 0 comes out too large. The covariances are a two-way model of
 * random effects of tasks and of probes in a draw, with one correlation each, over all cells; c and ρ are kept within −1 and 1.
 *
 * Answers to blank images are moderated among themselves, and their luck is independent of the probes', with the ν of these. A task of one
 * question says nothing of its luck (M_e is unknown): it gets the mean of the others.
 *
 * @param table The points.
 * @returns The luck; all 0 with one draw.
 *
 * @example Three draws that differ by chance alone as much as their questions do
 * ```ts
 * import { estimateLuck } from "./luck.ts";
 * import { pointTable } from "./points.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const draw = { mini: [[0, 100]], plus: [[[100, 100]]] };
 * assertEquals(estimateLuck(pointTable(["vqa"], [draw, draw])).deviation, [[0, 0]]);
 * ```
 */
export function estimateLuck(table: PointTable): Luck {
  const n = table.draws;
  const models = table.columns[0]?.length ?? 0;
  const probes = table.blank ? models - 1 : models;
  const tasks = table.columns.map((_, j) => j);
  if (n < 2) {
    return { deviation: tasks.map(() => new Array(models).fill(0)), ofTask: 0, ofProbe: 0, degrees: 0 };
  }
  const found = table.columns.map((column) => column.map(varianceOfMean));
  const known = table.columns.map((column) => column[0]![0]!.length > 1);
  const of = (from: number, to: number) =>
    moderate(found.map((row, j) => known[j] ? row.slice(from, to) : null), n, to - from);
  const ofProbesAlone = of(0, probes);
  const ofBlank = of(probes, models);
  const deviation = tasks.map((j) => [...ofProbesAlone.deviation[j]!, ...ofBlank.deviation[j]!]);

  const ofProbes = range(0, probes);
  let [inTask, inTaskBy, inProbe, inProbeBy] = [0, 0, 0, 0];
  for (const j of tasks) {
    if (!known[j]) continue;
    const all = varianceOfMean(sumOfModels(table.columns[j]!.slice(0, probes)));
    inTask += n * luckOf(all) - ofProbes.reduce((sum, x) => sum + n * luckOf(found[j]![x]!), 0);
    inTaskBy += pairs(ofProbes.map((x) => deviation[j]![x]!));
  }
  for (const x of ofProbes) {
    const means = table.columns.map((column) => column[x]!.map((points) => mean(points)));
    const ofDraws = means[0]!.map((_, r) => means.reduce((sum, row) => sum + row[r]!, 0));
    inProbe += squares(ofDraws) / (n - 1) - means.reduce((sum, row) => sum + squares(row) / (n - 1), 0);
    inProbeBy += pairs(tasks.map((j) => deviation[j]![x]!));
  }
  return {
    deviation,
    ofTask: correlation(inTask, inTaskBy),
    ofProbe: correlation(inProbe, inProbeBy),
    degrees: known.includes(true) ? Math.round((n - 1) * probes * ofProbesAlone.shared) : 0,
  };
}

/**
 * Errors of means over n draws, as luck makes them.
 *
 * ```
 * move_jx = t · σ_jx · u_jx / √n,   t = √(ν/χ²_ν)
 * u = Σ_k √(θ_k / mean θ) · P_k z,   θ_k = max(0, 1 − c − ρ + (0, Xc, Nρ, Xc + Nρ))
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | σ, c, ρ, ν | the luck of one draw, by {@linkcode estimateLuck} |
 * | z | normal numbers, one a cell |
 * | P_k | projections of a table of N tasks and X probes: rest, tasks' means, probes' means, the mean of all |
 * | θ_k | eigenvalues of the correlations of u, each for its projection |
 * | t | one a replicate: the tails of Student's distribution, with the degrees of freedom of the pooled estimate |
 *
 * These projections are those of the analysis of variance of a two-way table (Searle, Casella and McCulloch 1992,
 * chapter 4). An eigenvalue that is estimated below 0 counts as 0.
 *
 * @param table The points.
 * @param random What is drawn from: the numbers of a cell depend on the names of its task and probe.
 * @returns A function that draws once: row j a task, column x a model, what to add to the means.
 *
 * @example With one draw nothing is known of its luck
 * ```ts
 * import { drawLuck } from "./luck.ts";
 * import { pointTable } from "./points.ts";
 * import { Random } from "../../../random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const table = pointTable(["vqa"], [{ mini: [[0, 100]], plus: [[[100, 100]]] }]);
 * assertEquals(drawLuck(table, new Random(7))(), [[0, 0]]);
 * ```
 */
export function drawLuck(table: PointTable, random: Random): () => number[][] {
  const { deviation, ofTask: c, ofProbe: p, degrees } = estimateLuck(table);
  if (degrees === 0) return () => deviation.map((row) => row.map(() => 0));
  const N = deviation.length;
  const X = deviation[0]!.length - (table.blank ? 1 : 0);
  const least = 1 - c - p;
  const theta = [least, least + X * c, least + N * p, least + X * c + N * p].map((x) => Math.max(0, x));
  const sizes = [(N - 1) * (X - 1), N - 1, X - 1, 1];
  const total = theta.reduce((sum, x, k) => sum + sizes[k]! * x, 0) / (N * X);
  const [rest, ofTask, ofProbe, ofAll] = theta.map((x) => total > 0 ? Math.sqrt(x / total) : 0);
  const names = ["mini", ...table.units.map(({ name }) => `plus ${name}`), "blank"];
  const cells = table.tasks.map((task, j) =>
    deviation[j]!.map((_, x) => random.fork(`task ${task}`).fork(names[x]!))
  );
  const tails = random.fork("tails");
  return () => {
    const z = cells.map((row) => row.map((cell) => cell.normal()));
    let chi = 0;
    for (let k = 0; k < degrees; k++) chi += tails.normal() ** 2;
    const scale = Math.sqrt(degrees / chi / table.draws);
    const taskMean = z.map((row) => mean(row.slice(0, X)));
    const probeMean = range(0, X).map((x) => mean(z.map((row) => row[x]!)));
    const all = mean(taskMean);
    return deviation.map((row, j) =>
      row.map((sigma, x) => {
        if (x >= X) return scale * sigma * z[j]![x]!;
        const [byTask, byProbe] = [taskMean[j]! - all, probeMean[x]! - all];
        const left = z[j]![x]! - byTask - byProbe - all;
        return scale * sigma * (rest! * left + ofTask! * byTask + ofProbe! * byProbe + ofAll! * all);
      })
    );
  };
}

/**
 * Standard deviations of one draw, those of X models a task, and how many tasks' worth of degrees of freedom they have. A
 * task of which nothing is known is `null`.
 */
function moderate(
  found: readonly (readonly MeanVariance[] | null)[],
  n: number,
  X: number,
): { deviation: number[][]; shared: number } {
  const b = found.map((row) => row && row.map((each) => n * luckOf(each)));
  const ofTask = b.map((row) => row && mean(row));
  const common = Math.max(0, mean(ofTask.filter((x) => x !== null)));
  const errors = (row: readonly MeanVariance[], luck: number) =>
    row.map(({ rest }) => 2 * (Math.max(0, luck) + n * rest) ** 2 / (n - 1));
  const tasks = shrink(ofTask, found.map((row) => row === null ? 0 : mean(errors(row, common)) / X));
  const level = tasks.values.map((x) => x ?? tasks.mean ?? 0);
  const cells = shrink(
    b.flatMap((row, j) => range(0, X).map((x) => row && row[x]! - ofTask[j]!)),
    found.flatMap((row, j) => row === null ? range(0, X).map(() => 0) : errors(row, level[j]!)),
  );
  const own = tasks.own.filter((w) => w !== null);
  return {
    deviation: level.map((each, j) =>
      range(0, X).map((x) => Math.sqrt(Math.max(0, each + (cells.values[j * X + x] ?? 0))))
    ),
    shared: 1 + (own.length - 1) * (1 - mean(own)),
  };
}

/** What draws add to the variance of the mean, also below 0. */
function luckOf({ between, rest }: MeanVariance): number {
  return between - rest;
}

/** Covariances by products of deviations, within −1 and 1; 0 where nothing deviates. */
function correlation(covariances: number, products: number): number {
  return products > 0 ? Math.max(-1, Math.min(1, covariances / products)) : 0;
}

function sumOfModels(models: readonly (readonly Float64Array[])[]): Float64Array[] {
  return models[0]!.map((first, r) =>
    first.map((_, q) => models.reduce((sum, draws) => sum + draws[r]![q]!, 0))
  );
}

/** Σ over ordered pairs of two different of them, of their product. */
function pairs(list: readonly number[]): number {
  return list.reduce((a, b) => a + b, 0) ** 2 - list.reduce((sum, x) => sum + x * x, 0);
}

/** Squared distances from the mean. */
function squares(list: readonly number[]): number {
  const middle = mean(list);
  return list.reduce((sum, x) => sum + (x - middle) ** 2, 0);
}

function mean(list: ArrayLike<number>): number {
  if (list.length === 0) return 0;
  let sum = 0;
  for (let k = 0; k < list.length; k++) sum += list[k]!;
  return sum / list.length;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, k) => from + k);
}
