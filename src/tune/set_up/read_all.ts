/** What is known of a run before anything is written: its data, read and checked, and what is still to be done. @module */

import { join, resolve } from "@std/path";
import { endlessConversations } from "../../data/text/answer_ends.ts";
import { openPicturePool } from "../../data/images/picture_pool.ts";
import { createImageStore, type ImageStore } from "../../data/images/image_store.ts";
import { loadDataset, type LoadOptions } from "../../data/dataset/load_dataset.ts";
import { validateDataset } from "../../data/dataset/validate_dataset.ts";
import type { Dataset } from "../../data/types.ts";
import { InputError } from "../../errors.ts";
import { holding, loraOf } from "../../lmm/trainer/settings.ts";
import { type CheckpointFiles, loadModel } from "../../train/checkpoint_files.ts";
import type { Engine, EngineModel } from "../../train/engine.ts";
import { noImageInputs } from "../../train/image_inputs.ts";
import type { TuneOptions } from "../options/settings.ts";
import { thisMachine } from "../../train/memory_check.ts";
import type { Part } from "../../run/part.ts";
import { placesBefore } from "../../run/extend_seeds.ts";
import { planRun } from "../../run/plan.ts";
import { type Encoded, encodeDataset, encodeZeroShot } from "../data/encode.ts";
import { prepare } from "../data/prepare.ts";
import { describeModel, summarise } from "../data/summarise.ts";
import { exists } from "../../run/files.ts";
import { RUN_FORMAT } from "../../run/run_files.ts";
import { checkLongest, needNote, type Planned } from "../longest_check.ts";
import { probeNotes } from "../probe_tokens.ts";
import type { TuneCallbacks, TunePlace } from "../callbacks.ts";
import type { DatasetSummary, ResolvedOptions, RunInfo } from "../../run/records/run_info.ts";
import { compareRuns } from "./compare_runs.ts";
import type { DrawnPictures } from "./scenes.ts";

/**
 * Reads the tasks that are answered and never tuned on, if any were asked for.
 *
 * @param given What was asked for.
 * @param scenes Folder of the built-in benchmark, which holds some where they were drawn.
 * @returns Their test splits; undefined if nobody asked.
 * @throws {InputError} If they cannot be used.
 */
export async function loadZeroShot(given: TuneOptions, scenes: string): Promise<Dataset | undefined> {
  const drawn = given.zeroShot === undefined ? undefined : join(scenes, "zero-shot");
  const path = given.zeroShotData ?? drawn;
  return path === undefined
    ? undefined
    : await loadDataset(path, { splits: ["test"], ...readingOptions(given), nameLater: true });
}

/** How data is read, as asked for. */
export function readingOptions(
  { skipBad, imageFolder, maxPixels }: TuneOptions,
): Pick<LoadOptions, "skipBad" | "imageFolder" | "maxPixels"> {
  return {
    ...(skipBad !== undefined && { skipBad }),
    ...(imageFolder !== undefined && { imageFolder }),
    ...(maxPixels !== undefined && { maxPixels }),
  };
}

/** What is known before the model is loaded. */
export interface Setting {
  given: TuneOptions;
  resolved: ResolvedOptions;
  dataset: Dataset;
  /** The tasks that are answered and never tuned on, and where they lie. */
  zeroShot: Dataset | undefined;
  checkpoint: CheckpointFiles;
  source: { kind: "scenes" | "folder"; path: string };
  notes: string[];
  before: RunInfo | undefined;
  /** Pictures that were drawn a moment ago. */
  drawn: DrawnPictures;
}

/** What is known once the data are read, and before anything is written. */
export interface Ready {
  /** The base, loaded as the run's options say; whoever has this gives it back. */
  model: EngineModel;
  /** Its images. */
  images: ImageStore;
  /** Tiles of an image that a step is about to need. */
  tiles: (path: string) => Promise<Float32Array[]>;
  /** Ends the threads that read images. */
  close: () => void;
  /** The data. */
  encoded: Encoded;
  /** run.json as it will be. */
  run: RunInfo;
  /** What is still to be done, and what it takes. */
  planned: Planned;
  /** Seconds that loading the base took. */
  loading: number;
}

/**
 * Loads the base, reads and checks the data, and plans what is still to be done. Writes nothing.
 *
 * @param engine Where the model runs.
 * @param setting What is known so far.
 * @param place Where the run is.
 * @param callbacks Progress and interruption.
 * @returns All that the run needs.
 * @throws {InputError} If the data cannot be used, data or base changed since the run began, or it cannot fit the device.
 */
