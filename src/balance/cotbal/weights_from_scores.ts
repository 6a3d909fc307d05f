/**
 * The whole of CoTBal's arithmetic: a table of validation scores to one weight a task.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { lowerTasks, type MeasureOptions, measureTasks } from "./measure_tasks.ts";
import { type Alpha, checkAlpha } from "./mix_weights.ts";
import { averageTables, type BalanceTable, checkTable } from "./table.ts";
import { DEFAULT_TEMPERATURE, lowestTemperature, weightsAtTemperature } from "./temperature.ts";
import { bandWarnings, fixedWarning } from "./warnings.ts";

/** The paper's shares. */
export const DEFAULT_ALPHA: Readonly<Alpha> = { out: 0.25, in: 0.25, difficulty: 0.5 };

/** How to weight. Without options, everything is as in the paper. */
export interface BalanceOptions extends MeasureOptions {
  /** T, or "auto" for the lowest that keeps every weight in [0.5, 2]. 0.5 (the paper's) without it. */
  temperature?: number | "auto";
  /** The shares of the mix; 0.25, 0.25, 0.5 (the paper's) without it. */
  alpha?: Alpha;
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
  /** Names of the tasks whose scores are better lower; not there where all are better higher. */
  lowerIsBetter?: string[];
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
 * Scores that are better lower (a loss, an error rate) are named in the table or in `lowerIsBetter`. Then gains count
 * downwards in (3), which changes no ratio, and D[i] = 1 − V_i(i+mini) / V_i(mini); {@linkcode directedDifficulties}
 * derives it.
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

  const lower = lowerTasks(table, options);
  const balanced = table.tasks.flatMap((name, i) => fixed.has(name) ? [] : [i]);
  const measured = measureTasks(table, balanced, options);
  const warnings = [...measured.warnings];
  const values = {
    out: measured.contributionOut,
    in: measured.contributionIn,
    difficulty: measured.difficulty,
  };

  const auto = options.temperature === "auto";
  const temperature = options.temperature === "auto"
    ? lowestTemperature(values, alpha)
    : options.temperature ?? DEFAULT_TEMPERATURE;
  const weights = weightsAtTemperature(values, alpha, temperature);
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
    warnings.push(fixedWarning(name, value, !table.tasks.includes(name)));
  }
  return {
    tasks,
    temperature,
    alpha,
    contribution: spreadOut(measured.contribution.map((row) => spreadOut(row, none)), () => tasks.map(none)),
    contributionOut: spreadOut(measured.contributionOut, none),
    contributionIn: spreadOut(measured.contributionIn, none),
    difficulty: spreadOut(measured.difficulty, none),
    lambdaOut: spreadOut(weights.out, weight),
    lambdaIn: spreadOut(weights.in, weight),
    lambdaDifficulty: spreadOut(weights.difficulty, weight),
    lambda: spreadOut(weights.lambda, weight),
    ...(lower.length > 0 && { lowerIsBetter: lower }),
    warnings,
  };
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
