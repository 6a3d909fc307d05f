/**
 * A part that turns scores into a table and into weights.
 *
 * @module
 */

import type { Points, TaskPoints } from "../../balance/cotbal/noise/points.ts";
import { methodSettings } from "../../balance/methods/method_settings.ts";
import { isList, type ScoreFiles } from "../../balance/methods/plan_builder.ts";
import { methodById } from "../../balance/methods/registry.ts";
import type { BalancePart } from "../../run/part.ts";
import { readResult } from "../../run/read_result.ts";
import { type RunFiles, writeRecord } from "../../run/run_files.ts";
import type { PartContext } from "./context.ts";
import { readTrials } from "./trials.ts";

/**
 * Gathers scores in a table and has the method weigh it; the files appear, the weights last.
 *
 * @param part The part; the scores it needs are there.
 * @param context What parts share.
 */
export async function runBalancePart(
  part: BalancePart,
  context: Pick<PartContext, "folder" | "runId" | "options" | "prepared">,
): Promise<void> {
  const { options, prepared } = context;
  const { tasks } = options;
  const method = methodById(part.method);
  if (method.weigh === undefined) {
    throw new Error(`the part ${part.id} is of ${part.method}, which does not weigh`);
  }
  // null where a model was not scored on a task.
  const row = async (file: string): Promise<(number | null)[]> => {
    const { scores } = await readResult(context, file);
    return tasks.map((task) => scores.find((score) => score.task === task)?.score ?? null);
  };
  // One number a task, each from its own file.
  const each = (files: Readonly<Record<string, string>>) =>
    Promise.all(tasks.map(async (task, i) => {
      const file = files[task];
      return file === undefined ? null : (await row(file))[i]!;
    }));
  const read = (files: ScoreFiles) => {
    if (typeof files === "string") return row(files);
    return isList(files) ? Promise.all(files.map(row)) : each(files);
  };
  const scores: Record<string, (number | null)[] | (number | null)[][]> = {};
  for (const [name, files] of Object.entries(part.scores)) scores[name] = await read(files);
  const table = {
    seed: part.seed,
    tasks,
    metrics: prepared.dataset.tasks.map(({ metric }) => metric),
    ...scores,
    ...(part.tried && await readTrials(part.tried, part.seed, context)),
    questions: prepared.questions.val.map(({ questions }) => questions.length),
  };
  await writeRecord(context, part.table, table);
  const settings = methodSettings(options);
  const points = part.intervals === undefined ? undefined : [await readPoints(part, context, tasks)];
  if (part.intervals !== undefined && method.intervals !== undefined) {
    await writeRecord(context, part.intervals, method.intervals([table], settings, points!));
  }
  await writeRecord(context, part.file, method.weigh([table], settings, points));
}

/**
 * Reads the points of every question behind a part's scores.
 *
 * @param part The part; the results it needs are there.
 * @param run Where the run's files are.
 * @param tasks Names of the tasks.
 * @returns The points, by the names of the scores.
 */
export async function readPoints(
  part: BalancePart,
  run: RunFiles,
  tasks: readonly string[],
): Promise<Points> {
  const row = async (file: string): Promise<TaskPoints> => {
    const byTask = Map.groupBy((await readResult(run, file)).answers, ({ task }) => task);
    return tasks.map((task) => byTask.get(task)?.map(({ score }) => score) ?? null);
  };
  const points: Record<string, TaskPoints | TaskPoints[]> = {};
  for (const [name, file] of Object.entries(part.scores)) {
    points[name] = typeof file === "string"
      ? await row(file)
      : isList(file)
      ? await Promise.all(file.map(row))
      : await Promise.all(
        tasks.map(async (task, i) => file[task] === undefined ? null : (await row(file[task]))[i]!),
      );
  }
  return points;
}
