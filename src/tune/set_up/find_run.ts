/**
 * The run that a folder holds.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { isEarly } from "../../run/early_files.ts";
import { finishExtension } from "../../run/extend_seeds.ts";
import { LOCK_FILE } from "../../run/lock.ts";
import type { RunInfo } from "../../run/records/run_info.ts";
import { RUN_FORMAT } from "../../run/run_files.ts";
import { readRunInfo } from "../../run/run_info_file.ts";
import type { TunePlace } from "../callbacks.ts";

/** The run that `out` holds, if it is to go on; refuses a folder in use. */
export async function openRun(place: TunePlace): Promise<RunInfo | undefined> {
  if (place.resume) await finishExtension(place.out);
  return await findRun(place);
}

/** The same, writing nothing. */
export async function findRun({ out, resume }: TunePlace): Promise<RunInfo | undefined> {
  const run = resume ? await readRunInfo(out) : undefined;
  if (run !== undefined && run.id === undefined) {
    throw new InputError(
      `--resume: expected a run of format ${RUN_FORMAT} in ${out}, found format ${run.format}, whose files do not say ` +
        "whether they are whole. Finish it with the version that began it, or start another run with another --out",
    );
  }
  if (run !== undefined) return run;
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(out)) if (name !== LOCK_FILE) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  // A run that was killed before it wrote run.json leaves no more than these.
  if (names.every(isEarly)) return undefined;
  throw new InputError(
    resume
      ? `--resume: expected a run in ${out}, found files but no run.json; choose the run's folder with --out`
      : `--out ${out}: expected a new or empty folder, found ${names.length} files in it. ` +
        "Go on with that run by --resume, or choose another folder",
  );
}
