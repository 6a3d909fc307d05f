/**
 * Several processes share a run, and are killed: `deno task test:join`.
 *
 * First four processes carry out two hundred parts that do nothing: what claims and looks cost. Then a small run of
 * `deno task tune` is carried out by one process, and the same by four `deno task tune --join`, each of which is killed by
 * SIGKILL, or suspended for a while, at random moments, and started again, run after run, until the time is over; whenever
 * one is through, its files must be those of the undisturbed run, times and hosts apart, and no claim may be left.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { RunError } from "../../src/errors.ts";
import { exists } from "../../src/run/files.ts";
import { Random } from "../../src/random.ts";
import { command, integer, main, needAdapter, number, type Terminal } from "../../tasks/lib/cli.ts";
import { differingFiles, killRun } from "../kills/kill_run.ts";
import { fakeFolder } from "../tune/fake_data.ts";
import { timelessFiles } from "../tune/timeless_files.ts";

const program = command("test:join", "Kill processes that share a run: it must end with the same bits.")
  .option("--seconds <n>", "how long processes are killed", integer(1), 120)
  .option("--processes <n>", "how many share a run", integer(1), 4)
  .option("--parts <n>", "parts that do nothing", integer(0), 200)
  .option("--seed <n>", "decides when", integer(0), 1)
  .option("--scale <x>", "size of the runs", number(0.001, 1), 0.01)
  .option("--methods <ids>", "what they tune with", "ew,cotbal,famo")
  .option("--tasks <names>", "what they tune on", "vqa,chart")
  .option(
    "--no-gpu",
    "runs by the tests' engine without a GPU, which learns next to nothing, in next to no time",
  );

const local = (path: string) => fromFileUrl(new URL(path, import.meta.url));

const RIGHTS = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-sys=hostname,osRelease,systemMemoryInfo",
];

/** Arguments of Deno for a run in a folder, which it may share. */
function runArgs(folder: string, out: string, shared: boolean): string[] {
  const { scale, methods, tasks, gpu } = program.opts();
  if (!gpu) {
    return ["run", ...RIGHTS, local("../kills/fake_run.ts"), folder, out, ...(shared ? ["--join"] : [])];
  }
  const place = [shared ? "--join" : "--out", join(folder, out)];
  return [
    "run",
    ...RIGHTS,
    "--allow-env=DENO_WEBGPU_BACKEND,XDG_RUNTIME_DIR",
    local("../../tasks/tune.ts"),
    ...["--scale", String(scale), "--methods", methods, "--tasks", tasks, "--epochs", "6", ...place],
  ];
}

/** Files of a run but for its page, which shows times, and for the place where it lies. */
async function filesOf(out: string): Promise<Map<string, string>> {
  const files = await timelessFiles(out);
  files.delete("report.html");
  return new Map([...files].map(([path, content]) => [path, content.replaceAll(out, "")]));
}

/** What parts that do nothing take. */
async function noOps(folder: string, terminal: Terminal): Promise<void> {
  const { parts, processes } = program.opts();
  if (parts === 0) return;
  const began = performance.now();
  const all = await Promise.all(Array.from({ length: processes }, async () => {
    const args = ["run", ...RIGHTS, local("no_op.ts"), folder, String(parts)];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    if (code !== 0) throw new RunError(new TextDecoder().decode(stderr));
    return Number(new TextDecoder().decode(stdout));
  }));
  const seconds = (performance.now() - began) / 1000;
  terminal.print(
    `${parts} parts that do nothing, ${processes} processes: ${seconds.toFixed(1)} s, ${
      all.join(" + ")
    } parts`,
  );
  if (all.reduce((sum, n) => sum + n, 0) !== parts) {
    throw new RunError("expected every part to be carried out once");
  }
  if (await exists(join(folder, "lock"))) throw new RunError("expected no claim to be left");
  if (seconds > 60) throw new RunError("expected less than 60 s");
}

interface Count {
  kills: number;
  stops: number;
}

/** One of those who share a run: killed and started again, until it is through. */
async function sharer(
  args: string[],
  random: Random,
  until: number,
  seconds: number,
  count: Count,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const child = new Deno.Command(Deno.execPath(), {
      args,
      stdout: "null",
      stderr: "piped",
      signal, // none outlives this process
    }).spawn();
    const text = new Response(child.stderr).text();
    let over = false;
    const ended = child.status.then((status) => {
      over = true;
      return status;
    });
    const pause = (ms: number) => Promise.race([ended, new Promise((resolve) => setTimeout(resolve, ms))]);
    const send = (signal: Deno.Signal) => {
      try {
        child.kill(signal);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // it has just ended
      }
    };
    if (performance.now() < until) {
      await pause(1000 * seconds * random.next());
      if (!over && random.next() < 1 / 3) {
        send("SIGSTOP");
        count.stops++;
        await new Promise((resolve) => setTimeout(resolve, 3000 * random.next()));
        send("SIGCONT");
        await pause(1000 * seconds * random.next());
      }
      if (!over) {
        send("SIGKILL");
        count.kills++;
      }
    }
    const { code, signal: by } = await ended;
    const said = await text;
    signal.throwIfAborted();
    if (by === "SIGKILL") continue;
    if (code !== 0) throw new RunError(`exit code ${code}: ${said}`);
    return;
  }
}

await main(program, async (terminal) => {
  const { seconds, processes, seed, gpu } = program.opts();
  if (gpu) await needAdapter();
  const folder = gpu ? await Deno.makeTempDir({ prefix: "join-" }) : await fakeFolder();
  try {
    await noOps(join(folder, "no-ops"), terminal);
    const out = join(folder, "whole");
    const whole = await killRun(Deno.execPath(), runArgs(folder, "whole", false), { after: Infinity });
    if (whole.code !== 0) throw new RunError(`exit code ${whole.code}: ${whole.said}`);
    terminal.print(`one process, undisturbed: ${whole.seconds.toFixed(1)} s`);
    const expected = await filesOf(out);
    const until = performance.now() + 1000 * seconds;
    const random = new Random(seed).fork("join");
    for (let runs = 1; performance.now() < until; runs++) {
      const name = `shared-${runs}`, shared = join(folder, name), count: Count = { kills: 0, stops: 0 };
      const began = performance.now();
      const stop = new AbortController();
      const signal = AbortSignal.any([terminal.signal, stop.signal]);
      const args = runArgs(folder, name, true);
      const all = Array.from({ length: processes }, async (_, i) => {
        try {
          await sharer(args, random.fork(`${runs} ${i}`), until, whole.seconds, count, signal);
        } catch (error) {
          stop.abort(error); // the others need not go on
        }
      });
      await Promise.all(all);
      signal.throwIfAborted();
      const differing = differingFiles(await filesOf(shared), expected);
      if (differing.length > 0) throw new RunError(`${shared}: other bits in ${differing.join(", ")}`);
      if (await exists(join(shared, "lock"))) throw new RunError(`${shared}: expected no claim to be left`);
      terminal.print(
        `run ${runs}, ${processes} processes: ${count.kills} kills, ${count.stops} suspensions, ${
          ((performance.now() - began) / 1000).toFixed(1)
        } s: the same bits in ${expected.size} files, no claim left`,
      );
      await Deno.remove(shared, { recursive: true });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
