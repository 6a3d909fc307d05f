/**
 * What is known of a run before its data are looked at.
 *
 * @module
 */

import { join } from "@std/path";
import { InputError } from "../../errors.ts";
import type { MemoryPlan } from "../../lmm/memory_need.ts";
import { frozenModules, holding, loraOf } from "../../lmm/trainer/settings.ts";
import type { RunInfo } from "../../run/records/run_info.ts";
import { type CheckpointFiles, readCheckpoint } from "../../train/checkpoint_files.ts";
import type { Engine } from "../../train/engine.ts";
import { memoryNote } from "../../train/memory_check.ts";
import { type Preset, presetByName } from "../../train/presets.ts";
import type { TuneCallbacks, TunePlace } from "../callbacks.ts";
import { checkOptions } from "../options/check_options.ts";
import type { TuneOptions } from "../options/settings.ts";

/** What is known of a run before its data are looked at. */
export interface Begun {
  before: RunInfo | undefined;
  /** The options as given, now or when the run began. */
  given: TuneOptions;
  /** Those given now. */
  asked: TuneOptions;
  preset: Preset;
  checkpoint: CheckpointFiles;
}

/** Checks the options and opens the base; without an engine nothing is checked that a device must tell. */
export async function begin(
  engine: Engine | undefined,
  options: TuneOptions,
  place: TunePlace,
  before: RunInfo | undefined,
  callbacks: TuneCallbacks,
): Promise<Begun> {
  if (place.resume && before === undefined) {
    callbacks.event?.({
      kind: "note",
      text: `There is no run in ${place.out} to go on with: this one begins.`,
    });
  }
  // What was given before need not be given again; whatever is given again must not differ.
  const { stateEverySeconds: _, ...asked } = options;
  const given: TuneOptions = { ...before?.given, ...asked };
  checkOptions(given);
  engine?.checkStorage(given.storage ?? "f32");
  const preset = presetByName(given.preset ?? "tiny");
  const checkpoint = await readCheckpoint(given.checkpoint ?? join(place.root, preset.checkpoint), {
    whole: given.wholePictures === true,
    exif: given.exif === true,
    maxPixels: given.maxPixels,
  });
  if (checkpoint.adapter !== undefined) {
    throw new InputError(
      `--checkpoint ${checkpoint.folder}: expected a whole checkpoint to tune, found a LoRA adapter. ` +
        "Merge it first: deno task merge <adapter> <folder>",
    );
  }
  const lora = loraOf(given, checkpoint.config, 0); // targets that name nothing are told before anything is drawn
  // What the longest step takes is known, and checked, once the data are read; parameters alone can be too much.
  if (engine) memoryNote(engine, checkpoint, { ...leastPlan(given, preset, checkpoint.config), lora });
  return { before, given, asked, preset, checkpoint };
}

/** The smallest step that the options allow. */
function leastPlan(given: TuneOptions, { tune }: Preset, config: unknown): MemoryPlan {
  const frozen = frozenModules(given, tune.frozen, config);
  const settings = { frozen, storage: given.storage ?? tune.storage };
  return { ...holding(settings), rows: 1, tiles: 1, cached: 0 };
}
