/**
 * Submits runs to a Slurm cluster of this machine's own: `deno task test:slurm`.
 *
 * A small run of `deno task tune` is carried out in one process. Then the same run is submitted again and again: left
 * alone; a job of it cancelled; the process of a part killed; all that runs queued again. Whatever is left is submitted
 * once more, and each run must end with the files of the first, times apart.
 *
 * @module
 */

import { dirname, fromFileUrl, join } from "@std/path";
import { RunError } from "../../src/errors.ts";
import { Random } from "../../src/random.ts";
import { JOBS_FOLDER } from "../../src/run/folders.ts";
import { command, integer, list, main, number, type Terminal } from "../../tasks/lib/cli.ts";
import { differingFiles } from "../kills/kill_run.ts";
import { timelessFiles } from "../tune/timeless_files.ts";
import { type Cluster, haveSlurm, output, startCluster } from "./cluster.ts";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

const program = command(
  "test:slurm",
  "Submit runs to a Slurm cluster of this machine's own: the same bits, whatever happens.",
)
  .option("--seed <n>", "decides which jobs are cancelled and killed", integer(0), 1)
  .option("--scale <x>", "size of the runs", number(0.001, 1), 0.01)
  .option("--methods <ids>", "what they tune with", "ew,cotbal")
  .option("--tasks <names>", "what they tune on", "vqa,chart")
  .option(
    "--epochs <n>",
    "passes over the data: the longer, the surer a job is hit while it works",
    integer(1),
    6,
  )
  .option("--cases <numbers>", "some of what may happen, by number: 1 nothing, 2 a job cancelled, …", list)
  .option("--alone <run>", "a run with these options that one process carried out, in place of one made anew")
  .option("--keep", "leave the runs and the cluster's logs where they are");

/** A run's folder, and what happens to it. */
interface Case {
  name: string;
  /** Arguments of submit beyond the run's. */
  args: readonly string[];
  /** What happens once some parts are at work; undefined: nothing. */
  happens?: (run: string, cluster: Cluster, random: Random) => Promise<string>;
  /** Whether what happened ends jobs for good, so that another submit must finish the run. */
  breaks: boolean;
}

const CASES: readonly Case[] = [
  { name: "left alone", args: [], breaks: false },
  { name: "a job cancelled", args: [], happens: cancelOne, breaks: true },
  { name: "a part killed", args: [], happens: killOne, breaks: true },
  { name: "a part killed, with --requeue", args: ["--requeue", "3"], happens: killOne, breaks: false },
  { name: "all queued again", args: [], happens: requeueAll, breaks: false },
];

function tuneArgs(): string[] {
  const { scale, methods, tasks, epochs } = program.opts();
  return [
    "--scale",
    String(scale),
    "--methods",
    methods,
    "--tasks",
    tasks,
    "--epochs",
    String(epochs),
    "--seeds",
    "1",
  ];
}

async function deno(args: readonly string[], conf?: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: ROOT,
    env: conf === undefined ? {} : { SLURM_CONF: conf },
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stdout);
  if (code === 0) return said;
  throw new RunError(
    `deno task ${args.join(" ")} ended with code ${code}: ${said}${new TextDecoder().decode(stderr)}`,
  );
}

/** Files of a run but for its page, which shows times, for its jobs, and for the place where it lies. */
async function filesOf(run: string): Promise<Map<string, string>> {
  const files = await timelessFiles(run);
  // A run that was moved since still says where its pictures were drawn.
  const { dataset } = JSON.parse(files.get("run.json")!) as { dataset: { path: string } };
  const own = [...files].filter(([path]) => path !== "report.html" && !path.startsWith(`${JOBS_FOLDER}/`));
  return new Map(own.map(([path, content]) => [path, content.replaceAll(dirname(dataset.path), "")]));
}

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

/** What of the run's is in the queue: a job a line, in columns. */
async function queue(cluster: Cluster): Promise<string[][]> {
  const { stdout } = await output("squeue", ["--noheader", "--array", "--format=%i|%T|%j|%r"], cluster.conf);
  return stdout.split("\n").filter(Boolean).map((line) => line.split("|"));
}

