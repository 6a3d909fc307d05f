/**
 * The whole of CoTBal's arithmetic: a table of validation scores to one weight a task.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { contributionIn, contributionOut, contributions } from "./contribution.ts";
import { difficulty } from "./difficulty.ts";
import { type Alpha, checkAlpha } from "./mix.ts";
import { averageTables, type BalanceTable, checkTable } from "./table.ts";
import { BAND, DEFAULT_TEMPERATURE, lowestTemperature, weightsAt } from "./temperature.ts";

/** The paper's shares. */
export const DEFAULT_ALPHA: Readonly<Alpha> = { out: 0.25, in: 0.25, difficulty: 0.5 };

/** A difficulty from here on leaves no room to tell tasks apart. */
const SATURATED = 0.95;

/** A mean contribution beyond this comes from dividing by a small own gain. The paper's largest is 1.67. */
const EXTREME = 3;

/** The highest temperature the paper tries. */
const HIGHEST = 2;

/** How to weight. Without options, everything is as in the paper. */
export interface BalanceOptions {
  /** T, or "auto" for the lowest that keeps every weight in [0.5, 2]. 0.5 (the paper's) without it. */
  temperature?: number | "auto";
  /** The shares of the mix; 0.25, 0.25, 0.5 (the paper's) without it. */
  alpha?: Alpha;
  /** Not in the paper: a score a task that counts as nothing learnt; see {@linkcode difficulty}. */
  floor?: readonly number[];
  /** Not in the paper: own gains at or below this leave C undefined; see {@linkcode contributions}. */
  leastGain?: number | readonly number[];
  /** Tasks outside the balancing and their weights. They may be in the table or not. */
  fixed?: Readonly<Record<string, number>>;
}

/** Task weights and all that they were made from: the content of weights.json. */
export interface WeightsReport {
  /** The table's tasks in their order, then fixed tasks that are not in the table. */
  tasks: string[];
  /** T as used. */
  temperature: number;
  /** α as used. */
  alpha: Alpha;
  /** Row i, column j: C[i→j]; `null` on the diagonal, where undefined, and where the table held vectors. */
  contribution: (number | null)[][];
  /** C_out (4); `null` where undefined. */
  contributionOut: (number | null)[];
  /** C_in (5); `null` where undefined. */
  contributionIn: (number | null)[];
  /** D (6); `null` where undefined. */
  difficulty: (number | null)[];
  /** λ_out (4). */
  lambdaOut: number[];
  /** λ_in (5). */
  lambdaIn: number[];
  /** λ_D (7). */
  lambdaDifficulty: number[];
  /** λ (8): the weight of every task. The weights of the tasks that are not fixed sum to their number. */
  lambda: number[];
  /** What to know before trusting the weights, one sentence each. */
  warnings: string[];
}

/**
 * Task weights from validation scores, by CoTBal (arXiv 2403.04343, equations 3 to 8; chat form 10, 11).
 *
 * ```
 * C[i→j] = (V_j(i+mini) − V_j(mini)) / (V_j(j+mini) − V_j(mini))      (3)
 * λ_out  = N · softmax( mean_j C[i→j] / T)                            (4)
 * λ_in   = N · softmax(−mean_j C[j→i] / T)                            (5)
 * D[i]   = 1 − V_i(mini) / V_i(i+mini)                                (6)
 * λ_D    = N · softmax(D / T)                                         (7)
 * λ      = α_out·λ_out + α_in·λ_in + α_D·λ_D                          (8)
 * ```
 *
 * | symbol | meaning | default |
 * |---|---|---|
 * | V_j(X) | validation score on task j of the model tuned on X; higher is better | |
 * | N | number of tasks | |
 * | T | temperature | 0.5, from the paper |
 * | α | shares of the three weights | 0.25, 0.25, 0.5, from the paper |
 *
 * A task may stand for a group of tasks, with the group's mean score: the group then gets one weight.
 *
 * What the paper leaves open: an own gain (the denominator of (3)) that is not above zero leaves the contributions
 * into that task undefined; a score V_i(i+mini) that is not above zero leaves its difficulty undefined. Undefined
 * values are `null`, never clipped; means run over what is defined; a task without a value gets weight 1 in that
 * part. Each case is named in `warnings`.
 *
 * @param tables One table, or one a seed: then the scores are averaged first.
 * @param options How to weight; the paper's way without them.
 * @returns The weights and all that they were made from.
 * @throws {InputError} If a table has holes or a wrong shape, or an option cannot be used.
 *
 * @example Probes of two tasks
 * ```ts
 * import { weightsFromScores } from "./weights_from_scores.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const report = weightsFromScores({
 *   tasks: ["vqa", "chart"],
 *   mini: [40, 20], // scores after the small subsets of both
 *   plus: [
 *     [50, 26], // after a large subset of vqa and the small one of chart
 *     [42, 50], // the other way round
 *   ],
 * });
 * assertEquals(report.contributionOut, [0.2, 0.2]);
 * assertAlmostEquals(report.lambda[1]!, 1.19, 1e-4); // chart is harder
 * assertAlmostEquals(report.lambda[0]! + report.lambda[1]!, 2);
 * ```
 *
 * @example The paper's chat model, from its published vectors
 * ```ts
 * import { weightsFromScores } from "./weights_from_scores.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const report = weightsFromScores({
 *   tasks: ["conversation", "detail", "complex"],
 *   contributionOut: [0.7601, 0.3496, 1.6727],
 *   contributionIn: [1.289, 0.9779, 0.5156],
 *   difficulty: [0.1364, 0.6466, 0.0407],
 * });
 * assertEquals(report.lambda.map((w) => w.toFixed(4)), ["0.5234", "1.1327", "1.3439"]);
 * ```
 */
