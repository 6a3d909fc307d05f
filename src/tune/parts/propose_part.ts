/**
 * A part that chooses the weights to be tried next.
 *
 * @module
 */

import { methodSettings } from "../../balance/methods/method_settings.ts";
import { methodById } from "../../balance/methods/registry.ts";
import type { ProposePart } from "../../run/part.ts";
import { writeRecord } from "../../run/run_files.ts";
import type { PartContext } from "./context.ts";
import { readTrials } from "./trials.ts";

/**
 * Has the method choose, from the files of what was tried.
 *
 * @param part The part; the files it needs are there.
 * @param context What parts share.
 */
export async function runProposePart(
  part: ProposePart,
  context: Pick<PartContext, "folder" | "runId" | "options">,
): Promise<void> {
  const method = methodById(part.method);
  if (method.propose === undefined) {
    throw new Error(`the part ${part.id} is of ${part.method}, which does not propose weights`);
  }
  const table = await readTrials(part.tried, part.seed, context);
  await writeRecord(context, part.file, method.propose(table, methodSettings(context.options)));
}
