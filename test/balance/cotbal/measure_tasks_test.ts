import { assertEquals, assertThrows } from "@std/assert";
import { measureTasks } from "../../../src/balance/cotbal/measure_tasks.ts";
import { averageTables, checkTable } from "../../../src/balance/cotbal/table.ts";
import { InputError } from "../../../src/errors.ts";

const probes = { tasks: ["a", "b"], mini: [40, 20], plus: [[50, 26], [42, 50]] };
const precise = { ...probes, miniAlone: [30, 10], largeAlone: [60, 40] };

Deno.test("the precise difficulty (12) takes the models of single tasks, contributions the probes", () => {
  const [plain, exact] = [probes, precise].map((table) => measureTasks(table, [0, 1], {}));
  assertEquals(exact!.contribution, plain!.contribution);
  assertEquals(exact!.difficulty, [0.5, 0.75]);
  assertEquals(measureTasks(precise, [1], {}).difficulty, [0.75]);
});

Deno.test("the scores of the precise difficulty are checked and averaged like all others", () => {
  assertEquals(checkTable({ ...precise, seed: 1, base: [0, 0] }, "x"), precise);
  assertThrows(() => checkTable({ ...probes, miniAlone: [1, 2] }, "x"), InputError, "named largeAlone");
  assertThrows(
    () => checkTable({ ...precise, miniAlone: [1, null] }, "x"),
    InputError,
    "miniAlone, column 2 (b)",
  );
  const other = { ...precise, miniAlone: [50, 30], largeAlone: [80, 60] };
  assertEquals(averageTables([precise, other]), { ...precise, miniAlone: [40, 20], largeAlone: [70, 50] });
  assertThrows(() => averageTables([precise, probes]), InputError, "expected the keys of table 1");
});
