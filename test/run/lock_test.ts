import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { LOCK_FILE, lockFolder } from "../../src/run/lock.ts";
import { exists } from "../../src/run/files.ts";
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

test("lockFolder: a folder is one process's at a time", () =>
  inFolder(async (folder) => {
    const run = join(folder, "deep", "run");
    const lock = await lockFolder(run);
    await assertRejects(() => lockFolder(run), InputError, `in use by process ${Deno.pid}`);
    assertEquals((await Deno.readTextFile(join(run, LOCK_FILE))).trim(), `${Deno.pid}`);
    await lock.release();
    assert(!(await exists(run)), "a folder in which nothing was written is gone");
  }));

test("lockFolder: what was written stays, and so does a folder that was there", () =>
  inFolder(async (folder) => {
    const run = join(folder, "run");
    const first = await lockFolder(run);
    await Deno.writeTextFile(join(run, "run.json"), "{}");
    await first.release();
    assertEquals([...Deno.readDirSync(run)].map(({ name }) => name), ["run.json"]);

    const empty = join(folder, "empty");
    await Deno.mkdir(empty);
    await (await lockFolder(empty)).release();
    assert(await exists(empty));
  }));

test("lockFolder: the file that a killed process left is taken over", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, LOCK_FILE), "1234567\n");
    const lock = await lockFolder(folder);
    assertEquals(await Deno.readTextFile(join(folder, LOCK_FILE)), `${Deno.pid}\n`);
    await lock.release();
    assert(!(await exists(join(folder, LOCK_FILE))));
  }));

test("lockFolder: a file is no folder", () =>
  inFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "mine");
    await assertRejects(() => lockFolder(file), InputError, `--out ${file}: expected a folder`);
    await assertRejects(() => lockFolder(join(file, "run")), InputError, "expected a folder");
    assertEquals(await Deno.readTextFile(file), "mine");
  }));
