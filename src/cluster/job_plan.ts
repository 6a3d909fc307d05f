/**
 * Which jobs a run still needs.
 *
 * @module
 */

import type { Part } from "../run/part.ts";
import type { JobRequest, JobState, SubmittedJob } from "./job_system.ts";
import { planStages } from "./stages.ts";

/** How a run stands. */
export interface RunStand {
  /** The run's parts, each after those it needs. */
  plan: readonly Part[];
  /** Names of the parts that are done. */
  done: ReadonlySet<string>;
  /** Whether the folder is ready for parts to be carried out. */
  prepared: boolean;
  /** Whether results and report are there. */
  finished: boolean;
  /** Jobs of earlier submissions. */
  jobs: readonly SubmittedJob[];
  /** Those of them that are not over. */
  states: readonly JobState[];
}

/** What is to be done with the queue. */
export interface JobPlan {
  /** Jobs that can never begin, as what they wait for has failed: they are to be taken away, and come anew. */
  doomed: JobState[];
  /** Jobs to be submitted, each after those it waits for. */
  requests: JobRequest[];
  /** Parts that earlier jobs carry out. */
  underWay: Set<string>;
}

/** Chains of one array at most: Slurm's MaxArraySize is 1001 unless a site says otherwise. */
const LONGEST_ARRAY = 1000;

/**
 * Plans the jobs that a run still needs: one that makes it ready, arrays of parts stage by stage, and one that writes
 * its results. What earlier jobs carry out or are to carry out is left to them, unless it waits for something
 * that failed.
 *
 * @param stand How the run stands.
 * @param prefix How the jobs' names begin.
 * @returns What is to be done with the queue.
 *
 * @example A new run
 * ```ts
 * import { planJobs } from "./job_plan.ts";
 * import { planRun } from "../run/plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const plan = planRun({ tasks: ["vqa"], methods: ["ew", "cotbal"], seeds: [1] });
 * const stand = { plan, done: new Set<string>(), prepared: false, finished: false, jobs: [], states: [] };
 * assertEquals(planJobs(stand, "run-1").requests.map(({ name, after }) => [name, after]), [
 *   ["run-1-prepare", []],
 *   ["run-1-1", ["run-1-prepare"]],
 *   ["run-1-2", ["run-1-prepare", "run-1-1"]],
 *   ["run-1-finish", ["run-1-prepare", "run-1-1", "run-1-2"]],
 * ]);
 * ```
 */
export function planJobs(stand: RunStand, prefix: string): JobPlan {
  const open = new Set(stand.plan.map(({ id }) => id).filter((id) => !stand.done.has(id)));
  const living = stand.states.filter(({ state }) => state !== "ending");
  const whole = lookAt(stand, open, living);
  const complete = [...open].every((id) => whole.of.has(id)) &&
    (stand.prepared || whole.prepare !== undefined) &&
    (open.size === 0 && stand.finished || whole.finish !== undefined);
  if (complete) return { doomed: [], requests: [], underWay: new Set(whole.of.keys()) };

  const doomed = living.filter(({ state, depends }) => state === "waiting" && depends);
  const { of, prepare } = lookAt(stand, open, living.filter((job) => !doomed.includes(job)));
  const requests: JobRequest[] = [];
  const request = (
    name: string,
    work: JobRequest["work"],
    after: readonly string[],
    afterIds: readonly string[],
  ) => {
    requests.push({ name: `${prefix}-${name}`, work, after, afterIds: [...new Set(afterIds)] });
    return requests.at(-1)!.name;
  };
  const first = stand.prepared || prepare !== undefined
    ? []
    : [request("prepare", { kind: "prepare" }, [], [])];
  const firstIds = stand.prepared || prepare === undefined ? [] : [prepare];
  const underWay = new Set(of.keys());
  const stages = planStages(stand.plan, new Set([...open].filter((id) => !of.has(id))), underWay);
  const names: string[][] = [];
  for (const { name, chains, after, awaits } of stages) {
    const pieces: string[] = [];
    for (let from = 0; from < chains.length; from += LONGEST_ARRAY) {
      const piece = chains.length <= LONGEST_ARRAY ? "" : `-${from / LONGEST_ARRAY + 1}`;
      pieces.push(request(
        name + piece,
        { kind: "parts", chains: chains.slice(from, from + LONGEST_ARRAY) },
        [...first, ...after.flatMap((stage) => names[stage]!)],
        [...firstIds, ...awaits.map((id) => of.get(id)!)],
      ));
    }
    names.push(pieces);
  }
  request("finish", { kind: "finish" }, [...first, ...names.flat()], [...firstIds, ...of.values()]);
  return { doomed, requests, underWay };
}

/** What living jobs do: the ids of those that carry out open parts, make the run ready, and finish it. */
function lookAt({ jobs }: RunStand, open: ReadonlySet<string>, living: readonly JobState[]) {
  const workOf = new Map(jobs.map(({ name, work }) => [name, work]));
  const of = new Map<string, string>();
  const ids: { prepare?: string; finish?: string } = {};
  for (const { name, id, chain } of living) {
    const work = workOf.get(name);
    if (work === undefined) continue;
    if (work.kind === "parts") {
      for (const part of work.chains[chain ?? 0] ?? []) if (open.has(part)) of.set(part, id);
    } else if (work.kind === "run") {
      for (const part of open) of.set(part, id);
      ids.prepare = ids.finish = id;
    } else ids[work.kind] = id;
  }
  return { of, ...ids };
}
