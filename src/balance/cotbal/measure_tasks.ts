/**
 * A table of scores to contributions and difficulties.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { contributionIn, contributionOut, contributions } from "./contribution.ts";
import { checkLower, directedDifficulties, directionWarnings, turned } from "./direction.ts";
import type { BalanceTable } from "./table.ts";
import { showNumber, valueWarnings } from "./warnings.ts";

/** How to measure. Without options, everything is as in the paper. */
export interface MeasureOptions {
  /** Not in the paper: a score a task that counts as nothing learnt; see {@linkcode directedDifficulties}. */
  floor?: readonly number[];
  /** Not in the paper: own gains at or below this leave C undefined; see {@linkcode contributions}. */
  leastGain?: number | readonly number[];
  /** Not in the paper: tasks whose scores are better lower, beside those the table names; see {@linkcode directedDifficulties}. */
  lowerIsBetter?: readonly string[];
}

/** C and D of the tasks that are balanced, and what to know about them. */
export interface Measured {
  /** Row i, column j: C[i→j]; `null` on the diagonal and where undefined. */
  contribution: (number | null)[][];
  /** C_out (4). */
  contributionOut: (number | null)[];
  /** C_in (5). */
  contributionIn: (number | null)[];
  /** D (6), or the precise one (12). */
  difficulty: (number | null)[];
  /** One sentence for each value that is undefined or doubtful. */
  warnings: string[];
}

/**
 * Contributions and difficulties of the tasks that are balanced: equations (3) to (6) over a table of any form, (12)
 * in place of (6) where it holds models tuned on single tasks alone beside the probes.
 *
 * @param table The scores, or the values themselves.
 * @param balanced Indices of the tasks that are balanced; the others are left out.
 * @param options Floors and least gains.
 * @returns C and D, one a balanced task.
 * @throws {InputError} If an option cannot be used with the table.
 *
 * @example
 * ```ts
 * import { measureTasks } from "./measure_tasks.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const table = { tasks: ["vqa", "chart"], mini: [40, 20], plus: [[50, 26], [42, 50]] };
 * const { contributionOut, difficulty } = measureTasks(table, [0, 1], {});
 * assertEquals(contributionOut, [0.2, 0.2]);
 * assertEquals(difficulty[1], 0.6);
 * ```
 */
export function measureTasks(
  table: BalanceTable,
  balanced: readonly number[],
  options: MeasureOptions,
): Measured {
  const pick = <A>(list: readonly A[]) => balanced.map((i) => list[i]!);
  const names = pick(table.tasks);
  if ("contributionOut" in table) {
    if (options.floor !== undefined || options.leastGain !== undefined) {
      throw new InputError(
        "a floor and a least gain need a table of scores; found contributions and difficulties",
      );
    }
    lowerTasks(table, options);
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
  const down = lowerTasks(table, options);
  const lower = names.map((name) => down.includes(name));
  const own = pick(after).map(pick);
  const start = pick(before);
  const { matrix, undefinedInto } = contributions(
    turned(start, lower),
    own.map((row) => turned(row, lower)),
    perTask ? pick(leastGain) : leastGain ?? 0,
  );
  const large = own.map((row, i) => row[i]!);
  // The precise difficulty (12) has models of its own.
  const alone = "miniAlone" in table && "largeAlone" in table ? table : undefined;
  const mini = pick(alone?.miniAlone ?? table.mini);
  const most = alone?.largeAlone ? pick(alone.largeAlone) : large;
  const floors = floor && pick(floor);
  const vectors = {
    contributionOut: contributionOut(matrix),
    contributionIn: contributionIn(matrix),
    difficulty: directedDifficulties(mini, most, lower, floors),
  };
  const warnings = [
    ...directionWarnings(names, lower, floors !== undefined),
    ...undefinedInto.map((j) => {
      const gain = lower[j] ? start[j]! - large[j]! : large[j]! - start[j]!;
      const least = typeof leastGain === "number" ? leastGain : perTask ? pick(leastGain)[j]! : 0;
      const why = gain > Math.max(least, 0)
        ? "too small or too large to divide what others' data bring it by"
        : `not above ${showNumber(least)}`;
      return `${names[j]}: its own gain is ${showNumber(gain)} points, ${why}: ` +
        `the contributions into it are undefined and left out of the means.`;
    }),
    ...names.flatMap((name, i) => {
      const f = floors?.[i];
      return f !== undefined && (lower[i] ? mini[i]! > f : mini[i]! < f)
        ? [
          `${name}: V(mini) is ${showNumber(mini[i]!)}, ${lower[i] ? "above" : "below"} its floor ${
            showNumber(f)
          }, and counts as the floor.`,
        ]
        : [];
    }),
  ];
  return {
    contribution: matrix,
    ...vectors,
    warnings: [...warnings, ...valueWarnings(names, vectors, new Set(undefinedInto), lower)],
  };
}

/**
 * The tasks of a table whose scores are better lower: those it names itself and those of the options.
 *
 * @param table The table.
 * @param options Options; only `lowerIsBetter` is read.
 * @returns Their names, in the order of the table.
 * @throws {InputError} If a name is not in the table, or the table holds no scores.
 */
export function lowerTasks(
  table: BalanceTable,
  options: Pick<MeasureOptions, "lowerIsBetter">,
): string[] {
  const named = checkLower(options.lowerIsBetter ?? [], table.tasks, "lowerIsBetter");
  if (!("contributionOut" in table)) {
    const own = table.lowerIsBetter ?? [];
    return table.tasks.filter((task) => own.includes(task) || named.includes(task));
  }
  if (named.length === 0) return [];
  throw new InputError(
    `lowerIsBetter: expected a table of scores, found contributions and difficulties; they have their signs already`,
  );
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
