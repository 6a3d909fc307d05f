/**
 * Submits a run to a cluster, or to processes of this machine.
 *
 * @module
 */

import { join, resolve } from "@std/path";
import { InvalidArgumentError } from "commander";
import { withNeeds } from "../src/cluster/estimates.ts";
import { checkTemplate, SLURM_TEMPLATE } from "../src/cluster/job_script.ts";
import type { JobPlan } from "../src/cluster/job_plan.ts";
import type { JobSystem } from "../src/cluster/job_system.ts";
import { localProcesses } from "../src/cluster/local_processes.ts";
import { slurm, type SlurmOptions, slurmScript } from "../src/cluster/slurm.ts";
import { planSubmission, type SubmitContext, submitPlan } from "../src/cluster/submit_run.ts";
import { readSubmissions, type Submission } from "../src/cluster/submissions.ts";
import { InputError } from "../src/errors.ts";
import { Claims } from "../src/run/claims/claims.ts";
import { exclusively } from "../src/run/claims/exclusively.ts";
import { hostName } from "../src/run/claims/process_file.ts";
import { exists, writeWhole } from "../src/run/files.ts";
import { JOBS_FOLDER } from "../src/run/folders.ts";
import { sha256 } from "../src/run/sha256.ts";
import { TUNE_SETTINGS, type TuneOptions } from "../src/tune/options/settings.ts";
import { command, integer, list, main, type Terminal } from "./lib/cli.ts";
import { dividedCores } from "./lib/driver_threads.ts";
import { estimateNeeds, forecastLines } from "./lib/job_needs.ts";
import { placeOf } from "./lib/on_gpu.ts";
import { inPackage } from "./lib/package.ts";
import { shellLine } from "./lib/resume.ts";
import { runProgram, startDetached } from "./lib/run_program.ts";
import { runToSubmit } from "./lib/run_to_submit.ts";
import { addSettings, givenSettings } from "./lib/settings.ts";
import { settingArgs } from "./lib/setting_args.ts";
import { jobLines } from "./lib/submit_lines.ts";

/** How often a job that failed is queued again where `--requeue` has no number. */
const RETRIES = 3;

const like = (pattern: RegExp, expected: string) => (text: string) => {
  if (pattern.test(text)) return text;
  throw new InvalidArgumentError(`Expected ${expected}.`);
};
const TIME = /^(\d+(:\d\d){0,2}|\d+-\d+(:\d\d){0,2})$/;

const base = command(
  "submit",
  "Submit a run to a Slurm cluster, a job array for each stage of its plan; again, to go on with what is left.",
);
const program = base
  .argument("[run]", "the run's folder, which all nodes share: a new one, or one to go on with")
  .option(
    "--partition <name>",
    "partition of the jobs (default: the cluster's)",
    like(/^[\w.,-]+$/, "a name"),
  )
  .option(
    "--time <time>",
    "time of a job at most (default: estimated)",
    like(TIME, "a time as sbatch takes it, such as 90, 1:30:00 or 1-12"),
  )
  .option("--mem <size>", "memory of a job (default: estimated)", like(/^\d+[KMGT]?$/i, "a size such as 8G"))
  .option("--cpus <n>", "cores of a job (default: the partition's)", integer(1))
  .option("--gpus <n>", "GPUs of a job (default: none are asked for)", integer(1))
  .option("--at-once <n>", "jobs of an array that run at a time, at most", integer(1))
  .option("--requeue [times]", `have jobs that fail queued again, ${RETRIES} times or so often`, integer(1))
  .option("--template <file>", "how jobs begin here: an edited copy of what --write-template writes")
  .option("--write-template <file>", "write the template of jobs to a new file, and stop")
  .option("--like <run>", "take the speeds of another run's parts where this one has none that are done")
  .option(
    "--local <n>",
    "in place of a cluster, so many processes of this machine, in the background",
    integer(1),
  )
  .option("--adapters <names>", "with --local: adapters that the processes take in turns, such as 0,1", list)
  .option(
    "--forecast <slots>",
    "say how long the whole plan takes on so many slots, from parts that are done",
    integer(1),
  )
  .option("--dry-run", "print the scripts, and submit nothing")
  .option("--json", "write the jobs as JSON on stdout");
addSettings(program, TUNE_SETTINGS);
program.addHelpText(
  "after",
  `
The options of deno task tune decide what a new run is; one that was begun remembers them. Jobs that are queued or running
for the run are left alone. deno task status RUN shows how it stands, docs/cluster.md how to begin.`,
);

/** Writes the template where no file is yet. */
async function writeTemplate(path: string): Promise<void> {
  if (await exists(path)) {
    throw new InputError(`--write-template ${path}: expected a new file, found one. Choose another name`);
  }
  await writeWhole(path, SLURM_TEMPLATE);
}

