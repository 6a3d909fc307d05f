/**
 * Groups of tasks as one: their scores before the balancing, their weights after it.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { spreadOverTasks, spreadWarnings } from "./spread.ts";
import { type AloneTable, averageTables, type ProbeTable } from "./table.ts";
import { balancedUnits, type Unit } from "./units.ts";
import { leftOutWarning, showNumber } from "./warnings.ts";
import { type BalanceOptions, weightsFromScores, type WeightsReport } from "./weights_from_scores.ts";

/** Groups, and everything else that weights depend on. */
export interface GroupOptions extends Pick<BalanceOptions, "temperature" | "alpha" | "fixed"> {
  /** Name of a group -> its tasks. A task in none is balanced by itself. */
  groups: Readonly<Record<string, readonly string[]>>;
}

/** Weights of groups, spread over their tasks. */
export interface GroupWeights extends WeightsReport {
  /** Name of a group -> its tasks. */
  groups: Record<string, string[]>;
}

/**
 * Task weights where some tasks are balanced as one group: one probe and one weight a group.
 *
 * ```
 * V_g(X) = 100 · mean over j in g of V_j(X) / V_j(g+mini)
 * λ_i    = λ_g · N / Σ_h n_h·λ_h    for every task i of g,  so  Σ_i λ_i = N
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | V_g(X) | score of group g: the mean of its tasks' scores, each relative to what the group's own probe reaches |
 * | g+mini | the large subsets of all tasks of g, the minis of the others; in the chat form the model tuned on g alone |
 * | λ_g | what equations (3) to (8) make of the groups' scores, with a group in the place of a task |
 * | n_h, N | tasks of group h; tasks that are balanced |
 *
 * The paper balances 17 tasks as 5 groups and does not say how it joins their scores. Relative scores are our choice:
 * CIDEr, which passes 100, would else rule the mean, and with them D of a group is the mean of its tasks' D. A group of
 * one task keeps its score, so that groups of one are no groups at all. A task whose V_j(g+mini) is not above 0 has no
 * relative score: it is left out of its group's mean, and said so. "auto" chooses T so that the groups' own weights, whose
 * sum is the number of groups, keep the band; a weight that the factor N / Σ n·λ takes out of it is warned of.
 *
 * @param tables One table, or one a seed: then the scores are averaged first. A row of `plus` or `alone` is the
 * probe of its task's group.
 * @param options Groups, fixed weights, T and α.
 * @returns The weights, one a task of the table; tasks of a group share all values.
 * @throws {InputError} If groups do not fit the table, or the table holds no scores.
 *
 * @example Three tasks as two groups
 * ```ts
 * import { weightsOfGroups } from "./groups.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const report = weightsOfGroups([{
 *   tasks: ["vqa", "gqa", "chart"],
 *   mini: [40, 30, 20],
 *   plus: [[50, 40, 26], [50, 40, 26], [42, 31, 50]],
 * }], { groups: { questions: ["vqa", "gqa"] } });
 * assertEquals(report.lambda[0], report.lambda[1]);
 * assertAlmostEquals(report.difficulty[0]!, ((1 - 40 / 50) + (1 - 30 / 40)) / 2);
 * assertAlmostEquals(report.lambda.reduce((a, b) => a + b), 3);
 * ```
 */
