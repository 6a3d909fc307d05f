/**
 * A run that is to be submitted: its plan, and how far it is.
 *
 * @module
 */

import { join } from "@std/path";
import type { RunStand } from "../../src/cluster/job_plan.ts";
import { InputError } from "../../src/errors.ts";
import { exists } from "../../src/run/files.ts";
import { partStates } from "../../src/run/part_states.ts";
import { planRun } from "../../src/run/plan.ts";
import { inspectRecord, RESULTS_FILE } from "../../src/run/run_files.ts";
import type { ResolvedOptions, RunInfo } from "../../src/run/records/run_info.ts";
import { readRunInfo } from "../../src/run/run_info_file.ts";
import type { TuneCallbacks, TunePlace } from "../../src/tune/callbacks.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { planAhead } from "../../src/tune/ahead.ts";

/** What is known of the run. */
export interface RunToSubmit {
  /** How it stands. */
  stand: Omit<RunStand, "jobs" | "states">;
  /** Its options after presets and defaults. */
  options: ResolvedOptions;
  /** What its run.json says; undefined where it is yet to be made ready. */
  info?: RunInfo;
}

/**
 * Looks at a run; of one that is yet to be made ready it reads the data as far as the plan needs it, without a device.
 *
 * @param given The options of tune that were given.
 * @param place Where the run is, or is to be.
 * @param callbacks Progress and interruption.
 * @returns What is known of it.
 * @throws {InputError} If options or data cannot be used, or options were given that are not the run's.
 */
export async function runToSubmit(
  given: TuneOptions,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<RunToSubmit> {
  const info = await readRunInfo(place.out);
  if (info === undefined) {
    const options = await planAhead(given, { ...place, resume: false }, callbacks);
    return { options, stand: { plan: planRun(options), done: new Set(), prepared: false, finished: false } };
  }
  checkSame(given, info, place.out);
  const states = await partStates(place.out);
  const done = new Set(states.filter(({ state }) => state.state === "done").map(({ part }) => part.id));
  const results = await inspectRecord({ folder: place.out, runId: info.id }, RESULTS_FILE);
  const finished = results !== undefined && results.fault === undefined &&
    await exists(join(place.out, "report.html"));
  return {
    options: info.resolved,
    stand: { plan: states.map(({ part }) => part), done, prepared: true, finished },
    info,
  };
}

function checkSame(given: TuneOptions, info: RunInfo, out: string): void {
  const other = Object.entries(given).find(([name, value]) =>
    JSON.stringify(value) !== JSON.stringify(info.given[name])
  );
  if (other === undefined) return;
  const [name, value] = other;
  throw new InputError(
    `${out}: expected the options that this run began with, found ${name} = ${
      JSON.stringify(value)
    } in place of ` +
      `${
        JSON.stringify(info.given[name]) ?? "none"
      }. Leave the options of tune out, or name a new folder; more seeds are ` +
      `added by deno task tune --seeds … --prepare --resume --out ${out}`,
  );
}