export async function readAll(
  engine: Engine,
  { given, resolved, dataset, zeroShot, checkpoint, source, notes, before, drawn }: Setting,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<Ready> {
  const machine = place.machine ?? thisMachine(engine);
  const began = performance.now();
  const lora = loraOf(resolved, checkpoint.config, resolved.seeds[0]!);
  const model = await loadModel(engine, checkpoint, { ...holding(resolved), lora });
  const loading = (performance.now() - began) / 1000;
  const { processor } = checkpoint;
  const few = imageCount([dataset, zeroShot]) <= READ_FIRST;
  const pool = openPicturePool(processor, few ? {} : { few: 0 });
  const cut = (path: string) => {
    const known = drawn.get(resolve(path));
    return known === undefined ? pool.cut(path) : Promise.resolve(processor.cut(known));
  };
  try {
    const limits = { ...resolved, maxTokens: Math.min(resolved.maxTokens, model.maxPositions) };
    const images = createImageStore(processor, { ahead: pool.ahead, cut });
    const skipBad = resolved.skipBad === true;
    // What was left out when the run began must be left out again: it is looked for again.
    const look = before !== undefined && !skipBad ? {} : {
      read: few || skipBad ? true : "doubtful" as const,
      skipBad,
      onProgress: (done: number, total: number) => {
        callbacks.signal?.throwIfAborted();
        callbacks.event?.({ kind: "setup", doing: "reading images", done, total });
      },
    };
    let encoded = await encodeDataset(dataset, checkpoint, images, limits, look);
    let untuned: DatasetSummary | undefined;
    if (zeroShot !== undefined && resolved.zeroShot !== undefined) {
      const { questions, data } = resolved.zeroShot;
      const found = await encodeZeroShot(encoded, zeroShot, checkpoint, images, {
        maxTokens: limits.maxTokens,
        maxNewTokens: limits.maxNewTokens,
        questions,
      }, look);
      encoded = found.encoded;
      untuned = summarise({ dataset: zeroShot, conversations: found.conversations }, {
        kind: data === null ? "scenes" : "folder",
        path: data ?? join(source.path, "zero-shot"),
      });
    }
    const system = { os: Deno.build.os, arch: Deno.build.arch, cores: navigator.hardwareConcurrency };
    const run: RunInfo = {
      format: RUN_FORMAT,
      versions: place.versions,
      system,
      given: { ...given },
      resolved,
      dataset: summarise(encoded, source),
      ...(untuned && { zeroShot: untuned }),
      model: await describeModel(model, checkpoint, resolved),
      sittings: [
        ...before?.sittings ?? [],
        {
          start: new Date().toISOString(),
          end: null,
          adapter: engine.adapter,
          versions: place.versions,
          system,
        },
      ],
      notes: [
        ...checkpoint.format.notes,
        ...dataset.notes,
        ...zeroShot?.notes ?? [],
        ...notes,
        ...probeNotes(encoded, resolved),
        ...endlessNotes(encoded, checkpoint),
      ],
    };
    if (before !== undefined) run.notes.push(...compareRuns(before, run, place.out));
    const open: Part[] = [];
    const placeOf = placesBefore(before?.resolved ?? resolved, resolved.seeds);
    for (const part of planRun(resolved)) {
      const file = placeOf(part.file);
      if (file === undefined || !(await exists(join(place.out, file)))) open.push(part);
    }
    const planned = checkLongest(open, {
      engine,
      model,
      checkpoint,
      prepared: prepare(encoded, noImageInputs()),
      options: resolved,
      machine,
    });
    const need = needNote(planned, machine);
    if (need !== undefined) run.notes.push(need);
    for (const text of run.notes) callbacks.event?.({ kind: "note", text });
    // An image that cannot be read is found late where there are many; then all of them are looked for.
    let whole: Promise<unknown> | undefined;
    const tiles = async (path: string) => {
      try {
        return await images.tiles(path);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        whole ??= findUnreadable([dataset, zeroShot], checkpoint, images, limits, callbacks);
        await whole;
        throw error;
      }
    };
    return { model, images, tiles, close: () => pool.close(), encoded, run, planned, loading };
  } catch (error) {
    pool.close();
    model.destroy();
    throw error;
  }
}

/** Whether training conversations lack a token that ends them. */
function endlessNotes(
  { dataset, conversations }: Encoded,
  { format, tokenizer, stops }: CheckpointFiles,
): string[] {
  const train = [...dataset.samples.train.values()].flat().map((sample) => conversations.get(sample)!);
  const endless = endlessConversations(train, stops);
  if (endless === 0 || format.stops.length === 0) return []; // the latter is among the format's notes
  const names = stops.map((id) => tokenizer.special(id) ?? id).join(" or ");
  return [
    `${endless} of the ${train.length} training conversations end without ${names}: ${format.name} writes none after ` +
    "their last answer. A tuned model may not learn to stop; have the template write one after every answer.",
  ];
}

/** Reads every image, and names those that cannot be read. */
async function findUnreadable(
  datasets: readonly (Dataset | undefined)[],
  { format }: CheckpointFiles,
  images: ImageStore,
  limits: { maxTokens: number },
  { event, signal }: TuneCallbacks,
): Promise<void> {
  for (const dataset of datasets) {
    if (dataset === undefined) continue;
    await validateDataset(dataset, format, images, limits, {
      read: true,
      onProgress: (done, total) => {
        signal?.throwIfAborted();
        event?.({ kind: "setup", doing: "looking for more images that cannot be read", done, total });
      },
    });
  }
}

/** Up to so many images, all are decoded before the first step. */
export const READ_FIRST = 10_000;

/** How many images the dataset shows. */
function imageCount(datasets: readonly (Dataset | undefined)[]): number {
  const images = new Set<string>();
  for (const dataset of datasets) {
    for (const tasks of Object.values(dataset?.samples ?? {})) {
      for (const samples of tasks.values()) {
        for (const sample of samples) for (const path of sample.images) images.add(path);
      }
    }
  }
  return images.size;
}
