/**
 * What a page of weights is made from.
 *
 * @module
 */

import type { BalanceTable } from "../../../balance/cotbal/table.ts";
import type { WeightsReport } from "../../../balance/cotbal/weights_from_scores.ts";
import type { BalanceView } from "../../kit/section.ts";

/** Weights made from tables of scores, without a run. */
export interface GivenWeights {
  /** The weights, from the mean of all tables. */
  report: WeightsReport;
  /** The mean table. */
  table: BalanceTable;
  /** The weights from each table alone, at the same temperature; one entry, or none, for a single table. */
  seeds: readonly WeightsReport[];
  /** Names of the files. */
  sources: readonly string[];
  /** Names of the tasks outside the balancing. */
  fixed: readonly string[];
  /** Floors as used, one a task of the table. */
  floor?: readonly number[];
  /** The version of this package. */
  version: string;
}

/**
 * The tasks that are balanced.
 *
 * @param given The weights.
 * @returns Name and index of each, in order.
 */
export function balancedTasks({ report, fixed }: GivenWeights): { task: string; at: number }[] {
  return report.tasks.flatMap((task, at) => fixed.includes(task) ? [] : [{ task, at }]);
}

/**
 * Whether a task's scores are better lower.
 *
 * @param given The weights.
 * @param task The task.
 * @returns True if so.
 */
export function isLower({ report }: GivenWeights, task: string): boolean {
  return report.lowerIsBetter?.includes(task) ?? false;
}

/**
 * The balanced tasks as figures on balancing read them.
 *
 * @param given The weights.
 * @param charts The page's charts.
 * @returns The view.
 */
export function balancedView(given: GivenWeights, charts: BalanceView["charts"]): BalanceView {
  const { report } = given;
  const places = balancedTasks(given).map(({ at }) => at);
  const pick = <A>(list: readonly A[]) => places.map((at) => list[at]!);
  const weights: WeightsReport = {
    ...report,
    tasks: pick(report.tasks),
    contribution: pick(report.contribution).map(pick),
    contributionOut: pick(report.contributionOut),
    contributionIn: pick(report.contributionIn),
    difficulty: pick(report.difficulty),
    lambdaOut: pick(report.lambdaOut),
    lambdaIn: pick(report.lambdaIn),
    lambdaDifficulty: pick(report.lambdaDifficulty),
    lambda: pick(report.lambda),
  };
  return { run: { balances: [{ weights }], results: { tasks: weights.tasks } }, charts, prefix: "" };
}
