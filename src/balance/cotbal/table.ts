/**
 * Tables of validation scores: what task weights are made from.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { checkLower } from "./direction.ts";

/** The paper's probes: one model tuned on the minis, and one more a task. Scores: higher is better, or as `lowerIsBetter` says. */
export interface ProbeTable {
  /** Task names, in the order of all lists. */
  tasks: string[];
  /** V_j(mini): score on task j of the model tuned on the minis. */
  mini: number[];
  /** Row i, column j: V_j(i+mini), the score on task j of the model tuned on a large subset of i and the minis. */
  plus: number[][];
  /** For the precise difficulty (12): V_i of the model tuned on a mini subset of i alone. With `largeAlone`. */
  miniAlone?: number[];
  /** The same on the large subset of i alone. */
  largeAlone?: number[];
  /** A score a task that counts as nothing learnt (blank image, majority answer); see {@linkcode difficulties}. */
  floor?: number[];
  /** Names of the tasks whose scores are better lower (losses, error rates); see {@linkcode checkLower}. */
  lowerIsBetter?: string[];
}

/** The chat form of the paper (10-11): models tuned on one task alone, compared with the untuned model. */
export interface AloneTable {
  /** Task names, in the order of all lists. */
  tasks: string[];
  /** V_j(base): score on task j of the untuned model. */
  base: number[];
  /** Row i, column j: V_j(i), the score on task j of the model tuned on task i alone. */
  alone: number[][];
  /** V_i(mini_i): score on task i of the model tuned on a mini subset of i alone. */
  mini: number[];
  /** A score a task that counts as nothing learnt; see {@linkcode difficulties}. */
  floor?: number[];
  /** Names of the tasks whose scores are better lower (losses, error rates); see {@linkcode checkLower}. */
  lowerIsBetter?: string[];
}

/** Contributions and difficulties that were computed elsewhere; `null` where undefined. */
export interface VectorTable {
  /** Task names, in the order of all lists. */
  tasks: string[];
  /** C_out (4). */
  contributionOut: (number | null)[];
  /** C_in (5), with its own sign. */
  contributionIn: (number | null)[];
  /** D (6). */
  difficulty: (number | null)[];
}

/** Any table that task weights can be made from. */
export type BalanceTable = ProbeTable | AloneTable | VectorTable;

/**
 * Checks that a value is a table of one of the three forms, hole-free and of one size. Keys it does not know are
 * left out, so a run's validation.json and weights.json are tables, too.
 *
 * The form is told by its keys: `plus` (the paper's probes), `alone` (the chat form), `contributionOut` (vectors).
 *
 * @param value What was read.
 * @param where Where it was read from, for messages.
 * @returns The table, nothing but its own keys.
 * @throws {InputError} If a key is missing, a list is too short or too long, or a cell is not a finite number; the
 * message names row and column.
 *
 * @example
 * ```ts
 * import { checkTable } from "./table.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const table = { tasks: ["vqa", "chart"], mini: [40, 20], plus: [[60, 25], [45, null]] };
 * assertThrows(
 *   () => checkTable(table, "scores.json"),
 *   Error,
 *   "scores.json: plus, row 2 (chart), column 2 (chart): expected a finite number, found null",
 * );
 * ```
 */
