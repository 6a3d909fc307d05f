/**
 * Slurm: jobs through sbatch, their states through squeue.
 *
 * @module
 */

import { InputError } from "../errors.ts";
import { type JobResources, type JobScript, jobScript } from "./job_script.ts";
import type { JobRequest, JobState, JobSystem, RunProgram, SubmittedJob } from "./job_system.ts";

/** What all jobs of a submission share. */
export interface SlurmOptions
  extends JobResources, Pick<JobScript, "run" | "logs" | "root" | "deno" | "tuneLine"> {
  /** The site's template. */
  template: string;
}

/** Columns of squeue: array's id, place in it, state, reason, what it waits for, nodes, start, name. */
const FORMAT = "%F|%K|%T|%r|%E|%N|%S|%j";

/** Names that squeue is asked for at a time: a command line has an end. */
const NAMES = 200;

/**
 * Slurm as what carries out jobs.
 *
 * @param run Runs sbatch and squeue.
 * @param options What jobs share; for looking at jobs it is not needed.
 */
export function slurm(run: RunProgram, options?: SlurmOptions): JobSystem {
  return {
    name: "Slurm",
    async submit(jobs, told) {
      const ids = new Map<string, string>();
      for (const job of jobs) {
        const script = slurmScript(job, options!, (name) => ids.get(name)!);
        const { stdout } = await answered(run, "sbatch", ["--parsable"], script);
        const id = stdout.trim().split(";")[0]!; // a cluster's name may follow
        if (!/^\d+$/.test(id)) {
          throw new InputError(
            `sbatch: expected the number of a job for ${job.name}, found ${JSON.stringify(stdout)}`,
          );
        }
        ids.set(job.name, id);
        await told({ name: job.name, id, work: job.work });
      }
    },
    state: (jobs) => slurmStates(run, jobs),
    async cancel(jobs) {
      // All of an array waits for the same.
      const arrays = [...new Set(jobs.map(({ id }) => id.split("_")[0]!))];
      if (arrays.length > 0) await answered(run, "scancel", ["--state=PENDING", ...arrays]);
    },
  };
}

/**
 * The script of a job.
 *
 * @param job The job.
 * @param options What jobs share; what the job itself says comes first.
 * @param idOf The id of a job that is submitted with it.
 * @returns A text for sbatch.
 */
export function slurmScript(job: JobRequest, options: SlurmOptions, idOf: (name: string) => string): string {
  const { name, work, time = options.time, memory = options.memory } = job;
  const after = [...job.after.map(idOf), ...job.afterIds];
  return jobScript(options.template, { ...options, name, work, time, memory, after });
}

async function slurmStates(run: RunProgram, jobs: readonly SubmittedJob[]): Promise<JobState[]> {
  const states: JobState[] = [];
  for (let from = 0; from < jobs.length; from += NAMES) {
    const names = jobs.slice(from, from + NAMES).map(({ name }) => name).join(",");
    const args = ["--noheader", "--array", `--name=${names}`, `--format=${FORMAT}`];
    const { stdout } = await answered(run, "squeue", args);
    states.push(...readQueue(stdout));
  }
  return states;
}

/**
 * Reads what squeue says.
 *
 * @param text A line a job.
 * @returns The jobs that are not over.
 *
 * @example
 * ```ts
 * import { readQueue } from "./slurm.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [first] = readQueue("2|1|PENDING|Dependency|afterok:1_*(unfulfilled)||N/A|cotbal-2\n");
 * assertEquals([first!.id, first!.chain, first!.state, first!.depends], ["2_1", 1, "waiting", true]);
 * ```
 */
export function readQueue(text: string): JobState[] {
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const [array = "", task = "", state = "", reason = "", needs = "", host = "", start = "", name = ""] =
      line.split(
        "|",
      );
    const chain = /^\d+$/.test(task) ? Number(task) : null;
    const began = Date.parse(start); // in this machine's zone, as squeue writes it
    const waits = /PENDING|REQUEUE|SPECIAL_EXIT|RESV|CONFIGURING/.test(state);
    return {
      name,
      id: chain === null ? array : `${array}_${chain}`,
      chain,
      state: waits ? "waiting" : /RUNNING|SUSPENDED|STOPPED|SIGNALING/.test(state) ? "running" : "ending",
      host,
      since: waits || Number.isNaN(began) ? null : began,
      reason: reason === "None" ? "" : reason,
      depends: needs !== "" && needs !== "(null)",
    };
  });
}

async function answered(run: RunProgram, program: string, args: readonly string[], stdin?: string) {
  const found = await run(program, args, stdin);
  if (found.code === 0) return found;
  const prefix = new RegExp(`^${program}: ((error|fatal): +)?`);
  const said = new Set(
    found.stderr.split("\n").map((line) => line.replace(prefix, "").trim()).filter(Boolean),
  );
  throw new InputError(`${program}: expected Slurm to take the request, found: ${[...said].join("; ")}`);
}
