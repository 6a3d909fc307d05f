import { assertEquals, assertThrows } from "@std/assert";
import { averageTables, type BalanceTable, checkTable } from "../../../src/balance/cotbal/table.ts";
import { InputError } from "../../../src/errors.ts";

const tasks = ["vqa", "chart"];
const probes = { tasks, mini: [40, 20], plus: [[60, 25], [45, 50]] };
const alone = { tasks, base: [30, 5], alone: [[60, 10], [35, 50]], mini: [40, 20] };
const vectors = { tasks, contributionOut: [0.1, null], contributionIn: [null, 0.2], difficulty: [0.5, 0.3] };

Deno.test("checkTable takes the three forms and leaves out other keys", () => {
  assertEquals(checkTable({ ...probes, seed: 1, base: [1, 2], questions: [100, 100] }, "x"), probes);
  assertEquals(checkTable({ ...alone, note: "chat" }, "x"), alone);
  assertEquals(checkTable({ ...vectors, lambda: [1, 1], temperature: 0.5 }, "x"), vectors);
  assertEquals(checkTable({ ...probes, floor: [3, 4] }, "x"), { ...probes, floor: [3, 4] });
});

const refused: [what: string, table: unknown, message: string][] = [
  ["no object", 3, "x: expected a table {tasks, mini, plus}, found 3"],
  ["null", null, "found null"],
  ["a list", [probes], "expected a table"],
  ["no tasks", { mini: [1] }, "x: tasks: expected a list of task names, found undefined"],
  ["an empty list of tasks", { ...probes, tasks: [] }, "x: tasks: expected a list of task names, found []"],
  [
    "a task that is no name",
    { ...probes, tasks: ["vqa", 7] },
    "x: tasks, entry 2: expected a task name, found 7",
  ],
  [
    "a nameless task",
    { ...probes, tasks: ["vqa", " "] },
    'x: tasks, entry 2: expected a task name, found " "',
  ],
  [
    "a task twice",
    { ...probes, tasks: ["vqa", "vqa"] },
    'x: tasks, entry 2: expected every name once, found "vqa"',
  ],
  ["no form", { tasks, scores: {} }, "x: expected the keys tasks, mini, plus"],
  ["no mini", { tasks, plus: probes.plus }, "x: mini: expected a list of scores named mini, found none"],
  ["a short mini", { ...probes, mini: [1] }, "x: mini: expected 2 numbers, one a task, found 1"],
  ["a long mini", { ...probes, mini: [1, 2, 3] }, "x: mini: expected 2 numbers, one a task, found 3"],
  [
    "a hole",
    { ...probes, mini: [1, null] },
    "x: mini, column 2 (chart): expected a finite number, found null",
  ],
  ["NaN", { ...probes, mini: [NaN, 1] }, "x: mini, column 1 (vqa): expected a finite number, found NaN"],
  [
    "infinity",
    { ...probes, mini: [1, Infinity] },
    "x: mini, column 2 (chart): expected a finite number, found Infinity",
  ],
  [
    "a string",
    { ...probes, mini: ["40", 20] },
    'x: mini, column 1 (vqa): expected a finite number, found "40"',
  ],
  ["plus that is no list", { ...probes, plus: 3 }, "x: plus: expected 2 rows, one a task, found 3"],
  ["a missing row", { ...probes, plus: [[1, 2]] }, "x: plus: expected 2 rows, one a task, found 1"],
  ["a row that is no list", { ...probes, plus: [[1, 2], 3] }, "x: plus, row 2 (chart): expected 2 numbers"],
  [
    "a short row",
    { ...probes, plus: [[1, 2], [3]] },
    "x: plus, row 2 (chart): expected 2 numbers, one a task, found 1",
  ],
  [
    "a hole in a row",
    { ...probes, plus: [[1, 2], [, 4]] },
    "x: plus, row 2 (chart), column 1 (vqa): expected a finite",
  ],
  [
    "a bad floor",
    { ...probes, floor: [1, "a"] },
    "x: floor, column 2 (chart): expected a finite number, found",
  ],
  [
    "chat without a base",
    { ...alone, base: undefined },
    "x: base: expected a list of scores named base, found none",
  ],
  ["a vector missing", { ...vectors, difficulty: undefined }, "x: difficulty: expected a list of scores"],
  [
    "NaN in a vector",
    { ...vectors, difficulty: [NaN, 1] },
    "x: difficulty, column 1 (vqa): expected a finite number or null",
  ],
];

for (const [what, table, message] of refused) {
  Deno.test(`checkTable refuses ${what}`, () => {
    assertThrows(() => checkTable(table, "x"), InputError, message);
  });
}

Deno.test("averageTables averages every cell over the seeds", () => {
  const other = { tasks, mini: [44, 10], plus: [[62, 15], [43, 40]] };
  assertEquals(averageTables([probes, other]), { tasks, mini: [42, 15], plus: [[61, 20], [44, 45]] });
  assertEquals(averageTables([alone, { ...alone, base: [34, 7], mini: [42, 30] }]), {
    tasks,
    base: [32, 6],
    alone: alone.alone,
    mini: [41, 25],
  });
  assertEquals(
    averageTables([{ ...probes, floor: [1, 2] }, { ...probes, floor: [3, 4] }]),
    { ...probes, floor: [2, 3] },
  );
});

Deno.test("averageTables averages vectors over the seeds that define them", () => {
  const other = { ...vectors, contributionOut: [0.3, 0.5], contributionIn: [null, 0.4] };
  assertEquals(averageTables([vectors, other]), {
    ...vectors,
    contributionOut: [0.2, 0.5],
    contributionIn: [null, (0.2 + 0.4) / 2],
  });
});

Deno.test("averageTables of one table is that table", () => {
  assertEquals(averageTables([probes]), probes);
});

Deno.test("averageTables refuses tables that do not belong together", () => {
  const turned: BalanceTable = { ...probes, tasks: ["chart", "vqa"] };
  assertThrows(() => averageTables([]), InputError, "expected one table of scores or more");
  assertThrows(
    () => averageTables([probes, turned]),
    InputError,
    "table 2: expected the tasks of table 1 in their order (vqa, chart), found chart, vqa",
  );
  assertThrows(() => averageTables([probes, vectors]), InputError, "table 2: expected the keys of table 1");
  assertThrows(
    () => averageTables([probes, { ...probes, floor: [0, 0] }]),
    InputError,
    "found floor, mini, plus, tasks",
  );
});