export function weightsOfGroups(
  tables: readonly (ProbeTable | AloneTable)[],
  { groups, ...options }: GroupOptions,
): GroupWeights {
  const table = averageTables(tables);
  if ("contributionOut" in table) {
    throw new InputError("groups: expected a table of scores, found contributions and difficulties");
  }
  const { tasks } = table;
  const fixed = options.fixed ?? {};
  const balanced = balancedUnits(tasks, { groups, fixed });
  const units = [
    ...balanced,
    ...Object.keys(fixed).map((name): Unit => ({ name, tasks: [name] })),
  ];
  const warnings: string[] = [];
  const report = weightsFromScores(tableOfUnits(table, units, warnings), options);
  const places = balanced.map((unit) => unit.tasks.map((name) => tasks.indexOf(name)));
  const spread = spreadOverTasks(tasks, places, fixed);
  const factor = spread.factor(report.lambda);
  warnings.push(...spreadWarnings(balanced, report.lambda, factor, report.temperature));
  return {
    ...report,
    tasks: [...tasks],
    contribution: spread.cells(report.contribution),
    contributionOut: spread.values(report.contributionOut),
    contributionIn: spread.values(report.contributionIn),
    difficulty: spread.values(report.difficulty),
    lambdaOut: spread.weights(report.lambdaOut, factor),
    lambdaIn: spread.weights(report.lambdaIn, factor),
    lambdaDifficulty: spread.weights(report.lambdaDifficulty, factor),
    lambda: spread.weights(report.lambda, factor),
    warnings: [...report.warnings, ...warnings],
    groups: Object.fromEntries(Object.entries(groups).map(([name, members]) => [name, [...members]])),
  };
}

/**
 * The score of a unit: a single task keeps its own.
 *
 * ```
 * V_g(X) = 100 · mean over j in g of V_j(X) / V_j(g+mini)
 * ```
 *
 * @param scores V_j(X), one a task.
 * @param unit The places of its tasks.
 * @param counted Those among them that have a relative score: the mean runs over these.
 * @param own V_j(g+mini).
 * @returns V_g(X); 0 for a group without a relative score.
 *
 * @example
 * ```ts
 * import { unitScore } from "./groups.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const own = [50, 100, 80];
 * assertEquals(unitScore([40, 20, 80], [0, 2], [0, 2], (j) => own[j]!), 90);
 * assertEquals(unitScore([40, 20, 80], [1], [1], (j) => own[j]!), 20);
 * ```
 */
export function unitScore(
  scores: readonly number[],
  unit: readonly number[],
  counted: readonly number[],
  own: (j: number) => number,
): number {
  if (unit.length === 1) return scores[unit[0]!]!;
  if (counted.length === 0) return 0;
  return 100 * counted.reduce((sum, j) => sum + scores[j]! / own(j), 0) / counted.length;
}

/** A table with a unit in the place of a task. */
function tableOfUnits(
  table: ProbeTable | AloneTable,
  units: readonly Unit[],
  warnings: string[],
): ProbeTable | AloneTable {
  const at = units.map((unit) => unit.tasks.map((name) => table.tasks.indexOf(name)));
  const joiner = (own: (j: number) => number, model: string) => {
    const known = at.map((list, u) =>
      list.length === 1 ? list : list.filter((j) => {
        if (own(j) > 0) return true;
        warnings.push(
          leftOutWarning(table.tasks[j]!, units[u]!.name, `${model} is ${showNumber(own(j))}, not above 0`),
        );
        return false;
      })
    );
    return (scores: readonly number[]) => known.map((list, u) => unitScore(scores, at[u]!, list, own));
  };
  const tasks = units.map(({ name }) => name);
  const rows = "plus" in table ? table.plus : table.alone;
  const join = joiner((j) => rows[j]![j]!, "plus" in table ? "V(own + mini)" : "V(own)");
  const square = at.map(([first]) => join(rows[first!]!));
  const floor = table.floor === undefined ? {} : { floor: join(table.floor) };
  if (!("plus" in table)) {
    return { tasks, base: join(table.base), alone: square, mini: join(table.mini), ...floor };
  }
  const { miniAlone, largeAlone } = table;
  if (miniAlone === undefined || largeAlone === undefined) {
    return { tasks, mini: join(table.mini), plus: square, ...floor };
  }
  const alone = joiner((j) => largeAlone[j]!, "V(own alone)");
  return {
    tasks,
    mini: join(table.mini),
    plus: square,
    miniAlone: alone(miniAlone),
    largeAlone: alone(largeAlone),
    ...floor,
  };
}
