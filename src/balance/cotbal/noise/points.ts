/**
 * The points of single questions behind a table of scores: what tells how sure the scores are.
 *
 * @module
 */

import { InputError } from "../../../errors.ts";
import { balancedUnits } from "../units.ts";

/** Points of every question, one list a task; `null` where a model was not asked. */
export type TaskPoints = readonly (readonly number[] | null)[];

/** {@linkcode TaskPoints} of every model, by the names that a method gave their scores: one model, or one a row. */
export type Points = Readonly<Record<string, TaskPoints | readonly TaskPoints[]>>;

/** What the probes of one draw answered. Every probe was asked the same questions in the same order. */
export interface DrawPoints {
  /** After the minis. */
  mini: TaskPoints;
  /** Row i: after the large subset of i and the minis of the others; tasks of a group share a model. */
  plus: readonly TaskPoints[];
  /** The mini probe, every image blank. All draws have it, or none. */
  blank?: TaskPoints;
}

/** Tasks that are balanced as one, by their places among the tasks. */
export interface PointUnit {
  /** Name of the group, or of its one task. */
  name: string;
  /** Places of its tasks. */
  tasks: readonly number[];
}

/** What is balanced: groups (name -> tasks), and tasks outside the balancing with their weights. */
export interface UnitSettings {
  /** Groups of tasks; every task by itself without it. */
  groups?: Readonly<Record<string, readonly string[]>>;
  /** Fixed weights; none without it. */
  fixed?: Readonly<Record<string, number>>;
}

/** Points arranged by task, since only answers to the same questions can be compared one by one. */
export interface PointTable {
  /** Names of the tasks. */
  tasks: readonly string[];
  /** What is balanced. */
  units: readonly PointUnit[];
  /** Weights of the tasks that are in no unit. */
  fixed: Readonly<Record<string, number>>;
  /** Number of draws n: how often every probe was tuned, on subsets of its own and in an order of its own. */
  draws: number;
  /** Whether the last model of every column is the mini probe with blank images. */
  blank: boolean;
  /**
   * `columns[j][x][r]`: points of task j's questions by model x of draw r. Model 0 is the mini probe, model 1 + u is
   * that of the large subsets of unit u, the one after the last unit's the mini probe with blank images.
   */
  columns: readonly (readonly (readonly Float64Array[])[])[];
}

/**
 * Arranges the points of one draw or several by task.
 *
 * @param tasks Names of the tasks.
 * @param draws One entry a draw. Of a group's rows the first is read, since they are of one model.
 * @param settings Groups and fixed weights.
 * @returns The table.
 * @throws {InputError} If groups or fixed weights do not fit the tasks, there is no draw, a model was not asked a task, a point is not finite, or two models were
 * asked different numbers of questions.
 *
 * @example
 * ```ts
 * import { pointTable } from "./points.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const draw = { mini: [[0, 100], [0]], plus: [[[100, 100], [0]], [[0, 0], [100]]] };
 * const { columns } = pointTable(["vqa", "chart"], [draw]);
 * assertEquals([...columns[0]![1]![0]!], [100, 100]); // vqa's questions, asked of vqa + mini
 * ```
 */