/** Waits until parts are at work; gives their jobs. */
async function working(run: string, cluster: Cluster): Promise<string[]> {
  for (;;) {
    const jobs = await queue(cluster);
    if (jobs.length === 0) throw new RunError(`${run}: expected jobs at work, found that all are over`);
    const arrays = jobs.filter(([id, state]) => id!.includes("_") && state === "RUNNING").map(([id]) => id!);
    // A claim says that a part is at work, and not only its process beginning.
    if (arrays.length > 0 && (await claimed(run)).length > 0) return arrays;
    await pause(0.5);
  }
}

/** The processes that have parts of a run. */
async function claimed(run: string): Promise<number[]> {
  const parts = JSON.parse(await deno(["part", run, "--json"])) as {
    state: string;
    holder?: { process: number };
  }[];
  return parts.flatMap(({ holder }) => holder === undefined ? [] : [holder.process]);
}

async function cancelOne(run: string, cluster: Cluster, random: Random): Promise<string> {
  const jobs = await working(run, cluster);
  const job = jobs[random.int(jobs.length)]!;
  await output("scancel", [job], cluster.conf);
  return `job ${job} cancelled`;
}

async function killOne(run: string, cluster: Cluster, random: Random): Promise<string> {
  await working(run, cluster);
  const processes = await claimed(run);
  if (processes.length === 0) return await killOne(run, cluster, random);
  const process = processes[random.int(processes.length)]!;
  Deno.kill(process, "SIGKILL");
  return `process ${process} killed`;
}

async function requeueAll(run: string, cluster: Cluster): Promise<string> {
  const jobs = await working(run, cluster);
  for (const job of jobs) await output("scontrol", ["requeue", job], cluster.conf);
  return `${jobs.join(", ")} queued again`;
}

/** Waits until nothing is in the queue. */
async function over(cluster: Cluster): Promise<void> {
  for (;;) {
    const jobs = await queue(cluster);
    const stuck = jobs.find(([, , , reason]) => reason === "DependencyNeverSatisfied");
    if (stuck !== undefined && jobs.length === 1) throw new RunError(`job ${stuck[0]} waits for ever`);
    if (jobs.length === 0) return;
    await pause(1);
  }
}

async function carryOut(
  one: Case,
  run: string,
  cluster: Cluster,
  random: Random,
  terminal: Terminal,
): Promise<void> {
  await deno(["submit", run, ...tuneArgs(), "--time", "60", ...one.args], cluster.conf);
  if (one.happens !== undefined) terminal.say(`${one.name}: ${await one.happens(run, cluster, random)}`);
  if (one.breaks) {
    // While others still run, and what waited for the dead one is still in the queue.
    await pause(2);
    terminal.say(await deno(["submit", run, "--time", "60"], cluster.conf));
  }
  await over(cluster);
  if (!(await done(run))) {
    const status = await deno(["status", run, "--open"], cluster.conf);
    throw new RunError(`${one.name}: expected a run that is finished, found\n${status}`);
  }
}

async function done(run: string): Promise<boolean> {
  try {
    await Deno.stat(join(run, "report.html"));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

await main(program, async (terminal) => {
  await haveSlurm((text) => terminal.say(text));
  const folder = await Deno.makeTempDir({ prefix: "cotbal-slurm-" });
  const { seed, keep, cases, alone = join(folder, "alone") } = program.opts();
  const random = new Random(seed).fork("slurm");
  let cluster: Cluster | undefined;
  try {
    if (program.opts().alone === undefined) await deno(["tune", ...tuneArgs(), "--out", alone]);
    const expected = await filesOf(alone);
    await Deno.mkdir(join(folder, "cluster"));
    cluster = await startCluster(join(folder, "cluster"));
    for (const [i, one] of CASES.entries()) {
      if (cases !== undefined && !cases.includes(String(i + 1))) continue;
      const run = join(folder, `run-${i + 1}`);
      const began = performance.now();
      await carryOut(one, run, cluster, random, terminal);
      const differing = differingFiles(await filesOf(run), expected);
      if (differing.length > 0) throw new RunError(`${one.name}: other bits in ${differing.join(", ")}`);
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      terminal.print(`${one.name}: the same bits in ${expected.size} files, after ${seconds} s`);
    }
  } finally {
    await cluster?.stop();
    if (keep) terminal.say(folder);
    else await Deno.remove(folder, { recursive: true });
  }
});