export function weightsFromScores(
  tables: BalanceTable | readonly BalanceTable[],
  options: BalanceOptions = {},
): WeightsReport {
  const list: readonly BalanceTable[] = isList(tables) ? tables : [tables];
  const checked = list.map((table, k) => checkTable(table, list.length === 1 ? "scores" : `table ${k + 1}`));
  const table = averageTables(checked);
  const alpha = { ...(options.alpha ?? DEFAULT_ALPHA) };
  checkAlpha(alpha);
  const fixed = checkFixed(options.fixed ?? {});

  const balanced = table.tasks.flatMap((name, i) => fixed.has(name) ? [] : [i]);
  const part = measure(table, balanced, options);
  const warnings = [...part.warnings];
  const values = { out: part.contributionOut, in: part.contributionIn, difficulty: part.difficulty };

  const auto = options.temperature === "auto";
  const temperature = options.temperature === "auto"
    ? lowestTemperature(values, alpha)
    : options.temperature ?? DEFAULT_TEMPERATURE;
  const weights = weightsAt(values, alpha, temperature);
  const names = balanced.map((i) => table.tasks[i]!);
  if (names.length < 2) {
    warnings.push(`expected two tasks or more to balance, found ${names.length}: there is nothing to weigh.`);
  }
  warnings.push(...bandWarnings(names, weights.lambda, temperature, auto));

  // Fixed tasks have their place in every list, with their weight and without values.
  const tasks = [...table.tasks, ...[...fixed.keys()].filter((name) => !table.tasks.includes(name))];
  const at = tasks.map((name) => names.indexOf(name));
  const spreadOut = <A, B>(list: readonly A[], other: (name: string) => B) =>
    at.map((i, k) => i < 0 ? other(tasks[k]!) : list[i]!);
  const none = () => null;
  const weight = (name: string) => fixed.get(name)!;
  for (const [name, value] of fixed) {
    const added = table.tasks.includes(name) ? "" : "it is not in the table and was added; ";
    warnings.push(`${name}: ${added}the weight is fixed at ${value}, outside the balancing.`);
  }
  return {
    tasks,
    temperature,
    alpha,
    contribution: spreadOut(part.contribution.map((row) => spreadOut(row, none)), () => tasks.map(none)),
    contributionOut: spreadOut(part.contributionOut, none),
    contributionIn: spreadOut(part.contributionIn, none),
    difficulty: spreadOut(part.difficulty, none),
    lambdaOut: spreadOut(weights.out, weight),
    lambdaIn: spreadOut(weights.in, weight),
    lambdaDifficulty: spreadOut(weights.difficulty, weight),
    lambda: spreadOut(weights.lambda, weight),
    warnings,
  };
}

interface Measured {
  contribution: (number | null)[][];
  contributionOut: (number | null)[];
  contributionIn: (number | null)[];
  difficulty: (number | null)[];
  warnings: string[];
}

