/** Points of questions from a known model: every answer is right with a probability that is known. */

import {
  type DrawPoints,
  type PointTable,
  pointTable,
  type UnitSettings,
} from "../../../../src/balance/cotbal/noise/points.ts";
import type { ProbeScores } from "../../../../src/balance/cotbal/noise/resample.ts";
import type { Random } from "../../../../src/random.ts";

/** Probabilities of a right answer, by probe and task. */
export interface Model {
  tasks: string[];
  mini: number[];
  plus: number[][];
  blank?: number[];
}

/** Five tasks with own gains of 20 to 35 points; C[i→j] from −0.1 to 0.7, D from 0.27 to 0.64. */
export function fiveTasks(): Model {
  const mini = [0.30, 0.45, 0.20, 0.55, 0.35];
  const gain = [0.30, 0.25, 0.35, 0.20, 0.22];
  const C = [
    [1, 0.5, 0.1, 0.3, 0.2],
    [0.4, 1, 0, 0.6, 0.3],
    [0.2, 0.1, 1, -0.1, 0.5],
    [0.7, 0.3, 0.2, 1, 0.1],
    [0.1, 0.6, 0.4, 0.2, 1],
  ];
  const plus = C.map((row) => row.map((c, j) => mini[j]! + c * gain[j]!));
  return { tasks: ["a", "b", "c", "d", "e"], mini, plus };
}

/** The scores of a model without noise, in points. */
export function truth({ mini, plus, blank }: Model): ProbeScores {
  const points = (rates: readonly number[]) => rates.map((p) => 100 * p);
  return { mini: points(mini), plus: plus.map(points), ...(blank && { blank: points(blank) }) };
}

/**
 * Answers by chance.
 *
 * @param random What is drawn from.
 * @param model The probabilities.
 * @param questions Questions a task.
 * @param draws Draws of the probes.
 * @param luck Standard deviation of the probabilities between draws: one number, or one a task.
 * @param shared Of its variance, the share of a draw's task (common to all probes) and of a draw's probe (to all tasks).
 * @param settings Groups and fixed weights.
 */
export function answers(
  random: Random,
  model: Model,
  questions: number,
  draws = 1,
  luck: number | readonly number[] = 0,
  shared?: { task: number; probe: number },
  settings?: UnitSettings,
): PointTable {
  const draw = (): DrawPoints => {
    const ofTask = shared && model.tasks.map(() => random.normal());
    const one = (rates: readonly number[]) => {
      const ofProbe = shared && random.normal();
      return rates.map((rate, j) => {
        const size = typeof luck === "number" ? luck : luck[j]!;
        let move = size === 0 ? 0 : random.normal();
        if (shared) {
          const alone = 1 - shared.task - shared.probe;
          move = Math.sqrt(alone) * move + Math.sqrt(shared.task) * ofTask![j]! +
            Math.sqrt(shared.probe) * ofProbe!;
        }
        const p = Math.min(0.98, Math.max(0.02, rate + size * move));
        return Array.from({ length: questions }, () => random.next() < p ? 100 : 0);
      });
    };
    return {
      mini: one(model.mini),
      plus: model.plus.map(one),
      ...(model.blank && { blank: one(model.blank) }),
    };
  };
  const list = Array.from({ length: draws }, draw);
  return pointTable(model.tasks, list, settings);
}

/**
 * The same table with its tasks in another order.
 *
 * @param table The points.
 * @param order Places of the tasks, in the order that they get.
 */
export function reordered(table: PointTable, order: readonly number[]): PointTable {
  const units = table.units.map(({ name, tasks }, u) => ({
    name,
    u,
    tasks: tasks.map((j) => order.indexOf(j)).toSorted((a, b) => a - b),
  })).toSorted((a, b) => a.tasks[0]! - b.tasks[0]!);
  return {
    ...table,
    tasks: order.map((j) => table.tasks[j]!),
    units: units.map(({ name, tasks }) => ({ name, tasks })),
    columns: order.map((j) => {
      const column = table.columns[j]!;
      return [column[0]!, ...units.map(({ u }) => column[1 + u]!), ...column.slice(1 + units.length)];
    }),
  };
}
