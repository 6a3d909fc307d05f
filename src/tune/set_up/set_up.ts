/**
 * What comes before a run's parts: the data made ready, run.json written, every image encoded.
 *
 * @module
 */

import type { Engine } from "../../train/engine.ts";
import { noImageInputs } from "../../train/image_inputs.ts";
import { extendSeeds } from "../../run/extend_seeds.ts";
import { isScoring } from "../../run/part.ts";
import { planRun } from "../../run/plan.ts";
import { prepare, type Prepared } from "../data/prepare.ts";
import { runIdOf, writeRunInfo } from "../../run/run_info_file.ts";
import { finishedParts } from "../finished_parts.ts";
import type { TuneCallbacks, TunePlace } from "../callbacks.ts";
import type { RunInfo } from "../../run/records/run_info.ts";
import { comparePictures } from "./compare_runs.ts";
import { keepingNotes } from "./keeping_notes.ts";
import { readAll, type Setting } from "./read_all.ts";
import { readInputs } from "./read_inputs.ts";

/**
 * Makes the data ready, writes run.json, and computes the images' features if a part needs them.
 *
 * @param engine Where the model runs.
 * @param setting What is known so far.
 * @param place Where to write.
 * @param callbacks Progress and interruption.
 * @returns What the parts read, run.json, and names of the parts that are finished.
 * @throws {InputError} As {@linkcode readAll}; if pictures changed since the run began.
 */
export async function setUp(
  engine: Engine,
  setting: Setting,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<{ prepared: Prepared; run: RunInfo; finished: ReadonlySet<string> }> {
  const { before, resolved } = setting;
  const ready = await readAll(engine, setting, place, callbacks);
  const { model, encoded, run } = ready;
  try {
    await comparePictures(before, run, setting, place, callbacks);
    run.id = before?.id ?? await runIdOf(run);
    if (before !== undefined && JSON.stringify(before.resolved.seeds) !== JSON.stringify(resolved.seeds)) {
      await extendSeeds(place.out, resolved.seeds);
    }
    await writeRunInfo(place.out, run);

    const plan = planRun(resolved), files = { folder: place.out, runId: run.id };
    const { event } = keepingNotes(run, callbacks);
    const finished = await finishedParts(plan, files, (text) => event({ kind: "note", text }));
    if (run.sittings.at(-1)!.notes !== undefined) await writeRunInfo(place.out, run);
    const complete = plan.every((part) => !isScoring(part) || finished.has(part.id));
    const inputs = complete ? undefined : await readInputs(model, ready, setting, place, callbacks);
    if (inputs === undefined) ready.close();
    return { prepared: prepare(encoded, inputs ?? noImageInputs()), run, finished };
  } catch (error) {
    ready.close();
    throw error;
  } finally {
    model.destroy();
  }
}
