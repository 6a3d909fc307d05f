/**
 * Text to tables of scores: JSON and CSV.
 *
 * @module
 */

import { parse } from "@std/csv";
import { InputError } from "../../errors.ts";
import { type BalanceTable, checkTable } from "./table.ts";

/**
 * Reads tables of scores from JSON: one table, or a list of tables (one a seed).
 *
 * @param text The file's text.
 * @param file The file's name, for messages.
 * @returns One table or more.
 * @throws {InputError} If it is not JSON, or not a table of one of the forms of {@linkcode checkTable}.
 *
 * @example
 * ```ts
 * import { parseScoresJson } from "./parse_scores.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const text = `{"tasks": ["vqa", "chart"], "mini": [40, 20], "plus": [[60, 25], [45, 50]]}`;
 * assertEquals(parseScoresJson(text, "scores.json")[0]?.tasks, ["vqa", "chart"]);
 * ```
 */
export function parseScoresJson(text: string, file: string): BalanceTable[] {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(MARK, ""));
  } catch (cause) {
    const hint = /\bNaN\b|\bInfinity\b/.test(text)
      ? " (JSON has no NaN and no Infinity: every score must be a number)"
      : "";
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(`${file}: expected JSON, found a syntax error: ${reason}${hint}`, { cause });
  }
  if (!Array.isArray(value)) return [checkTable(value, file)];
  if (value.length === 0) {
    throw new InputError(`${file}: expected a table or a list of tables, found an empty list`);
  }
  return value.map((table: unknown, k) => checkTable(table, `${file}: table ${k + 1}`));
}

/** A byte order mark, which editors on Windows write in front. */
const MARK = /^\uFEFF/;

/** Names of rows that are no task's, by the form of the table. */
const VECTORS = ["contributionOut", "contributionIn", "difficulty"];
/** Behind a task's name in the header: lower is better. */
const LOWER = ":lower";
const RESERVED = new Set(["mini", "base", "floor", ...VECTORS]);

/**
 * Reads a table of scores from CSV. The header names the tasks; the first cell of every row says what it holds.
 *
 * | rows | form |
 * |---|---|
 * | `mini`, and one a task named `TASK+mini` | the paper's probes: V_j(mini), V_j(TASK+mini) |
 * | `base`, `mini`, and one a task named `TASK` | the chat form: V_j(base), V_i(mini_i), V_j(TASK) |
 * | `contributionOut`, `contributionIn`, `difficulty` | vectors; an empty cell is an undefined value |
 * | `floor` | beside either of the first two: the scores that count as nothing learnt |
 *
 * A task named `TASK:lower` in the header (and only there) has scores that are better lower.
 *
 * The rows may stand in any order. Blank lines and lines that start with `#` are left out. Cells are parted by commas, or by
 * semicolons or tabs if the header is; beside these numbers may be written with a comma, as many countries' tables are.
 *
 * @param text The file's text.
 * @param file The file's name, for messages.
 * @returns The table.
 * @throws {InputError} If a row is missing, unknown or there twice, or a cell is not a finite number.
 *
 * @example
 * ```ts
 * import { parseScoresCsv } from "./parse_scores.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "model,vqa,chart\nmini,40,20\nvqa+mini,60,25\nchart+mini,45,50\n";
 * assertEquals(parseScoresCsv(text, "scores.csv"), {
 *   tasks: ["vqa", "chart"],
 *   mini: [40, 20],
 *   plus: [[60, 25], [45, 50]],
 * });
 * ```
 */
