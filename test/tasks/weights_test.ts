import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import paper from "../../data/paper/weights-academic-7b.json" with { type: "json" };
import { DENO, needs } from "../house/permissions.ts";

const root = new URL("../..", import.meta.url);
const test = needs("run", "read", "write");

/** Runs `deno task weights` as deno.json does, without the shell. */
async function weights(...args: string[]) {
  const flags = [
    "--quiet",
    "--allow-read",
    "--allow-write",
    "--allow-env=DENO_WEBGPU_BACKEND,XDG_RUNTIME_DIR",
  ];
  const { code, stdout, stderr } = await new Deno.Command(DENO, {
    args: ["run", ...flags, "tasks/weights.ts", ...args],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** A file that is gone after the test. */
async function withFile(name: string, text: string, use: (path: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/${name}`, text);
    await use(`${folder}/${name}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

test("weights --json gives the paper's weights and nothing else on stdout", async () => {
  const { code, out, err } = await weights("data/paper/weights-academic-7b.json", "--json");
  assertEquals([code, err], [0, ""]);
  const report = JSON.parse(out);
  const digits = (values: number[]) => values.map((x) => x.toFixed(4));
  assertEquals(digits(report.lambda), digits(paper.expected.lambda));
  assertEquals(report.warnings, []);
});

test("weights shows contributions, difficulty and weights as a table", async () => {
  const { code, out, err } = await weights("data/examples/scores.csv");
  assertEquals([code, err], [0, ""]);
  const row = out.split("\n").find((line) => line.startsWith("reading"))!;
  assertEquals(row.trim().split(/\s+/), [
    "reading",
    "0.0335",
    "0.0512",
    "0.7910",
    "0.8409",
    "1.1340",
    "1.8812",
    "1.4343",
  ]);
  assertStringIncludes(out, "Contribution of the row's task to the column's:");
});

test("weights takes several files as seeds and shows their spread", async () => {
  const { code, out } = await weights("data/examples/scores.csv", "data/examples/scores.json");
  assertEquals(code, 0);
  assertStringIncludes(out, "Spread over 2 seeds");
  assertStringIncludes(out, "Mean rank correlation of λ between two seeds: 1.00");
});

test("weights hands its flags on", async () => {
  const { code, out } = await weights(
    ...["data/examples/scores.json", "--json", "--temperature", "auto", "--alpha", "1/3,1/3,1/3"],
    ...["--fixed", "chat=1", "--floor", "0,0,29,37,13,0,1", "--least-gain", "9"],
  );
  assertEquals(code, 0);
  const report = JSON.parse(out);
  assertEquals(report.tasks.at(-1), "chat");
  assertEquals(report.lambda.at(-1), 1);
  assertEquals(report.alpha.out, 1 / 3);
  assert(report.temperature !== 0.5);
  assertEquals(report.contributionIn[3], null); // gqa gains 7.5 points
  assertEquals(report.difficulty[2], 1 - 15 / 26.5);
});

test("weights takes scores that are better lower, and says so in text and JSON", async () => {
  const marked = await weights("data/examples/losses.csv");
  assertEquals([marked.code, marked.err], [0, ""]);
  const row = marked.out.split("\n").find((line) => line.startsWith("speech"))!;
  assertEquals(row.trim().split(/\s+/)[3], (1 - 12.4 / 31).toFixed(4));
  assertStringIncludes(
    marked.out,
    "Lower is better: speech, text. There a gain is a fall of the score, and D = 1 −",
  );
  const json = JSON.parse((await weights("data/examples/losses.csv", "--json")).out);
  assertEquals(json.lowerIsBetter, ["speech", "text"]);

  const plain = (await Deno.readTextFile(new URL("data/examples/losses.csv", root))).replaceAll(":lower", "");
  await withFile("s.csv", plain, async (path) => {
    const { out } = await weights(path, "--lower-is-better", "text,speech", "--json");
    assertEquals(JSON.parse(out), json);
  });
  const floors = await weights("data/examples/losses.csv", "--floor", "0,100,4.5");
  assertStringIncludes(floors.out, "D = 1 − (f − V(mini))/(f − V(i+mini)), f the floor.");
});

test("weights --html writes a page whole, beside what it prints", async () => {
  await withFile("s.csv", "model,a,b\nmini,10,20\na+mini,15,25\nb+mini,12,40\n", async (path) => {
    const page = `${path}.pages/page.html`;
    const { code, out, err } = await weights(path, path, "--html", page, "--json");
    assertEquals([code, err.trim()], [0, `page: ${page}`]);
    assertEquals(JSON.parse(out).tasks, ["a", "b"]);
    const text = await Deno.readTextFile(page);
    assertStringIncludes(text, "b weighs most");
    assertStringIncludes(text, "Seed by seed");
    assert(text.trimEnd().endsWith("</html>"));
    assertEquals([...Deno.readDirSync(`${path}.pages`)].length, 1);

    // Where it cannot be written: nothing on stdout, nothing left behind.
    const folder = path.slice(0, path.lastIndexOf("/"));
    const failed = await weights(path, "--html", `${path}.pages`);
    assertEquals([failed.code, failed.out], [2, ""]);
    assertStringIncludes(failed.err, "expected a file that can be written");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["s.csv", "s.csv.pages"]);
    // Bad scores: no page.
    const bad = await weights(path, "--html", `${path}.html`, "--floor", "1");
    assertEquals(bad.code, 2);
    assertEquals([...Deno.readDirSync(folder)].length, 2);
  });
});

test("weights prints its warnings", async () => {
  await withFile("s.csv", "model,a,b\nmini,10,20\na+mini,9,25\nb+mini,12,40\n", async (path) => {
    const { code, out } = await weights(path);
    assertEquals(code, 0);
    assertStringIncludes(out, "Warnings:\n  a: its own gain is -1 points, not above 0");
  });
});

test("weights says where a table is wrong, and leaves with 2", async () => {
  const wrong: [name: string, text: string, message: string][] = [
    [
      "s.csv",
      "model,a,b\nmini,10,\n",
      "s.csv, line 2 (mini), column 3 (b): expected a finite number, found nothing",
    ],
    [
      "s.json",
      '{"tasks":["a","b"],"mini":[1,2],"plus":[[1,2],[1,null]]}',
      "s.json: plus, row 2 (b), column 2 (b)",
    ],
    ["s.json", '{"tasks":["a"],"mini":[NaN],"plus":[[1]]}', "JSON has no NaN"],
    [
      "s.json",
      '{"tasks":["a"],"mini":[1],"plus":[[1]],"lowerIsBetter":["b"]}',
      's.json: lowerIsBetter: expected names of the table\'s tasks (a), found "b"',
    ],
    [
      "s.csv",
      "model,a:lower\nmini,1\na:lower+mini,1\n",
      "s.csv, line 3 (a:lower+mini): expected a row named",
    ],
  ];
  for (const [name, text, message] of wrong) {
    await withFile(name, text, async (path) => {
      const { code, out, err } = await weights(path);
      assertEquals([code, out], [2, ""]);
      assertStringIncludes(err, message);
    });
  }
});

test("weights leaves with 2 on wrong usage", async () => {
  const wrong: [args: string[], message: string][] = [
    [[], "missing required argument 'files'"],
    [["nowhere.json"], "nowhere.json: expected a file, found none"],
    [["data"], "data: expected a readable text file"],
    [["data/examples/scores.json", "--alpha", "1,1,1"], "Expected three shares of 0 or more that sum to 1"],
    [["data/examples/scores.json", "--temperature", "-1"], "Expected a number above 0, or auto."],
    [["data/examples/scores.json", "--floor", "1,x"], "Expected numbers separated by commas."],
    [["data/examples/scores.json", "--floor", "1"], "floor: expected 7 scores, one a task, found 1"],
    [["data/examples/scores.json", "--fixed", "vqa"], "Expected task=weight"],
    [
      ["data/examples/scores.json", "--lower-is-better", "loss"],
      "lowerIsBetter: expected names of the table's tasks (caption,",
    ],
    [["data/examples/scores.json", "--lower-is-better", ","], "Expected one or more names"],
    [
      ["data/paper/weights-chat-7b.json", "--lower-is-better", "detail"],
      "expected a table of scores, found contributions and difficulties",
    ],
    [
      ["data/examples/scores.json", "data/paper/weights-chat-7b.json"],
      "table 2: expected the tasks of table 1",
    ],
  ];
  for (const [args, message] of wrong) {
    const { code, out, err } = await weights(...args);
    assertEquals([code, out], [2, ""], args.join(" "));
    assertStringIncludes(err, message);
  }
});

test("weights --help explains the tables", async () => {
  const { code, out } = await weights("--help");
  assertEquals(code, 0);
  for (
    const part of ["caption+mini,76.8,47.0", "contributionOut", "validation.json", "loss:lower", "Exit codes"]
  ) {
    assertStringIncludes(out, part);
  }
});
