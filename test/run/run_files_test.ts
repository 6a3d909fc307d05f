import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError, RunError } from "../../src/errors.ts";
import { type FileCheck, inspectRecord, readRecord, writeRecord } from "../../src/run/run_files.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

const value = { "2": "a", "1": [0.1 + 0.2, null, -0, 5e-324], "ü\ud800": { empty: {} } };

test("a record comes back as it was written, its check apart, and the check is its last field", () =>
  inFolder(async (folder) => {
    const run = { folder, runId: "r" };
    await writeRecord(run, "run.json", {});
    await writeRecord(run, "a/b.json", value, { files: { "c.bin": "12" } });
    assertEquals(await readRecord(run, "a/b.json"), JSON.parse(JSON.stringify(value)));
    const found = await inspectRecord(run, "a/b.json");
    assert(found !== undefined && found.fault === undefined);
    assertEquals(found.files, { "c.bin": "12" });
    const text = await Deno.readTextFile(join(folder, "a", "b.json"));
    const written: { check: FileCheck } = JSON.parse(text);
    assertEquals(Object.keys(written).at(-1), "check");
    assertEquals(Object.keys(written.check), ["format", "run", "file", "files", "sha256"]);
    assertEquals(await readRecord(run, "none.json"), undefined);

    // Laid out anew it is the same.
    await Deno.writeTextFile(join(folder, "a", "b.json"), JSON.stringify(JSON.parse(text)));
    assertEquals(await readRecord(run, "a/b.json"), JSON.parse(JSON.stringify(value)));
  }));

test("a record that is not whole, or of another run, place or version, is refused by name", () =>
  inFolder(async (folder) => {
    const run = { folder, runId: "r" };
    await writeRecord(run, "run.json", {});
    await writeRecord(run, "a.json", { x: 1 });
    const path = join(folder, "a.json"), text = await Deno.readTextFile(path);
    const cases: [content: string, found: RegExp][] = [
      [text.replace('"x": 1', '"x": 2'), /damaged or edited/],
      [text.replace('"x": 1', '"y": 1'), /damaged or edited/],
      [text.slice(0, -10), /no JSON/],
      ["", /no JSON/],
      ['{"x": 1}', /without a check/],
      ["[]", /without a check/],
      ["null", /without a check/],
      [text.replace('"format": 2', '"format": 3'), /check of another version/],
      [text.replace('"run": "r"', '"run": "other"'), /one of another run/],
      [text.replace('"file": "a.json"', '"file": "b.json"'), /what belongs to b\.json/],
    ];
    for (const [content, found] of cases) {
      await Deno.writeTextFile(path, content);
      const error = await assertRejects(() => readRecord(run, "a.json"), InputError);
      assert(found.test(error.message), `${content}: ${error.message}`);
      assert(error.message.startsWith(`${path}: expected a file as this run wrote it, found `));
      assert(error.message.includes("--resume"), error.message);
    }
  }));

test("a run's folder that has vanished is missed", () =>
  inFolder(async (folder) => {
    const out = join(folder, "run");
    const error = await assertRejects(() => writeRecord({ folder: out, runId: "r" }, "a.json", {}), RunError);
    assert(
      error.message.startsWith(join(out, "a.json")) && error.message.includes("vanished"),
      error.message,
    );
    await assertRejects(() => Deno.stat(out), Deno.errors.NotFound);
  }));
