/**
 * Processes on this machine that share a run, in the background: what carries out jobs where there is no scheduler.
 *
 * @module
 */

import { InputError } from "../errors.ts";
import type { JobState, JobSystem, RunProgram } from "./job_system.ts";

/** What the processes of a run share. */
export interface LocalOptions {
  /** The run's folder. */
  run: string;
  /** The name of this machine; empty where it may not be asked. */
  host: string;
  /** How many processes share the run. */
  count: number;
  /**
   * Starts a process that goes on when this one ends.
   *
   * @param name Of the job: its log is called so.
   * @param place Which of the processes it is, from 0.
   * @returns The process's number.
   */
  start: (name: string, place: number) => Promise<number>;
}

/**
 * Local processes as what carries out jobs. Processes that share a run deal its parts out by themselves: whatever jobs are
 * submitted, each of these processes is one, and does what of the run the others leave.
 *
 * @param run Runs ps.
 * @param options What the processes share.
 */
export function localProcesses(
  run: RunProgram,
  { run: folder, host, count, start }: LocalOptions,
): JobSystem {
  return {
    name: "local processes",
    async submit(jobs, told) {
      for (let place = 0; place < count; place++) {
        const name = jobs[0]!.name.replace(/-[^-]*$/, `-process-${place + 1}`);
        await told({ name, id: `${await start(name, place)}@${host}`, work: { kind: "run" } });
      }
    },
    async state(jobs) {
      const states: JobState[] = [];
      for (const { name, id } of jobs) {
        const [process, where] = (id ?? "").split("@");
        if (where !== host || !process) continue; // another machine's cannot be asked from here
        const { stdout } = await run("ps", ["-ww", "-o", "command=", "-p", process]);
        // Numbers of processes are given out again: another command is another process.
        if (!stdout.includes(folder)) continue;
        states.push({
          name,
          id: id!,
          chain: null,
          state: "running",
          host,
          since: null,
          reason: "",
          depends: false,
        });
      }
      return states;
    },
    cancel: () =>
      Promise.reject(new InputError("expected jobs that wait for others, found processes, which never do")),
  };
}
