import { assertEquals, assertThrows } from "@std/assert";
import { parseScoresCsv, parseScoresJson } from "../../../src/balance/cotbal/parse_scores.ts";
import { InputError } from "../../../src/errors.ts";

const tasks = ["vqa", "chart"];
const probes = { tasks, mini: [40, 20], plus: [[60, 25], [45, 50]] };

Deno.test("parseScoresJson reads one table or a list of them", () => {
  assertEquals(parseScoresJson(JSON.stringify(probes), "s.json"), [probes]);
  assertEquals(parseScoresJson(JSON.stringify([probes, probes]), "s.json"), [probes, probes]);
});

Deno.test("parseScoresJson names the file and the place of what is wrong", () => {
  assertThrows(
    () => parseScoresJson("{", "s.json"),
    InputError,
    "s.json: expected JSON, found a syntax error",
  );
  assertThrows(
    () => parseScoresJson('{"tasks": ["a"], "mini": [NaN], "plus": [[1]]}', "s.json"),
    InputError,
    "JSON has no NaN and no Infinity",
  );
  assertThrows(
    () => parseScoresJson("[]", "s.json"),
    InputError,
    "s.json: expected a table or a list of tables",
  );
  assertThrows(
    () => parseScoresJson(JSON.stringify([probes, { ...probes, mini: [1] }]), "s.json"),
    InputError,
    "s.json: table 2: mini: expected 2 numbers",
  );
  // A number that JSON can write but a double cannot hold.
  assertThrows(
    () => parseScoresJson('{"tasks": ["a"], "mini": [1e999], "plus": [[1]]}', "s.json"),
    InputError,
    "s.json: mini, column 1 (a): expected a finite number, found Infinity",
  );
});

Deno.test("parseScoresCsv reads the paper's probes, rows in any order", () => {
  const text = "model,vqa,chart\nchart+mini,45,50\nmini,40,20\nvqa+mini,60,25\n";
  assertEquals(parseScoresCsv(text, "s.csv"), probes);
});

Deno.test("parseScoresCsv reads the chat form and vectors", () => {
  assertEquals(parseScoresCsv("model,a,b\nbase,1,2\nmini,3,4\na,5,6\nb,7,8\nfloor,0,1\n", "s.csv"), {
    tasks: ["a", "b"],
    base: [1, 2],
    alone: [[5, 6], [7, 8]],
    mini: [3, 4],
    floor: [0, 1],
  });
  assertEquals(
    parseScoresCsv("value,a,b\ncontributionOut,0.1,\ncontributionIn,,-2e-1\ndifficulty,1,0.5\n", "s.csv"),
    { tasks: ["a", "b"], contributionOut: [0.1, null], contributionIn: [null, -0.2], difficulty: [1, 0.5] },
  );
});

Deno.test("parseScoresCsv takes what spreadsheets write", () => {
  const text =
    '\uFEFFmodel , vqa,"chart"\r\n# a comment\r\n\r\nmini, 40 ,20\r\n"vqa+mini",60,25\r\nchart+mini,45,50';
  assertEquals(parseScoresCsv(text, "s.csv"), probes);
  const quoted = 'model,"a, b",c\nmini,1,2\n"a, b+mini",3,4\nc+mini,5,6\n';
  assertEquals(parseScoresCsv(quoted, "s.csv").tasks, ["a, b", "c"]);
});

Deno.test("parseScoresCsv and parseScoresJson read what tables of other countries and editors write", () => {
  const lines = [["model", "vqa", "chart"], ["mini", "40,5", "20"], ["vqa+mini", "60", "25,25"], [
    "chart+mini",
    "45",
    "50",
  ]];
  const expected = { tasks, mini: [40.5, 20], plus: [[60, 25.25], [45, 50]] };
  for (const mark of [";", "\t"]) {
    const text = `\uFEFF# a comment, with a comma\r\n${
      lines.map((cells) => cells.join(mark)).join("\r\n")
    }\r\n`;
    assertEquals(parseScoresCsv(text, "s.csv"), expected);
  }
  assertEquals(parseScoresJson(`\uFEFF${JSON.stringify(probes)}`, "s.json"), [probes]);
});

const header = "model,vqa,chart\n";
const refused: [what: string, text: string, message: string][] = [
  ["an empty file", "", "s.csv: expected a header (model, and the tasks' names), found none"],
  ["a header without tasks", "model\n", "s.csv: expected a header"],
  [
    "a number with a comma too many",
    "model;vqa;chart\nmini;1,000,0;2\n",
    "expected a finite number, found 1,000,0",
  ],
  ["a nameless task", "model,vqa,\nmini,1,2\n", "s.csv: expected a row named vqa+mini"],
  ["a task named like a row", "model,vqa,mini\n", "s.csv: header: expected task names, found mini"],
  ["no rows", header, "s.csv: expected a row named mini, found no rows"],
  [
    "a missing row",
    `${header}mini,1,2\nvqa+mini,3,4\n`,
    "s.csv: expected a row named chart+mini, found mini, vqa+mini",
  ],
  [
    "an unknown row",
    `${header}mini,1,2\nvaq+mini,3,4\n`,
    "s.csv, line 3 (vaq+mini): expected a row named mini, base",
  ],
  [
    "a mark it does not know",
    "model,vqa:higher\nmini,1\nvqa+mini,2\n",
    'with a task of the header (vqa:higher), found "vqa+mini"',
  ],
  [
    "a row twice",
    `${header}mini,1,2\nmini,3,4\n`,
    "s.csv, line 3 (mini): expected every row once, found mini again",
  ],
  ["a short row", `${header}mini,1\n`, "s.csv, line 2 (mini): expected 2 scores, one a task, found 1"],
  ["a long row", `${header}mini,1,2,3\n`, "s.csv, line 2 (mini): expected 2 scores, one a task, found 3"],
  [
    "a hole",
    `${header}mini,1,\n`,
    "s.csv, line 2 (mini), column 3 (chart): expected a finite number, found nothing",
  ],
  [
    "NaN",
    `${header}mini,NaN,2\n`,
    "s.csv, line 2 (mini), column 2 (vqa): expected a finite number, found NaN",
  ],
  [
    "a word",
    `${header}\nmini,1,high\n`,
    "s.csv, line 3 (mini), column 3 (chart): expected a finite number, found high",
  ],
  ["a decimal comma", `${header}mini,1,"2,5"\n`, "expected a finite number, found 2,5"],
  ["a hole in the floor", `${header}mini,1,2\nfloor,,1\n`, "s.csv, line 3 (floor), column 2 (vqa)"],
  ["an open quote", `${header}mini,"1,2\n`, "s.csv, line 2: expected comma-separated cells"],
];

for (const [what, text, message] of refused) {
  Deno.test(`parseScoresCsv refuses ${what}`, () => {
    assertThrows(() => parseScoresCsv(text, "s.csv"), InputError, message);
  });
}
