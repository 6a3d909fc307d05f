import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";
import { readJson, readJsonArray } from "../../../src/data/dataset/read_json.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read", "write");

function fileOf(text: string | Uint8Array<ArrayBuffer>): string {
  const path = Deno.makeTempFileSync({ suffix: ".json" });
  Deno.writeFileSync(path, typeof text === "string" ? new TextEncoder().encode(text) : text);
  return path;
}

const values = (text: string) => [...readJsonArray(fileOf(text))].map(({ value }) => value);

test("readJsonArray: what JSON.parse reads", () => {
  for (
    const text of [
      "[]",
      " [ ] \n",
      "[1]",
      '[1, "a,]", true, null, -2.5e3, "", [], {}, [[1], {"b": "}"}], "\\"", "\\\\"]',
      '[{"a": "]["}, {"a": "\\\\\\""}]',
      '\ufeff[{"é": "赤\\u00e9"}]',
    ]
  ) {
    assertEquals(values(text), JSON.parse(text.replace("\ufeff", "")), text);
  }
});

test("readJsonArray: random values, indented or not", () => {
  const random = new Random("json");
  const make = (depth: number): unknown => {
    const kind = random.int(depth > 3 ? 4 : 6);
    if (kind === 0) return random.int(1000) / 8;
    if (kind === 1) return random.pick([true, false, null]);
    if (kind < 4) {
      return Array.from(
        { length: random.int(9) },
        () => random.pick(["a", '"', "\\", "]", "}", ",", "\n", "é", "👍"]),
      ).join("");
    }
    if (kind === 4) return Array.from({ length: random.int(4) }, () => make(depth + 1));
    return Object.fromEntries(Array.from({ length: random.int(4) }, (_, i) => [`k"${i}]`, make(depth + 1)]));
  };
  for (let i = 0; i < 300; i++) {
    const list = Array.from({ length: random.int(6) }, () => make(0));
    assertEquals(values(JSON.stringify(list, null, random.int(3))), list);
  }
});

test("readJsonArray: elements across chunks of the file, and the lines they begin on", () => {
  const list = Array.from({ length: 3000 }, (_, i) => ({ id: i, text: "é赤👍".repeat(i % 300) }));
  const elements = [
    ...readJsonArray(fileOf("[\n" + list.map((value) => JSON.stringify(value)).join(",\n") + "\n]")),
  ];
  assertEquals(elements.map(({ value }) => value), list);
  assertEquals(elements.map(({ line }) => line), list.map((_, i) => i + 2));
});

test("readJsonArray: broken files name line and column", () => {
  const where = (text: string) =>
    assertThrows(() => values(text), InputError).message.replace(/^.*?\.json, /, "");
  const cases: [text: string, place: string][] = [
    ["", "line 1, column 0: expected a JSON array of samples, found the end of the file"],
    ['{"a": 1}', "line 1, column 1: expected a JSON array of samples"],
    ["[1, 2", "line 1, column 5: expected ] after the last sample"],
    ["[\n1,\n]", "line 3, column 1: expected a sample"],
    ["[1 2]", 'line 1, column 4: expected nothing more, found "2"'],
    ['[{"a": 1}\n{"b": 2}]', "line 2, column 1: expected a comma or ]"],
    ['[\n  {"a": 1,\n   "b" 2}\n]', 'line 3, column 8: expected a colon, found "2}"'],
    ['[\n  {"a": nope}\n]', "line 2, column 9: expected a value"],
    ['[{"a": "x}]', "line 1, column 8: expected a value"],
    ['[{"a": "x\ny"}]', "line 1, column 8: expected a value"],
    ['[{"a": "\\q"}]', "line 1, column 8: expected a value"],
    ['[{"a": [1, 2}]', 'line 1, column 13: expected a comma or ], found "}]"'],
    ['[{"a": 1,}]', 'line 1, column 10: expected a key, found "}"'],
    ["[{'a': 1}]", "line 1, column 3: expected a key or }"],
    ["[01]", "line 1, column 2: expected a value"],
    ['[{"a": [1, 2]', "line 1, column 14: expected a comma or }, found the end"],
    ["[] []", "line 1, column 4: expected nothing after the array"],
  ];
  for (const [text, place] of cases) assertEquals(where(text).slice(0, place.length), place, text);
  assertThrows(
    () => [...readJsonArray("nowhere.json")],
    InputError,
    "nowhere.json: expected a JSON file, found none",
  );
});

test("readJsonArray: another encoding than UTF-8 is said, with the line", () => {
  const latin = Uint8Array.from('[{"a": "Grosse"},\n{"a": "Größe"}]', (c) => c.charCodeAt(0));
  const path = fileOf(latin);
  assertThrows(
    () => [...readJsonArray(path)],
    InputError,
    `${path}, line 2: expected text in UTF-8, found bytes of another encoding`,
  );
});

test("readJson: contents, and errors with their place", async () => {
  assertEquals(await readJson(fileOf('\ufeff{"a": [1]}')), { a: [1] });
  await assertRejects(() => readJson(fileOf('{\n"a": ,\n}')), InputError, "line 2, column 6");
  await assertRejects(() => readJson("nowhere.json"), InputError, "found none");
});
