/**
 * What is known of a run ahead of it: what it would take, its plan.
 *
 * @module
 */

import { join } from "@std/path";
import { exists, removeIfThere } from "../run/files.ts";
import type { ResolvedOptions } from "../run/records/run_info.ts";
import type { Engine } from "../train/engine.ts";
import type { TuneCallbacks, TunePlace } from "./callbacks.ts";
import { type DryRun, measureRun } from "./dry_run.ts";
import type { TuneOptions } from "./options/settings.ts";
import { begin, type Begun } from "./set_up/begin.ts";
import { findRun } from "./set_up/find_run.ts";
import { readAll } from "./set_up/read_all.ts";
import { SCENES, settle } from "./set_up/settle.ts";

/**
 * Says what a run would do and take: reads and checks the data as it would, plans every part, checks that the longest
 * step fits, and times some steps and answers. Writes no run folder; what must be drawn goes into a temporary folder
 * that is removed. With `resume` it is of what is left of the run in `out`.
 *
 * @param engine Where the model runs.
 * @param options What to tune, on what.
 * @param place Where the run would be.
 * @param callbacks Progress and interruption.
 * @returns Steps, tokens, memory, disk, time.
 * @throws {InputError} Wherever the run would, but for a folder in use by another process.
 */
export async function dryRun(
  engine: Engine,
  options: TuneOptions,
  place: TunePlace,
  callbacks: TuneCallbacks = {},
): Promise<DryRun> {
  const begun = await begin(engine, options, place, await findRun(place), callbacks);
  return await onData(begun, place, async (data, drawn) => {
    const began = performance.now();
    const setting = await settle(begun, data, place, callbacks);
    const ready = await readAll(engine, setting, place, callbacks);
    const reading = (performance.now() - began) / 1000;
    try {
      return await measureRun(setting, ready, { reading, drawn: drawn ? data : undefined }, callbacks);
    } finally {
      ready.close();
      ready.model.destroy();
    }
  });
}

/**
 * Settles the options of a run that is yet to be prepared, so that its plan is known: reads the data's files, no pictures,
 * and needs no device. Writes no run folder.
 *
 * @param options What to tune, on what.
 * @param place Where the run will be.
 * @param callbacks Progress and interruption.
 * @returns The options after presets and defaults.
 * @throws {InputError} Wherever the run would, but for what only a device or the pictures tell.
 */
export async function planAhead(
  options: TuneOptions,
  place: TunePlace,
  callbacks: TuneCallbacks = {},
): Promise<ResolvedOptions> {
  const begun = await begin(undefined, options, place, await findRun(place), callbacks);
  return await onData(begun, place, async (data) => (await settle(begun, data, place, callbacks)).resolved);
}

/** Does work on a run's data; what must be drawn goes into a temporary folder that is removed. */
async function onData<T>(
  { given }: Begun,
  { out }: TunePlace,
  work: (data: string, drawn: boolean) => Promise<T>,
): Promise<T> {
  if (given.data !== undefined) return await work(given.data, false);
  const scenes = join(out, SCENES);
  if (await exists(scenes)) return await work(scenes, false);
  const temporary = await Deno.makeTempDir({ prefix: "cotbal-" });
  try {
    return await work(join(temporary, SCENES), true);
  } finally {
    await removeIfThere(temporary);
  }
}
