/**
 * What was tried, read from the files of a run.
 *
 * @module
 */

import { join } from "@std/path";
import type { TaskWeights } from "../../balance/methods/method.ts";
import type { TriedWeights } from "../../balance/methods/plan_builder.ts";
import { questionErrors, type TrialTable } from "../../balance/search/trial.ts";
import { readResult } from "../../run/read_result.ts";
import { readRecord, type RunFiles } from "../../run/run_files.ts";
import type { PartContext } from "./context.ts";

/**
 * Reads weights that a plan names.
 *
 * @param weights The weights, or a file of them, relative to the run.
 * @param run Where the run's files are.
 * @returns One weight a task.
 */
export async function readWeights(weights: string | readonly number[], run: RunFiles): Promise<number[]> {
  if (typeof weights !== "string") return [...weights];
  const read = await readRecord<TaskWeights>(run, weights);
  if (read === undefined) throw new Error(`${join(run.folder, weights)} is not there yet`);
  return read.lambda;
}

/**
 * Reads what was tried: weights, scores, and how sure the scores are.
 *
 * @param tried The weights and the files of their scores, λ = 1 first.
 * @param seed The seed.
 * @param context Where the run is, and the names of its tasks.
 * @returns The table.
 */
export async function readTrials(
  tried: readonly TriedWeights[],
  seed: number,
  context: Pick<PartContext, "folder" | "runId" | "options">,
): Promise<TrialTable> {
  const { tasks } = context.options;
  const results = await Promise.all(tried.map(({ scores }) => readResult(context, scores)));
  const { errors, covariance } = questionErrors(tasks, results.map(({ answers }) => answers));
  const trials = await Promise.all(tried.map(async ({ weights }, k) => ({
    lambda: await readWeights(weights, context),
    scores: tasks.map((task) => {
      const score = results[k]!.scores.find((one) => one.task === task)?.score;
      if (score === undefined) throw new Error(`${tried[k]!.scores} holds no score of ${task}`);
      return score;
    }),
    errors: errors[k]!,
  })));
  return { seed, tasks, tried: trials, covariance };
}
