import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { exists } from "../../src/run/files.ts";
import { Random } from "../../src/random.ts";
import { DENO, needs } from "../house/permissions.ts";
import { differingFiles, killRun } from "../kills/kill_run.ts";
import { fakeFolder } from "../tune/fake_data.ts";
import { timelessFiles } from "../tune/timeless_files.ts";

const test = needs("read", "write", "run");

const local = (path: string) => fromFileUrl(new URL(path, import.meta.url));

test("three processes that share a run and are killed end with the bits of one (deno task test:join does more)", async () => {
  const folder = await fakeFolder();
  try {
    const args = [
      "run",
      "--no-prompt",
      "--allow-read",
      "--allow-write",
      local("../kills/fake_run.ts"),
      folder,
    ];
    const whole = await killRun(DENO, [...args, "whole"], { after: Infinity });
    assertEquals(whole.code, 0, whole.said);
    const random = new Random("join");
    let kills = 0;
    await Promise.all(Array.from({ length: 3 }, async () => {
      for (let k = 0;; k++) {
        const after = k < 2 ? whole.seconds * (0.3 + 0.7 * random.next()) : Infinity;
        const ended = await killRun(DENO, [...args, "shared", "--join"], { after });
        if (ended.killed) kills++;
        else return assertEquals(ended.code, 0, ended.said);
      }
    }));
    assert(kills > 0);
    const [found, expected] = [
      await timelessFiles(join(folder, "shared")),
      await timelessFiles(join(folder, "whole")),
    ];
    assertEquals(differingFiles(found, expected), []);
    assertEquals(
      await Deno.readTextFile(join(folder, "shared", "weights.json")),
      await Deno.readTextFile(join(folder, "whole", "weights.json")),
    );
    assert(!(await exists(join(folder, "shared", "lock"))), "no claim is left");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("parts that do nothing are carried out once each, by two processes, in the order of their needs", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const run = () =>
      new Deno.Command(DENO, {
        args: ["run", "--no-prompt", "--allow-read", "--allow-write", local("no_op.ts"), folder, "40"],
      }).output();
    const counts = (await Promise.all([run(), run()])).map(({ stdout, stderr, code }) => {
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      return Number(new TextDecoder().decode(stdout));
    });
    assertEquals(counts[0]! + counts[1]!, 40);
    assert(!(await exists(join(folder, "lock"))));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