export function pointTable(
  tasks: readonly string[],
  draws: readonly DrawPoints[],
  settings: UnitSettings = {},
): PointTable {
  const units = balancedUnits(tasks, settings).map((unit): PointUnit => ({
    name: unit.name,
    tasks: unit.tasks.map((name) => tasks.indexOf(name)),
  }));
  if (draws.length === 0) throw new InputError("points: expected those of one draw or more, found none");
  const blank = draws[0]!.blank !== undefined;
  const models = draws.map((draw, r): (readonly [string, TaskPoints])[] => {
    if (draw.plus.length !== tasks.length) {
      throw new InputError(
        `points, draw ${r + 1}: expected ${tasks.length} rows, one a task, found ${draw.plus.length}`,
      );
    }
    if ((draw.blank !== undefined) !== blank) {
      throw new InputError(`points: expected blank images in every draw or in none, found them in some`);
    }
    return [
      ["mini", draw.mini],
      ...units.map(({ name, tasks: [first] }) => [`${name} + mini`, draw.plus[first!]!] as const),
      ...(draw.blank === undefined ? [] : [["blank", draw.blank] as const]),
    ];
  });
  const columns = tasks.map((task, j) => {
    const asked = models[0]![0]![1][j]?.length ?? 0;
    return models[0]!.map((_, x) =>
      models.map((ofDraw, r) => {
        const [name, points] = ofDraw[x]!;
        const found = points[j];
        const where = `points, draw ${r + 1}, ${name}, task ${task}`;
        if (!found || found.length === 0) throw new InputError(`${where}: expected answers, found none`);
        if (found.length !== asked) {
          throw new InputError(
            `${where}: expected ${asked} answers, as many as the mini probe of draw 1 gave, found ${found.length}`,
          );
        }
        const bad = found.find((x) => !Number.isFinite(x));
        if (bad !== undefined) throw new InputError(`${where}: expected finite points, found ${bad}`);
        return Float64Array.from(found);
      })
    );
  });
  return { tasks, units, fixed: settings.fixed ?? {}, draws: draws.length, blank, columns };
}

/**
 * The model that a task's own data made.
 *
 * @param table The points.
 * @returns One place among the models a task: 0, the mini probe, where the task's weight is fixed.
 */
export function ownModels({ tasks, units }: Pick<PointTable, "tasks" | "units">): number[] {
  return tasks.map((_, j) => 1 + units.findIndex((unit) => unit.tasks.includes(j)));
}

/**
 * The points of the tasks that are balanced.
 *
 * @param table The points.
 * @returns The table without the tasks whose weights are fixed; itself where none is.
 */
export function balancedPoints(table: PointTable): PointTable {
  const kept = ownModels(table).flatMap((x, j) => x === 0 ? [] : [j]);
  if (kept.length === table.tasks.length) return table;
  return {
    ...table,
    tasks: kept.map((j) => table.tasks[j]!),
    units: table.units.map(({ name, tasks }) => ({ name, tasks: tasks.map((j) => kept.indexOf(j)) })),
    fixed: {},
    columns: kept.map((j) => table.columns[j]!),
  };
}

/**
 * The draws among points by name: `mini`, `plus` and, where it is there, `blank` are the first draw; with `-2` the
 * second, and so on.
 *
 * @param points The points.
 * @returns One entry a draw.
 * @throws {InputError} If there is no `mini`, or a draw has no `plus`.
 *
 * @example
 * ```ts
 * import { drawsOf } from "./points.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const model = [[0, 100]];
 * const points = { base: model, mini: model, plus: [model], "mini-2": model, "plus-2": [model] };
 * assertEquals(drawsOf(points).length, 2);
 * ```
 */
export function drawsOf(points: Points): DrawPoints[] {
  const draws: DrawPoints[] = [];
  for (let k = 1;; k++) {
    const of = (name: string) => points[drawName(name, k)];
    const [mini, plus, blank] = [of("mini"), of("plus"), of("blank")];
    if (mini === undefined) break;
    if (plus === undefined) {
      throw new InputError(`points, draw ${k}: expected those of ${drawName("plus", k)}, found none`);
    }
    draws.push({
      mini: mini as TaskPoints,
      plus: plus as readonly TaskPoints[],
      ...(blank !== undefined && { blank: blank as TaskPoints }),
    });
  }
  if (draws.length === 0) throw new InputError("points: expected those of mini, found none");
  return draws;
}

/**
 * What a draw's scores are called in a table.
 *
 * @param name "mini", "plus" or "blank".
 * @param draw Number of the draw: 1, 2, ...
 * @returns The name alone for the first draw, else with the draw's number.
 *
 * @example
 * ```ts
 * import { drawName } from "./points.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([drawName("mini", 1), drawName("mini", 3)], ["mini", "mini-3"]);
 * ```
 */
export function drawName(name: string, draw: number): string {
  return draw === 1 ? name : `${name}-${draw}`;
}
