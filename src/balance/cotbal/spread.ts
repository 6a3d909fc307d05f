/**
 * From units back to tasks: values and weights of groups, one a task.
 *
 * @module
 */

import { bandWarnings, showNumber } from "./warnings.ts";

/** Spreads what units have over their tasks. */
export interface UnitSpread {
  /** A value a unit to one a task; `null` for a task in no unit. */
  values<A>(list: readonly A[]): (A | null)[];
  /** The same of rows and columns; `null` within a unit, too. */
  cells<A>(rows: readonly (readonly A[])[]): (A | null)[][];
  /**
   * By what the units' weights are multiplied so that those of their tasks sum to the number of these.
   *
   * @param lambda λ_g, one a unit.
   * @returns N / Σ_h n_h·λ_h; 1 where all units have as many tasks.
   */
  factor(lambda: readonly number[]): number;
  /** Weights a unit, times a factor, to one a task; the fixed weight for a task in no unit. */
  weights(list: readonly number[], factor: number): number[];
}

/**
 * How units spread over tasks.
 *
 * ```
 * λ_i = λ_g · N / Σ_h n_h·λ_h    for every task i of g,  so  Σ_i λ_i = N
 * ```
 *
 * @param tasks Names of the tasks.
 * @param units The places of each unit's tasks: n_h of them, N in all.
 * @param fixed Weights of the tasks that are in no unit.
 * @returns The functions that spread.
 *
 * @example Two tasks as a group, one alone, one fixed
 * ```ts
 * import { spreadOverTasks } from "./spread.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const spread = spreadOverTasks(["vqa", "chart", "gqa", "chat"], [[0, 2], [1]], { chat: 0.7 });
 * assertEquals(spread.values(["group", "alone"]), ["group", "alone", "group", null]);
 * const lambda = [0.5, 1.5];
 * assertEquals(spread.weights(lambda, spread.factor(lambda)), [0.6, 1.7999999999999998, 0.6, 0.7]);
 * ```
 */
export function spreadOverTasks(
  tasks: readonly string[],
  units: readonly (readonly number[])[],
  fixed: Readonly<Record<string, number>>,
): UnitSpread {
  const unitOf = tasks.map((_, j) => units.findIndex((unit) => unit.includes(j)));
  const many = units.reduce((sum, unit) => sum + unit.length, 0);
  const alike = units.every((unit) => unit.length === units[0]!.length);
  return {
    values: (list) => unitOf.map((u) => u < 0 ? null : list[u]!),
    cells: (rows) => unitOf.map((u) => unitOf.map((v) => u < 0 || v < 0 || u === v ? null : rows[u]![v]!)),
    factor: (lambda) => alike ? 1 : many / units.reduce((sum, unit, u) => sum + unit.length * lambda[u]!, 0),
    weights: (list, factor) => unitOf.map((u, j) => u < 0 ? fixed[tasks[j]!]! : factor * list[u]!),
  };
}

/**
 * Says that the weights of units were multiplied, and which of them left the band by it.
 *
 * @param units Names of the units and their tasks.
 * @param lambda λ_g, one a unit, before.
 * @param factor By what they were multiplied.
 * @param temperature T.
 * @returns One sentence for each; none where nothing changed.
 */
export function spreadWarnings(
  units: readonly { name: string; tasks: readonly unknown[] }[],
  lambda: readonly number[],
  factor: number,
  temperature: number,
): string[] {
  if (Math.abs(factor - 1) <= 1e-12) return [];
  const many = units.reduce((sum, { tasks }) => sum + tasks.length, 0);
  const inside = units.flatMap(({ name }, u) =>
    bandWarnings([name], [lambda[u]!], temperature, false).length === 0 ? [u] : []
  );
  return [
    `groups differ in size: all their weights were multiplied by ${showNumber(factor)}, ` +
    `so that those of the ${many} tasks sum to ${many}.`,
    ...bandWarnings(
      inside.map((u) => units[u]!.name),
      inside.map((u) => factor * lambda[u]!),
      temperature,
      false,
    ),
  ];
}
