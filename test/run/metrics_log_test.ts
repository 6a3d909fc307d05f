import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError, RunError } from "../../src/errors.ts";
import { readMetrics } from "../../src/run/metrics_file.ts";
import { openMetrics } from "../../src/run/metrics_log.ts";
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

test("a metrics file forgets the steps behind its mark, and lines cut by a kill", () =>
  inFolder(async (folder) => {
    const path = join(folder, "part", "metrics.jsonl");
    const first = (await openMetrics<{ step: number }>(path))!;
    await first.append([{ step: 1 }, { step: 2 }]);
    const mark = await first.mark();
    await first.append([{ step: 3 }]);
    await Deno.writeTextFile(path, '{"step":4,"lo', { append: true });
    assertEquals(await readMetrics(path), [{ step: 1 }, { step: 2 }, { step: 3 }]);

    const second = (await openMetrics<{ step: number }>(path, mark))!;
    assertEquals(second.lines, [{ step: 1 }, { step: 2 }]);
    await second.append([{ step: 3 }]);
    assertEquals(await readMetrics(path), [{ step: 1 }, { step: 2 }, { step: 3 }]);
    assertEquals(await second.mark(), { bytes: 33, sha256: (await first.mark()).sha256 });
    assertEquals(await readMetrics(join(folder, "none.jsonl")), []);

    const third = (await openMetrics(path))!;
    assertEquals(third.lines, []);
    assertEquals(await Deno.readTextFile(path), "");
  }));

test("what was learnt of a step after an interruption is a line of its own, and adds to the step's", () =>
  inFolder(async (folder) => {
    const path = join(folder, "metrics.jsonl");
    const log = (await openMetrics<{ step: number; loss: number; evaluation?: object }>(path))!;
    await log.append([{ step: 1, loss: 2 }, { step: 2, loss: 1 }]);
    await log.append([{ step: 2, loss: 1, evaluation: {} }, { step: 3, loss: 1 }]);
    const joined = [{ step: 1, loss: 2 }, { step: 2, loss: 1, evaluation: {} }, { step: 3, loss: 1 }];
    assertEquals(await readMetrics(path), joined);
    assertEquals((await openMetrics(path, await log.mark()))!.lines, joined);
  }));

test("lines that are not those of the mark are not believed", () =>
  inFolder(async (folder) => {
    const path = join(folder, "metrics.jsonl");
    const log = (await openMetrics(path))!;
    await log.append([{ step: 1, loss: 2 }, { step: 2, loss: 1 }]);
    const mark = await log.mark();
    const text = await Deno.readTextFile(path);
    for (const other of [text.replace('"loss":2', '"loss":3'), text.slice(0, 20), ""]) {
      await Deno.writeTextFile(path, other);
      assertEquals(await openMetrics(path, mark), undefined);
      assertEquals(await Deno.readTextFile(path), other);
    }
    await Deno.remove(path);
    assertEquals(await openMetrics(path, mark), undefined);
  }));

test("a metrics file that is gone with its folder is missed, not made anew", () =>
  inFolder(async (folder) => {
    const path = join(folder, "part", "metrics.jsonl");
    const log = (await openMetrics(path))!;
    await Deno.remove(folder, { recursive: true });
    const error = await assertRejects(() => log.append([{ step: 1 }]), RunError);
    assertEquals(
      error.message,
      `${path}: expected to write this file, found that the folder has vanished. Bring it back, and go on with --resume`,
    );
  }));

test("a line that is no JSON object is named", () =>
  inFolder(async (folder) => {
    const path = join(folder, "metrics.jsonl");
    for (const line of ["{", "null", "3"]) {
      await Deno.writeTextFile(path, `{"step":1}\n${line}\n`);
      const error = await assertRejects(() => readMetrics(path), InputError, "metrics.jsonl, line 2");
      assert(error.message.includes(JSON.stringify(line)));
    }
  }));
