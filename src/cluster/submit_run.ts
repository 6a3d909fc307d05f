/**
 * Submits what a run still needs.
 *
 * @module
 */

import { type JobPlan, planJobs, type RunStand } from "./job_plan.ts";
import type { JobRequest, JobSystem, SubmittedJob } from "./job_system.ts";
import { type Submission, writeSubmission } from "./submissions.ts";

/** What is submitted, and how. */
export interface SubmitContext {
  /** The run's folder. */
  run: string;
  /** How the run stands, its jobs apart. */
  stand: Omit<RunStand, "jobs" | "states">;
  /** What carries jobs out. */
  system: JobSystem;
  /** What was submitted before. */
  submissions: readonly Submission[];
  /** Begins the names of jobs; no other run's begin so. */
  prefix: string;
  /** The options of `tune` that the run is made ready with. */
  tuneArgs: readonly string[];
  /** Says what a job is to ask for. */
  ask: (job: JobRequest) => JobRequest;
  /** The time. */
  at: Date;
}

/**
 * Plans the jobs that a run still needs, as {@linkcode planJobs} does, behind those of earlier submissions.
 *
 * @param context The run.
 * @returns The jobs, with the names that they are to have.
 */
export async function planSubmission(context: SubmitContext): Promise<JobPlan> {
  const { stand, system, submissions, prefix } = context;
  const jobs = allJobs(submissions);
  const states = jobs.length === 0 ? [] : await system.state(jobs);
  const plan = planJobs({ ...stand, jobs, states }, `${prefix}-${numberOf(submissions)}`);
  return { ...plan, requests: plan.requests.map(context.ask) };
}

/**
 * Carries out such a plan. What is submitted is written down first, so that a job of which nothing more is known, as this
 * process was killed, is found by its name.
 *
 * @param plan The jobs.
 * @param context The run.
 * @returns What was submitted.
 */
export async function submitPlan(
  { doomed, requests }: JobPlan,
  { run, system, submissions, prefix, tuneArgs, at }: SubmitContext,
): Promise<SubmittedJob[]> {
  if (doomed.length > 0) await system.cancel(doomed);
  const submission: Submission = {
    number: numberOf(submissions),
    at: at.toISOString(),
    system: system.name,
    prefix,
    tuneArgs,
    jobs: requests.map(({ name, work }) => ({ name, id: null, work })),
  };
  await writeSubmission(run, submission);
  const taken: SubmittedJob[] = [];
  await system.submit(requests, async (job) => {
    taken.push(job);
    const others = submission.jobs.filter(({ name }) => !taken.some((one) => one.name === name));
    // What local processes carry out is one job, whatever was asked for.
    submission.jobs = [...taken, ...job.work.kind === "run" ? [] : others];
    await writeSubmission(run, submission);
  });
  return taken;
}

/**
 * The jobs of all submissions.
 *
 * @param submissions The submissions.
 * @returns The latest last.
 */
export function allJobs(submissions: readonly Submission[]): SubmittedJob[] {
  return submissions.flatMap(({ jobs }) => jobs);
}

function numberOf(submissions: readonly Submission[]): number {
  return (submissions.at(-1)?.number ?? 0) + 1;
}
