/**
 * What comes before a run's parts: the data made ready, run.json written, every image encoded.
 *
 * @module
 */

import { join } from "@std/path";
import type { Engine } from "../../train/engine.ts";
import { noImageInputs } from "../../train/image_inputs.ts";
import { extendSeeds } from "../../run/extend_seeds.ts";
import { isScoring } from "../../run/part.ts";
import { planRun } from "../../run/plan.ts";
import { prepare, type Prepared } from "../data/prepare.ts";
import { runIdOf } from "../../run/run_info_file.ts";
import { finishedParts } from "../finished_parts.ts";
import type { TuneCallbacks, TunePlace } from "../callbacks.ts";
import type { Claims } from "../../run/claims/claims.ts";
import { InputError } from "../../errors.ts";
import { removePartial } from "../../run/files.ts";
import type { Part } from "../../run/part.ts";
import { RUN_FILE } from "../../run/run_files.ts";
import type { RunInfo, Sitting } from "../../run/records/run_info.ts";
import { comparePictures } from "./compare_runs.ts";
import { keepingNotes } from "./keeping_notes.ts";
import { readAll, type Setting } from "./read_all.ts";
import { readInputs } from "./read_inputs.ts";
import { saveSitting } from "./sittings.ts";

/** Who sets up. */
export interface Company {
  /** Who else works on the run. */
  claims: Claims;
  /** Whether another process prepared the run, and may be at work on it now. */
  shared: boolean;
  /** The parts that this process is for; all, if left out. */
  only?: readonly Part[];
}

/** What the parts of a run read, and what is known of it. */
export interface SetUp {
  prepared: Prepared;
  /** run.json. */
  run: RunInfo;
  /** This process's entry there. */
  sitting: Sitting;
  /** Names of the parts that are finished. */
  finished: ReadonlySet<string>;
}

/**
 * Makes the data ready, writes run.json, and computes the images' features if a part needs them. In a run that is shared
 * nothing is changed but that this process adds itself to run.json.
 *
 * @param engine Where the model runs.
 * @param setting What is known so far.
 * @param place Where to write.
 * @param company Who else is there.
 * @param callbacks Progress and interruption.
 * @returns What the parts read, run.json, and names of the parts that are finished.
 * @throws {InputError} As {@linkcode readAll}; if pictures changed since the run began; if other seeds are asked of a run
 * that is shared.
 */
export async function setUp(
  engine: Engine,
  setting: Setting,
  place: TunePlace,
  { claims, shared, only }: Company,
  callbacks: TuneCallbacks,
): Promise<SetUp> {
  const { before, resolved } = setting;
  const otherSeeds = before !== undefined &&
    JSON.stringify(before.resolved.seeds) !== JSON.stringify(resolved.seeds);
  if (shared && otherSeeds) {
    throw new InputError(
      `--seeds: expected those of the run in ${place.out} (${before!.resolved.seeds.join(", ")}), found ${
        resolved.seeds.join(", ")
      }. A run gets more seeds from one process alone: deno task tune --out ${place.out} --resume --seeds …`,
    );
  }
  const ready = await readAll(engine, setting, place, callbacks);
  const { model, encoded } = ready;
  try {
    await comparePictures(before, ready.run, setting, place, callbacks);
    const sitting = { ...claims.self, ...ready.run.sittings.at(-1)! };
    const sittings = [...before?.sittings ?? [], sitting];
    // The process that prepared a run says what it is.
    const run: RunInfo = shared ? { ...before!, sittings } : { ...ready.run, sittings };
    run.id = before?.id ?? await runIdOf(run);
    if (otherSeeds) await extendSeeds(place.out, resolved.seeds);
    if (!shared) { for (const file of [RUN_FILE, ...LEFT]) await removePartial(join(place.out, file)); }
    await saveSitting(place.out, run, sitting, claims, !shared);

    const plan = only ?? planRun(resolved), files = { folder: place.out, runId: run.id };
    const { event } = keepingNotes(sitting, callbacks);
    const finished = await finishedParts(plan, files, (text) => event({ kind: "note", text }));
    if (sitting.notes !== undefined) await saveSitting(place.out, run, sitting, claims);
    const complete = plan.every((part) => !isScoring(part) || finished.has(part.id));
    const inputs = complete ? undefined : await readInputs(model, ready, setting, place, claims, callbacks);
    if (inputs === undefined) ready.close();
    return { prepared: prepare(encoded, inputs ?? noImageInputs()), run, sitting, finished };
  } catch (error) {
    ready.close();
    throw error;
  } finally {
    model.destroy();
  }
}

/** Files of which a kill may have left a piece. */
const LEFT = [
  "results.json",
  "statistics.json",
  "examples.json",
  "report.html",
  "weights.json",
  "intervals.json",
];
