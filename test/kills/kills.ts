/**
 * Kills runs of the real model at random moments: `deno task test:kills`.
 *
 * A small run of `deno task tune` is carried out once undisturbed. Then the same run is killed by SIGKILL again and
 * again, from the drawing of its pictures to its report, and goes on with --resume; whenever it is through, its files must
 * be those of the undisturbed run, times apart, and the next one begins. Where a small disk can be mounted, the run is
 * carried out on one that is too small for it, too, which then is made larger.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { RunError } from "../../src/errors.ts";
import { Random } from "../../src/random.ts";
import { command, integer, main, number, type Terminal } from "../../tasks/lib/cli.ts";
import { timelessFiles } from "../tune/timeless_files.ts";
import { differingFiles, type Ended, killRun, type Moment } from "./kill_run.ts";

const program = command("test:kills", "Kill runs at random moments: they must go on to the same bits.")
  .option("--kills <n>", "how often", integer(1), 20)
  .option("--seed <n>", "decides when", integer(0), 1)
  .option("--scale <x>", "size of the runs", number(0.001, 1), 0.01)
  .option("--methods <ids>", "what they tune with", "ew,cotbal,famo")
  .option("--tasks <names>", "what they tune on", "vqa,chart")
  .option("--no-disk", "leave out the full disk");

const TASK = fromFileUrl(new URL("../../tasks/tune.ts", import.meta.url));

/** Arguments of Deno for a run in a folder. */
function runArgs(out: string, resume: boolean): string[] {
  const { scale, methods, tasks } = program.opts();
  return [
    "run",
    "--no-prompt",
    "--allow-read",
    "--allow-write",
    "--allow-env=DENO_WEBGPU_BACKEND,XDG_RUNTIME_DIR",
    "--allow-sys=osRelease,systemMemoryInfo",
    TASK,
    ...["--scale", String(scale), "--methods", methods, "--tasks", tasks, "--epochs", "6", "--out", out],
    ...(resume ? ["--resume"] : []),
  ];
}

/** Files of a run but for its page, which shows times, and for the place where it lies. */
async function filesOf(out: string): Promise<Map<string, string>> {
  const files = await timelessFiles(out);
  files.delete("report.html");
  return new Map([...files].map(([path, content]) => [path, content.replaceAll(out, "")]));
}

async function compare(out: string, expected: ReadonlyMap<string, string>): Promise<void> {
  const differing = differingFiles(await filesOf(out), expected);
  if (differing.length > 0) throw new RunError(`${out}: other bits in ${differing.join(", ")}`);
}

function checkEnded(ended: Ended): void {
  if (!ended.killed && ended.code !== 0) throw new RunError(`exit code ${ended.code}: ${ended.said}`);
}

const END: Moment = { after: Infinity };

/** A moment to kill at: a third while a process sets up, the others in whatever follows after a few parts. */
function moment(whole: Ended, random: Random): Moment {
  const parts = whole.said.match(/^\[\d+\/\d+\] /gm)!.length;
  if (random.next() < 1 / 3) return { after: 0.4 * whole.seconds * random.next() };
  return { parts: 1 + random.int(4), after: 2 * whole.seconds / parts * random.next() };
}

/** Kills runs, until there were enough kills and the last run is through. */
async function kill(folder: string, whole: Ended, expected: ReadonlyMap<string, string>, terminal: Terminal) {
  const { kills, seed } = program.opts();
  const random = new Random(seed).fork("kills");
  let killed = 0, runs = 0;
  while (killed < kills) {
    const out = join(folder, `killed-${++runs}`);
    for (let begun = false;; begun = true) {
      const ended = await killRun(
        Deno.execPath(),
        runArgs(out, begun),
        killed < kills ? moment(whole, random) : END,
      );
      checkEnded(ended);
      if (!ended.killed) break;
      terminal.print(`kill ${++killed}, run ${runs}, after ${ended.seconds.toFixed(1)} s: ${ended.last}`);
    }
    await compare(out, expected);
    terminal.print(`run ${runs}: the same bits in ${expected.size} files`);
    await Deno.remove(out, { recursive: true });
  }
}

async function mount(...args: string[]): Promise<boolean> {
  const { success } = await new Deno.Command("mount", { args, stdout: "null", stderr: "null" }).output();
  return success;
}

/** Lets a run fill a small disk, and go on once there is room. */
async function fillDisk(folder: string, expected: ReadonlyMap<string, string>, terminal: Terminal) {
  const disk = join(folder, "disk");
  await Deno.mkdir(disk);
  let kib = 64;
  if (!(await mount("-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", disk))) {
    return terminal.print("full disk: left out, as no disk may be mounted here");
  }
  try {
    const out = join(disk, "run");
    for (let stops = 0;; stops++) {
      const ended = await killRun(Deno.execPath(), runArgs(out, stops > 0), END);
      if (ended.code === 0) {
        if (stops < 3) throw new RunError(`full disk: expected several stops, found ${stops}`);
        break;
      }
      const message = ended.said.split("\n").find((line) => line.includes("no space left")) ?? "";
      if (!message.includes(disk) || !message.includes("--resume")) {
        throw new RunError(`full disk: ${ended.said}`);
      }
      terminal.print(`full disk of ${kib} KiB: ${message.replaceAll(disk, "")}`);
      kib = Math.ceil(1.7 * kib);
      await mount("-o", `remount,size=${kib}k`, disk);
    }
    await compare(out, expected);
    terminal.print(`full disk: the same bits in ${expected.size} files`);
  } finally {
    await new Deno.Command("umount", { args: [disk] }).output();
  }
}

await main(program, async (terminal) => {
  const folder = await Deno.makeTempDir({ prefix: "kills-" });
  try {
    const out = join(folder, "whole");
    const whole = await killRun(Deno.execPath(), runArgs(out, false), END);
    checkEnded(whole);
    terminal.print(`undisturbed: ${whole.seconds.toFixed(1)} s`);
    const expected = await filesOf(out);
    await kill(folder, whole, expected, terminal);
    if (program.opts().disk) await fillDisk(folder, expected, terminal);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}, { needed: true });
