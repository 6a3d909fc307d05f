/**
 * A part that turns scores into a table and into weights.
 *
 * @module
 */

import { join } from "@std/path";
import { methodSettings } from "../../balance/methods/method_settings.ts";
import { methodById } from "../../balance/methods/registry.ts";
import { writeJson } from "../../run/files.ts";
import type { BalancePart } from "../../run/part.ts";
import { readResult } from "../../run/read_result.ts";
import type { PartContext } from "./context.ts";
import { readTrials } from "./trials.ts";

/**
 * Gathers scores in a table and has the method weigh it; both files appear, the weights last.
 *
 * @param part The part; the scores it needs are there.
 * @param context What parts share.
 */
export async function runBalancePart(
  part: BalancePart,
  context: Pick<PartContext, "folder" | "options" | "prepared">,
): Promise<void> {
  const { folder, options, prepared } = context;
  const { tasks } = options;
  const method = methodById(part.method);
  if (method.weigh === undefined) {
    throw new Error(`the part ${part.id} is of ${part.method}, which does not weigh`);
  }
  // null where a model was not scored on a task.
  const row = async (file: string): Promise<(number | null)[]> => {
    const { scores } = await readResult(folder, file);
    return tasks.map((task) => scores.find((score) => score.task === task)?.score ?? null);
  };
  const scores: Record<string, (number | null)[] | (number | null)[][]> = {};
  for (const [name, file] of Object.entries(part.scores)) {
    scores[name] = typeof file === "string" ? await row(file) : await Promise.all(file.map(row));
  }
  const table = {
    seed: part.seed,
    tasks,
    metrics: prepared.dataset.tasks.map(({ metric }) => metric),
    ...scores,
    ...(part.tried && await readTrials(part.tried, part.seed, context)),
    questions: prepared.questions.val.map(({ questions }) => questions.length),
  };
  await writeJson(join(folder, part.table), table);
  await writeJson(join(folder, part.file), method.weigh([table], methodSettings(options)));
}
