import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { lines } from "../../tasks/lib/lines.ts";
import { DENO, needs } from "../house/permissions.ts";
import { withRuns } from "../watch/_run.ts";

const test = needs("read", "write", "run", "net");

const path = (name: string) => fromFileUrl(new URL(name, import.meta.url));

const PERMISSIONS = ["--allow-read", "--allow-net=127.0.0.1"];

/** The command as deno.json has it, without the shell. */
function watch(...words: string[]): Deno.Command {
  return new Deno.Command(DENO, {
    args: ["run", "--quiet", "--no-prompt", ...PERMISSIONS, path("../../tasks/watch.ts"), ...words],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function firstLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  for await (const line of lines(stream, new AbortController().signal)) return line;
  throw new Error("nothing was said");
}

/** Whether somebody answers. */
async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).body?.cancel();
    return true;
  } catch {
    return false;
  }
}

test("deno task watch shows a finished run until it is stopped", () =>
  withRuns(async ({ folder, run }) => {
    await run("run");
    const child = watch(join(folder, "run")).spawn();
    const url = await firstLine(child.stdout);
    const page = await (await fetch(url)).text();
    assertStringIncludes(page, "The run is finished, all 9 parts of it.");
    child.kill("SIGINT");
    const [{ code }, said] = await Promise.all([child.status, new Response(child.stderr).text()]);
    assertEquals(code, 0);
    assertStringIncludes(said, "ctrl-C ends the watcher, not the run");
    assert(!await answers(url));
  }));

test("deno task watch says what is wrong", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const refused = async (message: string, ...words: string[]) => {
      const { code, stdout, stderr } = await watch(...words).output();
      assertEquals([code, stdout.length], [2, 0]);
      assertStringIncludes(new TextDecoder().decode(stderr), message);
    };
    await refused("expected the folder of a run, found no such folder", join(folder, "missing"));
    await Deno.writeTextFile(join(folder, "picture.png"), "");
    await refused("expected the folder of a run, found 1 files in it, but no run.json", folder);
    await refused("expected the folder of a run, found a file", join(folder, "picture.png"));
    await refused("Expected an integer from 0 to 65535.", folder, "--port", "70000");
    await refused("missing required argument 'run'");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("the watcher of tune ends with the process that started it, however that ends", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const parent = new Deno.Command(DENO, {
      // As tune has it: the right to start this very executable, and none to use the net.
      args: [
        ...["run", "--quiet", "--no-prompt", "--allow-read", `--allow-run=${Deno.execPath()}`],
        ...[path("./_start_watcher.ts"), join(folder, "run")],
      ],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const said = lines(parent.stdout, new AbortController().signal);
    const next = async () => (await said.next()).value!;
    const url = await next();
    assertEquals(await next(), "the right to start it again: prompt");
    assertStringIncludes(await (await fetch(url)).text(), "No run has begun in this folder yet.");
    assertStringIncludes(await next(), `--watch: expected the watcher to start, found: --port `);
    parent.kill("SIGKILL");
    await Promise.all([parent.status, parent.stdin.close().catch(() => {}), said.return()]);
    const began = performance.now();
    while (await answers(url)) {
      assert(performance.now() - began < 60_000, "the watcher goes on");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
