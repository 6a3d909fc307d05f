/** The processes that worked on a run, in its run.json: several may add themselves at a time. @module */

import type { Claims } from "../../run/claims/claims.ts";
import { exclusively } from "../../run/claims/exclusively.ts";
import type { RunInfo, Sitting } from "../../run/records/run_info.ts";
import { readRunInfo, writeRunInfo } from "../../run/run_info_file.ts";

/**
 * Writes run.json with a sitting as it stands; those that other processes wrote meanwhile stay.
 *
 * @param folder The run's folder.
 * @param run What the file is to hold; its sittings become those that there are.
 * @param sitting This process's, one of `run`'s.
 * @param claims Who else works on the run.
 */
export async function saveSitting(
  folder: string,
  run: RunInfo,
  sitting: Sitting,
  claims: Claims,
): Promise<void> {
  await exclusively(claims, "run.json", async () => {
    const there = (await readRunInfo(folder))?.sittings ?? run.sittings.filter((one) => one !== sitting);
    const own = there.findIndex(({ id }) => id !== undefined && id === sitting.id);
    run.sittings = own < 0 ? [...there, sitting] : there.with(own, sitting);
    await writeRunInfo(folder, run);
  });
}
