/**
 * What a submission says.
 *
 * @module
 */

import type { JobPlan, RunStand } from "../../src/cluster/job_plan.ts";
import type { JobWork, SubmittedJob } from "../../src/cluster/job_system.ts";
import { alignColumns } from "./table.ts";

/**
 * Says what was submitted.
 *
 * @param run The run's folder.
 * @param stand How the run stood.
 * @param plan What was to be done.
 * @param jobs What was submitted.
 * @returns Lines.
 */
export function jobLines(
  run: string,
  { plan: parts, done, finished }: Pick<RunStand, "plan" | "done" | "finished">,
  { doomed, underWay }: JobPlan,
  jobs: readonly SubmittedJob[],
): string[] {
  const state = `${parts.length} parts: ${done.size} done, ${underWay.size} in earlier jobs`;
  if (jobs.length === 0) {
    const why = finished ? "its results are there" : "earlier jobs do what is left";
    return [`${state}. Nothing was submitted: ${why}.`];
  }
  return [
    `${state}.`,
    ...doomed.length === 0 ? [] : [`${doomed.length} jobs were taken away that waited for one that failed.`],
    ...alignColumns([
      ["job", "id", "does"],
      ...jobs.map(({ name, id, work }) => [name, id ?? "", wordsOf(work)]),
    ]),
    `How it stands: deno task status ${run}`,
  ];
}

function wordsOf(work: JobWork): string {
  switch (work.kind) {
    case "prepare":
      return "makes the run ready";
    case "finish":
      return "results and report";
    case "run":
      return "all of the run";
    case "parts": {
      const { chains } = work;
      const parts = chains.flat().length;
      return `${parts} ${parts === 1 ? "part" : "parts"} in ${chains.length} ${
        chains.length === 1 ? "job" : "jobs"
      }`;
    }
  }
}