/** C and D of the tasks that are balanced. */
function measure(table: BalanceTable, balanced: readonly number[], options: BalanceOptions): Measured {
  const pick = <A>(list: readonly A[]) => balanced.map((i) => list[i]!);
  const names = pick(table.tasks);
  if ("contributionOut" in table) {
    if (options.floor !== undefined || options.leastGain !== undefined) {
      throw new InputError(
        "a floor and a least gain need a table of scores; found contributions and difficulties",
      );
    }
    const vectors = {
      contributionOut: pick(table.contributionOut),
      contributionIn: pick(table.contributionIn),
      difficulty: pick(table.difficulty),
    };
    const contribution = names.map(() => names.map(() => null));
    return { contribution, ...vectors, warnings: valueWarnings(names, vectors, new Set()) };
  }

  const [before, after] = "plus" in table ? [table.mini, table.plus] : [table.base, table.alone];
  const floor = checkFloor(options.floor, table.tasks) ?? table.floor;
  const leastGain = options.leastGain;
  const perTask = typeof leastGain === "object";
  if (perTask && leastGain.length !== table.tasks.length) {
    throw new InputError(
      `leastGain: expected one number, or one a task (${table.tasks.length}), found ${leastGain.length}`,
    );
  }
  const own = pick(after).map(pick);
  const start = pick(before);
  const { matrix, undefinedInto } = contributions(start, own, perTask ? pick(leastGain) : leastGain ?? 0);
  const mini = pick(table.mini);
  const large = own.map((row, i) => row[i]!);
  const floors = floor && pick(floor);
  const vectors = {
    contributionOut: contributionOut(matrix),
    contributionIn: contributionIn(matrix),
    difficulty: difficulty(mini, large, floors),
  };
  const warnings = [
    ...undefinedInto.map((j) => {
      const gain = large[j]! - start[j]!;
      const least = typeof leastGain === "number" ? leastGain : perTask ? pick(leastGain)[j]! : 0;
      return `${names[j]}: its own gain is ${show(gain)} points, not above ${show(least)}: ` +
        `the contributions into it are undefined and left out of the means.`;
    }),
    ...names.flatMap((name, i) => {
      const f = floors?.[i];
      return f !== undefined && mini[i]! < f
        ? [`${name}: V(mini) is ${show(mini[i]!)}, below its floor ${show(f)}, and counts as the floor.`]
        : [];
    }),
  ];
  return {
    contribution: matrix,
    ...vectors,
    warnings: [...warnings, ...valueWarnings(names, vectors, new Set(undefinedInto))],
  };
}

function valueWarnings(
  names: readonly string[],
  vectors: Omit<Measured, "contribution" | "warnings">,
  said: ReadonlySet<number>,
): string[] {
  const warnings: string[] = [];
  names.forEach((name, i) => {
    for (
      const [label, values] of [["C_out", vectors.contributionOut], ["C_in", vectors.contributionIn]] as const
    ) {
      const value = values[i]!;
      if (value === null && names.length > 1) {
        warnings.push(`${name}: ${label} is undefined; the task gets weight 1 in that part.`);
      } else if (value !== null && Math.abs(value) > EXTREME) {
        warnings.push(
          `${name}: ${label} is ${
            show(value)
          }, which comes from dividing by a small own gain and is mostly noise; ` +
            `a least gain or more seeds would help.`,
        );
      }
    }
    const d = vectors.difficulty[i]!;
    if (d === null) {
      warnings.push(
        `${name}: the difficulty is undefined, since the large subset's score is not above zero (or its floor); ` +
          `the task gets weight 1 in that part.`,
      );
    } else if (d >= SATURATED) {
      warnings.push(
        `${name}: the difficulty is ${
          show(d)
        }: the mini subset teaches next to nothing, so hard and starved tasks ` +
          `look the same; a larger mini subset would help.`,
      );
    } else if (d < 0 && !said.has(i)) {
      warnings.push(
        `${name}: the difficulty is ${show(d)}: the mini subset scores better than the large one.`,
      );
    }
  });
  return warnings;
}

function bandWarnings(
  names: readonly string[],
  lambda: readonly number[],
  T: number,
  auto: boolean,
): string[] {
  const warnings = names.flatMap((name, i) => {
    const w = lambda[i]!;
    if (w >= BAND[0] - 1e-9 && w <= BAND[1] + 1e-9) return [];
    return [
      `${name}: the weight ${show(w)} is outside the band [${
        BAND.join(", ")
      }]; a higher temperature would mend it.`,
    ];
  });
  if (auto && T > HIGHEST) {
    warnings.push(
      `the band [${BAND.join(", ")}] needs the temperature ${
        show(T)
      }, beyond the paper's highest (${HIGHEST}): ` +
        `one extreme value flattens all others.`,
    );
  }
  return warnings;
}

function checkFloor(
  floor: readonly number[] | undefined,
  tasks: readonly string[],
): readonly number[] | undefined {
  if (floor === undefined) return undefined;
  if (floor.length !== tasks.length) {
    throw new InputError(`floor: expected ${tasks.length} scores, one a task, found ${floor.length}`);
  }
  const bad = floor.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw new InputError(`floor (${tasks[bad]}): expected a finite number, found ${floor[bad]}`);
  return floor;
}

function checkFixed(fixed: Readonly<Record<string, number>>): Map<string, number> {
  for (const [name, weight] of Object.entries(fixed)) {
    if (!(weight >= 0) || !Number.isFinite(weight)) {
      throw new InputError(`fixed weight of ${name}: expected a number of 0 or more, found ${weight}`);
    }
  }
  return new Map(Object.entries(fixed));
}

function isList(tables: BalanceTable | readonly BalanceTable[]): tables is readonly BalanceTable[] {
  return Array.isArray(tables);
}

function show(x: number): string {
  return String(Number(x.toPrecision(4)));
}
