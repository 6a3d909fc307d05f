/** The processes that worked on a run, in its run.json: several may add themselves at a time. @module */

import type { Claims } from "../../run/claims/claims.ts";
import { exclusively } from "../../run/claims/exclusively.ts";
import type { RunInfo, Sitting } from "../../run/records/run_info.ts";
import { readRunInfo, writeRunInfo } from "../../run/run_info_file.ts";

/**
 * Writes run.json with a sitting as it stands; sittings and notes that other processes wrote meanwhile stay.
 *
 * @param folder The run's folder.
 * @param run What the file is to hold; its sittings become those that there are, its notes get those of other processes.
 * @param sitting This process's, one of `run`'s.
 * @param claims Who else works on the run.
 * @param alone Whether this process sets up the run: notes of before are not true any more.
 */
export async function saveSitting(
  folder: string,
  run: RunInfo,
  sitting: Sitting,
  claims: Claims,
  alone = false,
): Promise<void> {
  await exclusively(claims, "run.json", async () => {
    const before = await readRunInfo(folder);
    const there = before?.sittings ?? run.sittings.filter((one) => one !== sitting);
    // Whoever makes the results adds to the notes.
    if (!alone) run.notes.push(...before?.notes.filter((note) => !run.notes.includes(note)) ?? []);
    const own = there.findIndex(({ id }) => id !== undefined && id === sitting.id);
    run.sittings = own < 0 ? [...there, sitting] : there.with(own, sitting);
    await writeRunInfo(folder, run);
  });
}
