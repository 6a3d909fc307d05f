/**
 * A part that chooses the weights to be tried next.
 *
 * @module
 */

import { join } from "@std/path";
import { methodSettings } from "../../balance/methods/method_settings.ts";
import { methodById } from "../../balance/methods/registry.ts";
import { writeJson } from "../../run/files.ts";
import type { ProposePart } from "../../run/part.ts";
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
  context: Pick<PartContext, "folder" | "options">,
): Promise<void> {
  const method = methodById(part.method);
  if (method.propose === undefined) {
    throw new Error(`the part ${part.id} is of ${part.method}, which does not propose weights`);
  }
  const table = await readTrials(part.tried, part.seed, context);
  await writeJson(join(context.folder, part.file), method.propose(table, methodSettings(context.options)));
}