async function readTemplate(path: string | undefined): Promise<string> {
  if (path === undefined) return SLURM_TEMPLATE;
  try {
    const template = await Deno.readTextFile(path);
    checkTemplate(template, path);
    return template;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InputError(`--template ${path}: expected a file, found none; --write-template writes one`);
  }
}

/** Begins the names of the run's jobs, as no other's. */
async function prefixOf(run: string, submissions: readonly Submission[], at: Date): Promise<string> {
  return submissions.at(-1)?.prefix ?? `cotbal-${(await sha256(`${run} ${at.toISOString()}`)).slice(0, 8)}`;
}

/** The arguments of tune by which the run is made ready: an earlier call's count where none are given now. */
function tuneArgs(submissions: readonly Submission[]): string[] {
  const given = settingArgs(Deno.args, TUNE_SETTINGS);
  return given.length > 0 ? given : [...submissions.at(-1)?.tuneArgs ?? []];
}

/** What they say. */
function optionsOf(args: readonly string[]): TuneOptions {
  const tune = command("tune", "");
  addSettings(tune, TUNE_SETTINGS);
  tune.parse(args, { from: "user" });
  return givenSettings(tune, TUNE_SETTINGS);
}

/** What carries the jobs out. */
function systemOf(run: string, tuneArgs: readonly string[], options: SlurmOptions): JobSystem {
  const { local, adapters } = program.opts();
  if (local === undefined) return slurm(runProgram, options);
  const start = (name: string, place: number) => {
    const adapter = adapters === undefined ? [] : ["--adapter", adapters[place % adapters.length]!];
    const args = ["task", "tune", ...tuneArgs, "--join", run, ...adapter];
    return startDetached(args, join(options.logs, `${name}.log`), dividedCores(local));
  };
  return localProcesses(runProgram, { run, host: hostName(), count: local, start });
}

function show(terminal: Terminal, { requests, doomed, underWay }: JobPlan, options: SlurmOptions): void {
  if (program.opts().json) return terminal.json({ requests, doomed, underWay: [...underWay] });
  for (const job of requests) {
    terminal.print(`# ${job.name}`);
    terminal.print(slurmScript(job, options, (name) => `<${name}>`));
  }
}

await main(program, async (terminal) => {
  const { dryRun, json, forecast, template, writeTemplate: path, like, requeue, ...asked } = program.opts();
  if (path !== undefined) {
    await writeTemplate(path);
    return terminal.print(path);
  }
  const [folder] = program.processedArgs;
  if (folder === undefined) {
    throw new InputError("expected the run's folder, found none: deno task submit RUN …");
  }
  const run = resolve(folder), logs = join(run, JOBS_FOLDER), at = new Date();
  const place = placeOf(run, { resume: true });
  const submissions = await readSubmissions(run);
  const args = tuneArgs(submissions);
  const given = optionsOf(args);
  const note = (text: string) => terminal.say(`note: ${text}`);
  const found = await runToSubmit(given, place, {
    event: (event) => event.kind === "note" && note(event.text),
    signal: terminal.signal,
  });
  if (forecast !== undefined) {
    for (const line of await forecastLines(run, found, forecast, like)) terminal.print(line);
    return;
  }
  const retries = requeue === true ? RETRIES : requeue;
  const options: SlurmOptions = {
    partition: asked.partition,
    cpus: asked.cpus,
    gpus: asked.gpus,
    atOnce: asked.atOnce,
    retries,
    template: await readTemplate(template),
    run,
    logs,
    root: inPackage("").replace(/\/$/, ""),
    deno: Deno.execPath(),
    tuneLine: shellLine(args),
  };
  const needs = await estimateNeeds(run, found, {
    time: asked.time,
    memory: asked.mem,
    like,
  }, note);
  const context: SubmitContext = {
    run,
    stand: found.stand,
    system: systemOf(run, args, options),
    submissions,
    prefix: await prefixOf(run, submissions, at),
    tuneArgs: args,
    ask: (job) => withNeeds(job, needs),
    at,
  };
  if (dryRun) return show(terminal, await planSubmission(context), options);
  const claims = await Claims.open(run);
  try {
    await exclusively(claims, "submit", async () => {
      // Another call may have submitted in between.
      const now = { ...context, submissions: await readSubmissions(run) };
      now.prefix = await prefixOf(run, now.submissions, at);
      const plan = await planSubmission(now);
      const jobs = plan.requests.length === 0 ? [] : await submitPlan(plan, now);
      if (json) return terminal.json({ jobs, doomed: plan.doomed, underWay: [...plan.underWay] });
      for (const line of jobLines(run, found.stand, plan, jobs)) terminal.print(line);
    }, { signal: terminal.signal, say: note });
  } finally {
    await claims.close();
  }
});