export function checkTable(value: unknown, where: string): BalanceTable {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputError(`${where}: expected a table {tasks, mini, plus}, found ${show(value)}`);
  }
  const given = value as Record<string, unknown>;
  const tasks = checkTasks(given.tasks, where);
  const list = (key: string) => numbers(given[key], tasks, key, `${where}: ${key}`);
  const beside = {
    ...(given.floor === undefined || given.floor === null ? {} : { floor: list("floor") }),
    ...lowerOf(given, tasks, where),
  };
  if (given.plus !== undefined) {
    const precise = given.miniAlone === undefined && given.largeAlone === undefined
      ? {}
      : { miniAlone: list("miniAlone"), largeAlone: list("largeAlone") };
    const plus = matrix(given.plus, tasks, "plus", where);
    return { tasks, mini: list("mini"), plus, ...precise, ...beside };
  }
  if (given.alone !== undefined) {
    const alone = matrix(given.alone, tasks, "alone", where);
    return { tasks, base: list("base"), alone, mini: list("mini"), ...beside };
  }
  const vector = (key: string) => numbersOrNull(given[key], tasks, key, `${where}: ${key}`);
  if (given.contributionOut !== undefined) {
    return {
      tasks,
      contributionOut: vector("contributionOut"),
      contributionIn: vector("contributionIn"),
      difficulty: vector("difficulty"),
    };
  }
  throw new InputError(
    `${where}: expected the keys tasks, mini, plus (probe scores), or tasks, base, alone, mini (chat form), ` +
      `or tasks, contributionOut, contributionIn, difficulty; found ${Object.keys(given).join(", ")}`,
  );
}

/**
 * Averages the tables of several seeds, cell by cell. Single probes are noisy; the mean of a few seeds ranks the
 * tasks far more steadily. In vectors, a cell is the mean of the seeds that define it.
 *
 * @param tables One table a seed, all of one form and with the same tasks in the same order.
 * @returns One table.
 * @throws {InputError} If there is no table, or forms or tasks differ.
 *
 * @example
 * ```ts
 * import { averageTables } from "./table.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tasks = ["vqa", "chart"];
 * const mean = averageTables([
 *   { tasks, mini: [40, 20], plus: [[60, 25], [45, 50]] },
 *   { tasks, mini: [44, 10], plus: [[62, 15], [43, 40]] },
 * ]);
 * assertEquals(mean, { tasks, mini: [42, 15], plus: [[61, 20], [44, 45]] });
 * ```
 */
export function averageTables(tables: readonly BalanceTable[]): BalanceTable {
  const first = tables[0];
  if (first === undefined) throw new InputError("expected one table of scores or more, found none");
  const keys = Object.keys(first).sort().join(", ");
  tables.forEach((table, k) => {
    if (JSON.stringify(table.tasks) !== JSON.stringify(first.tasks)) {
      throw new InputError(
        `table ${k + 1}: expected the tasks of table 1 in their order (${first.tasks.join(", ")}), ` +
          `found ${table.tasks.join(", ")}`,
      );
    }
    const found = Object.keys(table).sort().join(", ");
    if (found !== keys) {
      throw new InputError(`table ${k + 1}: expected the keys of table 1 (${keys}), found ${found}`);
    }
    const lower = (of: BalanceTable) => "contributionOut" in of ? "" : of.lowerIsBetter?.join(", ") ?? "";
    if (lower(table) !== lower(first)) {
      throw new InputError(
        `table ${k + 1}: lower is better: expected the tasks of table 1 (${lower(first)}), found ${
          lower(table)
        }`,
      );
    }
  });
  if (tables.length === 1) return first;

  const tasks = [...first.tasks];
  if ("plus" in first) {
    const all = tables as readonly ProbeTable[];
    const rows = first.plus.map((_, i) => meanOf(all.map((t) => t.plus[i]!)));
    const precise = first.miniAlone === undefined ? {} : {
      miniAlone: meanOf(all.map((t) => t.miniAlone!)),
      largeAlone: meanOf(all.map((t) => t.largeAlone!)),
    };
    return { tasks, mini: meanOf(all.map((t) => t.mini)), plus: rows, ...precise, ...shared(all) };
  }
  if ("alone" in first) {
    const all = tables as readonly AloneTable[];
    const rows = first.alone.map((_, i) => meanOf(all.map((t) => t.alone[i]!)));
    const base = meanOf(all.map((t) => t.base));
    return { tasks, base, alone: rows, mini: meanOf(all.map((t) => t.mini)), ...shared(all) };
  }
  const all = tables as readonly VectorTable[];
  return {
    tasks,
    contributionOut: meanOfKnown(all.map((t) => t.contributionOut)),
    contributionIn: meanOfKnown(all.map((t) => t.contributionIn)),
    difficulty: meanOfKnown(all.map((t) => t.difficulty)),
  };
}

