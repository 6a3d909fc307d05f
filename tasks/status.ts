/**
 * Shows how a submitted run stands.
 *
 * @module
 */

import { join, resolve } from "@std/path";
import { InputError } from "../src/errors.ts";
import { localProcesses } from "../src/cluster/local_processes.ts";
import type { JobState, JobSystem } from "../src/cluster/job_system.ts";
import { type PartStatus, runStatus } from "../src/cluster/run_status.ts";
import { slurm } from "../src/cluster/slurm.ts";
import { allJobs } from "../src/cluster/submit_run.ts";
import { readSubmissions, type Submission } from "../src/cluster/submissions.ts";
import { hostName } from "../src/run/claims/process_file.ts";
import { JOBS_FOLDER } from "../src/run/folders.ts";
import { partStates } from "../src/run/part_states.ts";
import { readRunInfo } from "../src/run/run_info_file.ts";
import { command, integer, main } from "./lib/cli.ts";
import { logTail } from "./lib/log_tail.ts";
import { runProgram } from "./lib/run_program.ts";
import { statusLines } from "./lib/status_lines.ts";

const program = command(
  "status",
  "Show how a submitted run stands: its parts, their jobs and hosts, and what the logs of those that failed end with.",
)
  .argument("<run>", "the run's folder")
  .option("--lines <n>", "lines of the log of a job that failed", integer(0), 10)
  .option("--open", "leave out the parts that are done")
  .option("--json", "write it as JSON on stdout");

/** The jobs of a run that are not over, whatever carries them out. */
async function statesOf(
  run: string,
  submissions: readonly Submission[],
  note: (text: string) => void,
): Promise<{ states: JobState[]; answered: boolean }> {
  const start = () => Promise.reject(new Error("nothing is started here"));
  const systems: JobSystem[] = [
    slurm(runProgram),
    localProcesses(runProgram, { run, host: hostName(), count: 0, start }),
  ];
  const states: JobState[] = [];
  let answered = true;
  for (const system of systems) {
    const jobs = allJobs(submissions.filter((one) => one.system === system.name));
    if (jobs.length === 0) continue;
    try {
      states.push(...await system.state(jobs));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      answered = false;
      note(`${error.message}. What follows is from the run's folder alone.`);
    }
  }
  return { states, answered };
}

async function logsIn(folder: string): Promise<Set<string>> {
  const names = new Set<string>();
  try {
    for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".log")) names.add(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names;
}

await main(program, async (terminal) => {
  const { lines, open, json } = program.opts();
  const run = resolve(program.processedArgs[0]), logs = join(run, JOBS_FOLDER);
  const submissions = await readSubmissions(run);
  const prepared = await readRunInfo(run) !== undefined;
  if (!prepared && submissions.length === 0) {
    throw new InputError(
      `${run}: expected the folder of a run, found neither run.json nor jobs that were submitted. Name the run's folder`,
    );
  }
  const states = prepared ? await partStates(run) : [];
  const found: PartStatus[] = runStatus({
    plan: states.map(({ part }) => part),
    done: new Set(states.filter(({ state }) => state.state === "done").map(({ part }) => part.id)),
    holders: new Map(
      states.flatMap(({ part, state }) =>
        state.state === "claimed" ? [[part.id, state.holder] as const] : []
      ),
    ),
    jobs: allJobs(submissions),
    ...await statesOf(run, submissions, (text) => terminal.say(`note: ${text}`)),
    prepared,
    logs: await logsIn(logs),
  });
  const tails = new Map<string, string[]>();
  for (const { state, log } of found) {
    if (state === "failed" && log !== null) tails.set(log, await logTail(join(logs, log), lines));
  }
  if (json) {
    return terminal.json(
      found.map((part) => ({ ...part, ...(tails.has(part.log ?? "") && { tail: tails.get(part.log!) }) })),
    );
  }
  for (const line of statusLines(found, tails, { prepared, open: open === true })) terminal.print(line);
});
