/** What is said of a run on which different adapters worked. @module */

import type { RunInfo } from "../../run/records/run_info.ts";

/**
 * Says that bits may differ, where they may.
 *
 * @param run run.json.
 * @returns One sentence, or none.
 */
export function adaptersNote({ sittings }: Pick<RunInfo, "sittings">): string[] {
  if (new Set(sittings.map(({ adapter }) => JSON.stringify(adapter))).size < 2) return [];
  return [
    "Different adapters worked on this run: its parts may differ in the last bits from those of a run on one adapter.",
  ];
}