export function parseScoresCsv(text: string, file: string): BalanceTable {
  const lines = readCells(text, file);
  const header = lines[0];
  if (header === undefined || header.cells.length < 2) {
    const only = header?.cells[0];
    throw new InputError(
      `${file}: expected a header (model, and the tasks' names), found ${
        only === undefined ? "none" : JSON.stringify(only)
      }`,
    );
  }
  const marked = header.cells.slice(1).map((cell) => cell.endsWith(LOWER));
  const tasks = header.cells.slice(1).map((cell, j) =>
    marked[j] ? cell.slice(0, -LOWER.length).trim() : cell
  );
  const reserved = tasks.find((name) => RESERVED.has(name));
  if (reserved !== undefined) {
    throw new InputError(
      `${file}: header: expected task names, found ${reserved}, which is the name of a row`,
    );
  }

  const rows = new Map<string, (number | null)[]>();
  for (const { line, cells } of lines.slice(1)) {
    const name = cells[0]!;
    const where = `${file}, line ${line} (${name})`;
    if (rows.has(name)) throw new InputError(`${where}: expected every row once, found ${name} again`);
    const task = name.replace(/\+mini$/, "");
    if (!RESERVED.has(name) && !tasks.includes(task)) {
      throw new InputError(
        `${where}: expected a row named mini, base, floor, ${VECTORS.join(", ")}, TASK or TASK+mini ` +
          `with a task of the header (${tasks.join(", ")}), found ${JSON.stringify(name)}`,
      );
    }
    if (cells.length !== tasks.length + 1) {
      throw new InputError(
        `${where}: expected ${tasks.length} scores, one a task, found ${cells.length - 1}`,
      );
    }
    rows.set(
      name,
      cells.slice(1).map((cell, j) => readNumber(cell, VECTORS.includes(name), where, j, tasks)),
    );
  }

  const need = (name: string) => {
    const row = rows.get(name);
    if (row !== undefined) return row;
    throw new InputError(
      `${file}: expected a row named ${name}, found ${[...rows.keys()].join(", ") || "no rows"}`,
    );
  };
  const lowerIsBetter = tasks.filter((_, j) => marked[j]);
  if (VECTORS.some((name) => rows.has(name))) {
    if (lowerIsBetter.length > 0) {
      throw new InputError(
        `${file}: header: expected ${LOWER} behind tasks with scores alone, found it beside contributions and ` +
          `difficulties, which have their signs already`,
      );
    }
    return checkTable({ tasks, ...Object.fromEntries(VECTORS.map((name) => [name, need(name)])) }, file);
  }
  const beside = {
    ...(rows.has("floor") && { floor: need("floor") }),
    ...(lowerIsBetter.length > 0 && { lowerIsBetter }),
  };
  const alone = tasks.some((task) => rows.has(task));
  return alone
    ? checkTable({ tasks, base: need("base"), alone: tasks.map(need), mini: need("mini"), ...beside }, file)
    : checkTable({ tasks, mini: need("mini"), plus: tasks.map((t) => need(`${t}+mini`)), ...beside }, file);
}

/** Rows with their line numbers; blank lines and comments left out, cells trimmed. */
function readCells(text: string, file: string): { line: number; cells: string[] }[] {
  const lines = text.replace(MARK, "").split(/\r?\n/);
  const said = (content: string) => content.trim() !== "" && !content.startsWith("#");
  const separator = separatorOf(lines.find(said) ?? "");
  return lines.flatMap((content, i) => {
    if (!said(content)) return [];
    try {
      const cells = parse(content, { separator })[0] ?? [];
      // With another separator a comma is a decimal point, in numbers alone.
      const plain = (cell: string) =>
        separator !== "," && /^[-+]?\d+,\d+$/.test(cell) ? cell.replace(",", ".") : cell;
      return [{ line: i + 1, cells: cells.map((cell) => plain(cell.trim())) }];
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new InputError(`${file}, line ${i + 1}: expected comma-separated cells: ${reason}`, { cause });
    }
  });
}

/** What parts the cells of a header: the first of semicolon and tab that is in it where no comma is. */
function separatorOf(header: string): string {
  return header.includes(",") ? "," : [";", "\t"].find((mark) => header.includes(mark)) ?? ",";
}

function readNumber(
  cell: string,
  mayBeEmpty: boolean,
  where: string,
  j: number,
  tasks: string[],
): number | null {
  if (cell === "" && mayBeEmpty) return null;
  const value = cell === "" ? NaN : Number(cell);
  if (Number.isFinite(value)) return value;
  throw new InputError(
    `${where}, column ${j + 2} (${tasks[j]}): expected a finite number, found ${
      cell === "" ? "nothing" : cell
    }`,
  );
}
