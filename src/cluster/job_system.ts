/**
 * What carries out jobs: a cluster's scheduler, or processes on this machine.
 *
 * @module
 */

import type { Chain } from "./chains.ts";

/** What a job does. */
export type JobWork =
  /** Makes the run's folder ready. */
  | { kind: "prepare" }
  /** Carries out chains of parts, side by side where there is room. */
  | { kind: "parts"; chains: readonly Chain[] }
  /** Writes results and report of a run whose parts are done. */
  | { kind: "finish" }
  /** All of that. */
  | { kind: "run" };

/** A job that is to be submitted. */
export interface JobRequest {
  /** Its name, which no other job has. */
  name: string;
  /** What it does. */
  work: JobWork;
  /** Jobs that must have ended well before: names of such as are submitted before it, in one go. */
  after: readonly string[];
  /** The same of earlier submissions: their ids. */
  afterIds: readonly string[];
  /** The time it may take, as Slurm reads it; the system's own limit if left out. */
  time?: string | undefined;
  /** The memory it may take, as Slurm reads it; the system's own limit if left out. */
  memory?: string | undefined;
}

/** A job that was submitted. */
export interface SubmittedJob {
  /** Its name. */
  name: string;
  /** What the system calls it; null where that is not known: it was being submitted. */
  id: string | null;
  /** What it does. */
  work: JobWork;
}

/** How it goes with a job, or with one chain of an array of them, that is not over. */
export interface JobState {
  /** The job's name. */
  name: string;
  /** What the system calls it. */
  id: string;
  /** The place of its chain in the work; null for a job that is no array. */
  chain: number | null;
  /** Ending: it is over, but for being tidied up. */
  state: "waiting" | "running" | "ending";
  /** Where it runs; empty where it does not. */
  host: string;
  /** Since when it runs, in ms since 1970; null where it does not. */
  since: number | null;
  /** Why it waits, in the system's words; empty if it does not. */
  reason: string;
  /** Whether it waits for other jobs. */
  depends: boolean;
}

/** What carries out jobs. Another one, such as Kubernetes, is one more of these. */
export interface JobSystem {
  /** Its name, for people. */
  readonly name: string;
  /**
   * Hands jobs over.
   *
   * @param jobs Each after those it waits for.
   * @param told Told of each job that the system has taken.
   * @throws {InputError} If the system refuses one; those before it stay.
   */
  submit(jobs: readonly JobRequest[], told: (job: SubmittedJob) => Promise<void>): Promise<void>;
  /**
   * Looks at jobs.
   *
   * @param jobs Those that were submitted.
   * @returns Those that are not over.
   * @throws {InputError} If the system does not answer.
   */
  state(jobs: readonly SubmittedJob[]): Promise<JobState[]>;
  /**
   * Takes jobs away that wait for others.
   *
   * @param jobs Of what {@linkcode state} gave.
   */
  cancel(jobs: readonly JobState[]): Promise<void>;
}

/** Runs a program of the system; there is one for tests. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  stdin?: string,
) => Promise<{ code: number; stdout: string; stderr: string }>;
