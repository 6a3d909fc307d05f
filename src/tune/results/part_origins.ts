/** Where the parts of a run were carried out. @module */

import type { Part } from "../../run/part.ts";
import type { PartOrigin } from "../../run/records/results.ts";
import type { Sitting } from "../../run/records/run_info.ts";
import { inspectRecord, type RunFiles } from "../../run/run_files.ts";

/**
 * Reads from the parts' files which process made them, and from run.json what that is.
 *
 * @param plan The parts.
 * @param sittings The processes that worked on the run.
 * @param files Where the run's files are.
 * @returns What is known, in the order of the plan; parts without results of their own (weights, which are
 * arithmetic alone), and those that an older version carried out, are left out.
 */
export async function partOrigins(
  plan: readonly Part[],
  sittings: readonly Sitting[],
  files: RunFiles,
): Promise<PartOrigin[]> {
  const known = new Map(sittings.map((sitting) => [sitting.id, sitting]));
  const origins: PartOrigin[] = [];
  for (const part of plan) {
    const found = await inspectRecord(files, part.file);
    const made = found?.fault === undefined ? found?.made : undefined;
    const sitting = made && known.get(made.sitting);
    if (made === undefined || sitting === undefined) continue;
    const { host = "", process = 0, adapter, versions = {} } = sitting;
    const { seconds, joules = null } = made;
    origins.push({ part: part.id, host, process, adapter, versions, seconds, joules });
  }
  return origins;
}
