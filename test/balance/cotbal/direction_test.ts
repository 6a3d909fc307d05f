import { assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { directedDifficulties } from "../../../src/balance/cotbal/direction.ts";
import { parseScoresCsv, parseScoresJson } from "../../../src/balance/cotbal/parse_scores.ts";
import { averageTables, type ProbeTable } from "../../../src/balance/cotbal/table.ts";
import { weightsFromScores } from "../../../src/balance/cotbal/weights_from_scores.ts";

const TASKS = ["vqa", "wer"];
const TABLE: ProbeTable = { tasks: TASKS, mini: [40, 20], plus: [[50, 18], [42, 10]] };
const LOWER = { ...TABLE, lowerIsBetter: ["wer"] };

Deno.test("a score that is better lower: gains count downwards, D is the share of the error taken away", () => {
  const report = weightsFromScores(LOWER);
  assertEquals(report.contribution, [[null, (20 - 18) / (20 - 10)], [(42 - 40) / (50 - 40), null]]);
  assertEquals(report.difficulty, [1 - 40 / 50, 1 - 10 / 20]);
  assertEquals(report.lowerIsBetter, ["wer"]);
  assertStringIncludes(
    report.warnings[0]!,
    "wer: lower is better, and the difficulty is 1 − V(i+mini)/V(mini)",
  );
  // Taken as better higher, the same numbers have no own gain.
  assertEquals(weightsFromScores(TABLE).contribution[0], [null, null]);
  assertEquals("lowerIsBetter" in weightsFromScores(TABLE), false);
});

Deno.test("directions: in the table, by option, or both, are the same", () => {
  assertEquals(weightsFromScores(TABLE, { lowerIsBetter: ["wer"] }), weightsFromScores(LOWER));
  assertEquals(weightsFromScores(LOWER, { lowerIsBetter: ["wer"] }), weightsFromScores(LOWER));
  const both = weightsFromScores(LOWER, { lowerIsBetter: ["vqa"] });
  assertEquals(both.lowerIsBetter, TASKS);
});

Deno.test("turning a column, with its floor turned too, changes nothing", () => {
  const mirror = (of: ProbeTable): ProbeTable => ({
    ...of,
    mini: of.mini.map((x, j) => j === 1 ? 100 - x : x),
    plus: of.plus.map((row) => row.map((x, j) => j === 1 ? 100 - x : x)),
    floor: [0, 0],
  });
  const up = weightsFromScores(mirror(TABLE));
  const down = weightsFromScores({ ...LOWER, floor: [0, 100] });
  for (const key of ["contributionOut", "contributionIn", "difficulty", "lambda"] as const) {
    up[key].forEach((value, i) => assertAlmostEquals(down[key][i]!, value!, 1e-12, `${key} ${i}`));
  }
  assertEquals(down.warnings, []); // the floors put both on one scale
});

Deno.test("D of an error: the unit does not matter, and it is undefined where there is none to begin with", () => {
  const lower = [true];
  assertEquals(directedDifficulties([20], [10], lower), directedDifficulties([0.2], [0.1], lower));
  assertEquals(directedDifficulties([3], [0], lower), [1]);
  assertEquals(directedDifficulties([3], [3], lower), [0]);
  assertEquals(directedDifficulties([2], [3], lower), [-0.5]);
  assertEquals(directedDifficulties([0], [0], lower), [null]);
  assertEquals(directedDifficulties([0], [3], lower), [null]);
  assertEquals(directedDifficulties([2], [3], lower, [3]), [null]); // not below its floor
  assertEquals(directedDifficulties([5], [1], lower, [3]), [1]); // above the floor counts as the floor
  assertThrows(() => directedDifficulties([1, 2], [1], lower), Error, "V(i+mini): expected 2 scores");
});

Deno.test("warnings of a score that is better lower speak of its direction", () => {
  const tasks = ["a", "b"];
  const report = weightsFromScores({
    tasks,
    mini: [0, 4],
    plus: [[1, 3], [0, 5]],
    lowerIsBetter: tasks,
  });
  assertStringIncludes(report.warnings.join("\n"), "a: its own gain is -1 points, not above 0");
  assertStringIncludes(
    report.warnings.join("\n"),
    "a: the difficulty is undefined, since the mini subset's score",
  );
  const floored = weightsFromScores({ ...LOWER, mini: [40, 120], floor: [0, 100] });
  assertStringIncludes(floored.warnings.join("\n"), "wer: V(mini) is 120, above its floor 100");
});

Deno.test("least gains of a score that is better lower are in its own units, above zero", () => {
  assertEquals(weightsFromScores(LOWER, { leastGain: [0, 9] }).contributionOut, [0.2, 0.2]);
  assertEquals(weightsFromScores(LOWER, { leastGain: [0, 10] }).contributionOut, [null, 0.2]);
});

Deno.test("the chat form has directions, too", () => {
  const report = weightsFromScores({
    tasks: TASKS,
    base: [30, 40],
    alone: [[50, 36], [32, 20]],
    mini: [40, 30],
    lowerIsBetter: ["wer"],
  });
  assertEquals(report.contributionOut, [4 / 20, 2 / 20]);
  assertEquals(report.difficulty, [1 - 40 / 50, 1 - 20 / 30]);
});

Deno.test("directions in files: a mark in a CSV's header, a key in JSON", () => {
  const csv = "model,vqa,wer:lower\nmini,40,20\nvqa+mini,50,18\nwer+mini,42,10\n";
  assertEquals(parseScoresCsv(csv, "s.csv"), LOWER);
  assertEquals(parseScoresJson(JSON.stringify(LOWER), "s.json"), [LOWER]);
  assertEquals(averageTables([LOWER, LOWER]), LOWER);
  // weights.json is a table: its values have their signs already.
  const again = parseScoresJson(JSON.stringify(weightsFromScores(LOWER)), "weights.json");
  assertEquals(weightsFromScores(again).lambda, weightsFromScores(LOWER).lambda);
});

Deno.test("directions that cannot be meant are refused", () => {
  const wrong: [run: () => unknown, message: string][] = [
    [
      () => weightsFromScores(TABLE, { lowerIsBetter: ["loss"] }),
      `lowerIsBetter: expected names of the table's tasks (vqa, wer), found "loss"`,
    ],
    [
      () => weightsFromScores(TABLE, { lowerIsBetter: ["wer", "wer"] }),
      "expected every name once, found wer again",
    ],
    [
      () => parseScoresJson(JSON.stringify({ ...TABLE, lowerIsBetter: "wer" }), "s.json"),
      's.json: lowerIsBetter: expected a list of task names, found "wer"',
    ],
    [
      () => parseScoresJson(JSON.stringify({ ...TABLE, lowerIsBetter: ["x"] }), "s.json"),
      "s.json: lowerIsBetter: expected names",
    ],
    [
      () => averageTables([LOWER, { ...LOWER, lowerIsBetter: ["vqa"] }]),
      "table 2: lower is better: expected the tasks of table 1 (wer), found vqa",
    ],
    [
      () => parseScoresCsv("m,a:lower\ncontributionOut,1\ncontributionIn,1\ndifficulty,1\n", "s.csv"),
      "s.csv: header: expected :lower behind tasks with scores alone",
    ],
    [
      () =>
        weightsFromScores(
          { tasks: ["a"], contributionOut: [1], contributionIn: [1], difficulty: [1] },
          { lowerIsBetter: ["a"] },
        ),
      "lowerIsBetter: expected a table of scores",
    ],
  ];
  for (const [run, message] of wrong) assertThrows(run, Error, message);
});