/** What both forms of scores may hold beside them. */
type Beside = Pick<ProbeTable, "floor" | "lowerIsBetter">;

function shared(tables: readonly Beside[]): Beside {
  const floors = tables.flatMap((t) => t.floor === undefined ? [] : [t.floor]);
  const lower = tables[0]?.lowerIsBetter;
  return {
    ...(floors.length > 0 && { floor: meanOf(floors) }),
    ...(lower !== undefined && { lowerIsBetter: [...lower] }),
  };
}

function lowerOf(given: Record<string, unknown>, tasks: string[], where: string): Beside {
  const names = given.lowerIsBetter;
  if (names === undefined || names === null) return {};
  if (!Array.isArray(names) || names.some((name) => typeof name !== "string")) {
    throw new InputError(`${where}: lowerIsBetter: expected a list of task names, found ${show(names)}`);
  }
  const lower = checkLower(names as string[], tasks, `${where}: lowerIsBetter`);
  return lower.length === 0 ? {} : { lowerIsBetter: lower };
}

function meanOf(rows: readonly (readonly number[])[]): number[] {
  return rows[0]!.map((_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length);
}

function meanOfKnown(rows: readonly (readonly (number | null)[])[]): (number | null)[] {
  return rows[0]!.map((_, j) => {
    const known = rows.map((row) => row[j]!).filter((x) => x !== null);
    return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
  });
}

function checkTasks(value: unknown, where: string): string[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new InputError(`${where}: tasks: expected a list of task names, found ${show(value)}`);
  }
  return value.map((name: unknown, i) => {
    if (typeof name !== "string" || name.trim() === "") {
      throw new InputError(`${where}: tasks, entry ${i + 1}: expected a task name, found ${show(name)}`);
    }
    if (value.indexOf(name) !== i) {
      throw new InputError(
        `${where}: tasks, entry ${i + 1}: expected every name once, found ${show(name)} again`,
      );
    }
    return name;
  });
}

function matrix(value: unknown, tasks: string[], key: string, where: string): number[][] {
  if (!Array.isArray(value)) {
    throw new InputError(`${where}: ${key}: expected ${tasks.length} rows, one a task, found ${show(value)}`);
  }
  if (value.length !== tasks.length) {
    throw new InputError(
      `${where}: ${key}: expected ${tasks.length} rows, one a task, found ${value.length}`,
    );
  }
  return value.map((row: unknown, i) =>
    numbers(row, tasks, key, `${where}: ${key}, row ${i + 1} (${tasks[i]})`)
  );
}

function numbers(value: unknown, tasks: string[], key: string, where: string): number[] {
  return cells(value, tasks, key, where).map((cell, j) => {
    if (typeof cell !== "number" || !Number.isFinite(cell)) {
      throw new InputError(
        `${where}, column ${j + 1} (${tasks[j]}): expected a finite number, found ${show(cell)}`,
      );
    }
    return cell;
  });
}

function numbersOrNull(value: unknown, tasks: string[], key: string, where: string): (number | null)[] {
  return cells(value, tasks, key, where).map((cell, j) => {
    if (cell === null || (typeof cell === "number" && Number.isFinite(cell))) return cell;
    throw new InputError(
      `${where}, column ${j + 1} (${tasks[j]}): expected a finite number or null, found ${show(cell)}`,
    );
  });
}

function cells(value: unknown, tasks: string[], key: string, where: string): unknown[] {
  if (value === undefined) {
    throw new InputError(`${where}: expected a list of scores named ${key}, found none`);
  }
  if (!Array.isArray(value)) {
    throw new InputError(`${where}: expected ${tasks.length} numbers, one a task, found ${show(value)}`);
  }
  if (value.length !== tasks.length) {
    throw new InputError(`${where}: expected ${tasks.length} numbers, one a task, found ${value.length}`);
  }
  return Array.from(value as unknown[]);
}

function show(value: unknown): string {
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
