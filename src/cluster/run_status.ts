/**
 * How a run stands that was submitted: its parts, its jobs, what failed.
 *
 * @module
 */

import type { Part } from "../run/part.ts";
import type { JobState, SubmittedJob } from "./job_system.ts";

/** A process that is at a part, as its claim says. */
export interface PartHolder {
  /** The name of its machine; empty where that is not known. */
  host: string;
  /** Its number there. */
  process: number;
  /** Since when: ISO 8601, by its own clock. */
  since: string;
}

/** How it goes with a part, or with what comes before and after the parts. */
export interface PartStatus {
  /** The part's name; "prepare", "finish" or "run" of a job that is no part's. */
  part: string;
  /**
   * Done; running; ready: its job waits for room alone; waiting: its job waits for others; failed: its job is over, and
   * the part is not done; unknown: it had a job, and what carries jobs out does not answer; open: no job has it.
   */
  state: "done" | "running" | "ready" | "waiting" | "failed" | "unknown" | "open";
  /** What the system calls its job; null where none is known. */
  job: string | null;
  /** Where it runs; empty where it does not, or that is not known. */
  host: string;
  /** Since when it runs, ISO 8601; null where it does not, or that is not known. */
  since: string | null;
  /** Why it waits, in the system's words; empty if it does not. */
  reason: string;
  /** Name of its job's log in `jobs/`; null where it has none. */
  log: string | null;
}

/** What is known of a run. */
export interface Known {
  /** The run's parts, each after those it needs. */
  plan: readonly Part[];
  /** Names of the parts that are done. */
  done: ReadonlySet<string>;
  /** Who is at which part. */
  holders: ReadonlyMap<string, PartHolder>;
  /** All jobs that were submitted, the latest last. */
  jobs: readonly SubmittedJob[];
  /** Those that are not over. */
  states: readonly JobState[];
  /** Whether what carries jobs out said so. */
  answered: boolean;
  /** Whether the folder is ready for parts to be carried out. */
  prepared: boolean;
  /** Names of the logs in `jobs/`. */
  logs: ReadonlySet<string>;
}

/**
 * Puts together how a run stands.
 *
 * @param known What is known of it.
 * @returns Every part in the plan's order; before them a job that makes the run ready, behind them one that finishes it,
 * where it is under way or failed.
 */
export function runStatus(known: Known): PartStatus[] {
  const jobs = latestJobs(known.jobs);
  const parts = known.plan.map(({ id }) => partStatus(id, known, jobs.parts.get(id)));
  const whole = parts.every(({ state }) => state === "done");
  const other = (kind: "prepare" | "finish" | "run") => {
    const job = jobs.others.get(kind);
    if (job === undefined) return [];
    const status = jobStatus(kind, known, job, null);
    // What it left says that it ended well.
    const over = kind === "prepare" ? known.prepared : known.prepared && whole;
    const shown = status.state === "running" || status.state === "ready" || status.state === "waiting" ||
      !over;
    return shown && status.state !== "open" ? [status] : [];
  };
  return [...other("run"), ...other("prepare"), ...parts, ...other("finish")];
}

/** A job and the place in it. */
interface Place {
  job: SubmittedJob;
  chain: number | null;
}

function latestJobs(jobs: readonly SubmittedJob[]) {
  const parts = new Map<string, Place>();
  const others = new Map<string, SubmittedJob>();
  for (const job of jobs) {
    if (job.work.kind !== "parts") others.set(job.work.kind, job);
    else job.work.chains.forEach((chain, i) => chain.forEach((id) => parts.set(id, { job, chain: i })));
  }
  return { parts, others };
}

function partStatus(part: string, known: Known, place: Place | undefined): PartStatus {
  const status: PartStatus = place === undefined
    ? { part, state: "open", job: null, host: "", since: null, reason: "", log: null }
    : jobStatus(part, known, place.job, place.chain);
  if (known.done.has(part)) return { ...status, state: "done", host: "", since: null, reason: "" };
  const holder = known.holders.get(part);
  if (holder !== undefined) {
    return { ...status, state: "running", host: holder.host || status.host, since: holder.since, reason: "" };
  }
  const chain = place?.job.work.kind === "parts" ? place.job.work.chains[place.chain!]! : [];
  const first = chain.find((id) => !known.done.has(id));
  if (first === undefined || first === part) return status;
  // The parts of a chain begin one after the other.
  if (status.state === "running") return { ...status, state: "waiting", host: "", since: null };
  return status.state === "failed" ? { ...status, state: "open", log: null } : status;
}

function jobStatus(part: string, known: Known, job: SubmittedJob, chain: number | null): PartStatus {
  const id = job.id === null ? null : chain === null ? job.id : `${job.id}_${chain}`;
  const log =
    [...known.logs].find((name) => name === `${job.name}-${id}.log` || name === `${job.name}.log`) ?? null;
  const state = known.states.find(({ name, chain: at }) => name === job.name && at === chain);
  const base = { part, job: id, host: "", since: null, reason: "", log };
  if (state === undefined || state.state === "ending") {
    {
      return { ...base, state: !known.answered ? "unknown" : log === null ? "open" : "failed" };
    }
  }
  if (state.state === "waiting") {
    return { ...base, state: state.depends ? "waiting" : "ready", reason: state.reason };
  }
  const since = state.since === null ? null : new Date(state.since).toISOString();
  return { ...base, state: "running", host: state.host, since };
}
