import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { Random } from "../../src/random.ts";
import { DENO, needs } from "../house/permissions.ts";
import { fakeFolder } from "../tune/fake_data.ts";
import { timelessFiles } from "../tune/timeless_files.ts";
import { differingFiles, killRun } from "./kill_run.ts";

const test = needs("read", "write", "run");

const RUN = fromFileUrl(new URL("fake_run.ts", import.meta.url));

test("a run whose process is killed three times ends with the same bits (deno task test:kills kills it twenty times)", async () => {
  const folder = await fakeFolder();
  try {
    const args = ["run", "--no-prompt", "--allow-read", "--allow-write", RUN, folder];
    const whole = await killRun(DENO, [...args, "whole"], { after: Infinity });
    assertEquals(whole.code, 0, whole.said);
    const random = new Random("kills");
    let kills = 0;
    for (;;) {
      const after = kills < 3 ? whole.seconds * (0.4 + 0.5 * random.next()) : Infinity;
      const ended = await killRun(DENO, [...args, "killed", "--resume"], { after });
      if (ended.killed) kills++;
      else {
        assertEquals(ended.code, 0, ended.said);
        break;
      }
    }
    assert(kills > 0);
    const [found, expected] = [
      await timelessFiles(join(folder, "killed")),
      await timelessFiles(join(folder, "whole")),
    ];
    assertEquals(differingFiles(found, expected), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
