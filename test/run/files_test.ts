import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import {
  exists,
  isEmptyFolder,
  partialName,
  readIfThere,
  readJson,
  removeIfThere,
  removePartial,
  removePartials,
  writeFolder,
  writeJson,
  writeWhole,
} from "../../src/run/files.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

test("writeWhole replaces a file and leaves nothing else", () =>
  inFolder(async (folder) => {
    const path = join(folder, "deep", "file.txt");
    await writeWhole(path, "one, and long");
    await writeWhole(path, "two");
    assertEquals(await Deno.readTextFile(path), "two");
    assertEquals([...Deno.readDirSync(join(folder, "deep"))].map(({ name }) => name), ["file.txt"]);
  }));

test("writeJson and readJson keep numbers bit by bit", () =>
  inFolder(async (folder) => {
    const path = join(folder, "numbers.json");
    const values = [0.1 + 0.2, 1 / 3, 5e-324, 1e308, null];
    await writeJson(path, values);
    assertEquals(await readJson(path), values);
    assertEquals(await readJson(join(folder, "none.json")), undefined);
    await Deno.writeTextFile(path, "{");
    await assertRejects(() => readJson(path), InputError, "numbers.json");
  }));

/** Fills a folder with files of one byte. */
function filled(files: Record<string, number>) {
  return async (write: (name: string, content: Uint8Array) => Promise<void>) => {
    for (const [name, byte] of Object.entries(files)) await write(name, Uint8Array.of(byte));
  };
}

test("writeFolder replaces a whole folder", () =>
  inFolder(async (folder) => {
    const path = join(folder, "checkpoint");
    await writeFolder(path, filled({ a: 1, b: 2 }));
    await writeFolder(path, filled({ c: 3 }));
    assertEquals([...Deno.readDirSync(path)].map(({ name }) => name), ["c"]);
    assertEquals(await readIfThere(join(path, "c")), Uint8Array.of(3));
    await assertRejects(
      () =>
        writeFolder(path, async (write) => {
          await write("d", Uint8Array.of(4));
          throw new Error("half way");
        }),
      Error,
      "half way",
    );
    assertEquals([...Deno.readDirSync(path)].map(({ name }) => name), ["c"], "what was there stays");
    assert(!(await exists(`${path}.part`)));
  }));

test("what killed processes left half written is taken away: of one name, or all of a folder", () =>
  inFolder(async (folder) => {
    const left = [partialName(join(folder, "state.bin")), `${join(folder, "eval.json")}.part`];
    const half = partialName(join(folder, "checkpoint"));
    for (const path of left) await Deno.writeTextFile(path, "half");
    await writeWhole(join(half, "config.json"), "{}");
    for (const whole of ["state.bin", "eval.json", "a.part.json"]) {
      await writeWhole(join(folder, whole), whole);
    }
    const names = () => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

    await removePartial(join(folder, "state.bin"));
    assertEquals(names().length, 5);
    await removePartials(folder);
    assertEquals(names(), ["a.part.json", "eval.json", "state.bin"]);
    await removePartials(join(folder, "not there"));
  }));

test("a file may come piece by piece", () =>
  inFolder(async (folder) => {
    const path = join(folder, "pieces");
    async function* pieces() {
      yield Uint8Array.of(1, 2);
      yield await Promise.resolve(Uint8Array.of(3));
    }
    await writeWhole(path, pieces());
    assertEquals(await Deno.readFile(path), Uint8Array.of(1, 2, 3));
  }));

test("a missing file is no error, an empty folder is empty", () =>
  inFolder(async (folder) => {
    assert(await isEmptyFolder(folder));
    assert(await isEmptyFolder(join(folder, "none")));
    await writeWhole(join(folder, "x"), "");
    assert(!(await isEmptyFolder(folder)));
    assert(await exists(join(folder, "x")));
    await removeIfThere(join(folder, "x"));
    await removeIfThere(join(folder, "x"));
    assert(!(await exists(join(folder, "x"))));
  }));
