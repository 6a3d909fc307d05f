/**
 * What comes before a run's parts: the benchmark is drawn, the data made ready, run.json written, every image encoded.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { createImageStore, type ImageStore } from "../data/images/image_store.ts";
import type { Dataset } from "../data/types.ts";
import { InputError } from "../errors.ts";
import { TRAIN_CONVERSATIONS, writeScenes } from "../scenes/write.ts";
import { type CheckpointFiles, loadModel } from "../train/checkpoint_files.ts";
import type { Engine, EngineModel } from "../train/engine.ts";
import { computeImageInputs, type ImageInputs, noImageInputs } from "../train/image_inputs.ts";
import type { TuneOptions } from "./settings.ts";
import { isScoring } from "../run/part.ts";
import { planRun } from "../run/plan.ts";
import { type Encoded, encodeDataset } from "./data/encode.ts";
import { prepare, type Prepared } from "./data/prepare.ts";
import { describeModel, summarise } from "./data/summarise.ts";
import { sha256 } from "../run/sha256.ts";
import { exists, removeIfThere, writeJson } from "../run/files.ts";
import type { TuneCallbacks, TunePlace } from "./callbacks.ts";
import type { ResolvedOptions, RunInfo } from "../run/records/run_info.ts";

/**
 * Unknown tasks are found out before anything is drawn.
 *
 * @param asked The tasks that were asked for, if any.
 * @throws {InputError} If the built-in benchmark lacks one.
 */
export function checkSceneTasks(asked: readonly string[] | undefined): void {
  const known = Object.keys(TRAIN_CONVERSATIONS);
  const unknown = asked?.find((task) => !known.includes(task));
  if (unknown !== undefined) {
    throw new InputError(`--tasks: expected some of ${known.join(", ")}, found ${JSON.stringify(unknown)}`);
  }
}

/**
 * Writes the built-in benchmark into the run, unless it is there.
 *
 * @param folder Where to.
 * @param checkpoint Says how large its images are.
 * @param scale Multiplies the number of conversations.
 * @param callbacks Progress and interruption.
 */
export async function drawScenes(
  folder: string,
  checkpoint: CheckpointFiles,
  scale: number,
  { event, signal }: TuneCallbacks,
): Promise<void> {
  for await (const { name } of Deno.readDir(dirname(folder))) {
    // Left by a process that was killed while it drew.
    if (/^scenes\..*\.partial$/.test(name)) await removeIfThere(join(dirname(folder), name));
  }
  const times = (count: number, least: number) => Math.max(least, Math.round(scale * count));
  const train = Object.fromEntries(
    Object.entries(TRAIN_CONVERSATIONS).map(([task, count]) => [task, times(count, 16)]),
  );
  const asked = times(200, 20);
  await writeScenes(
    folder,
    { size: checkpoint.preprocessing.size, train, val: asked, test: asked, ...(signal && { signal }) },
    (done, total) => event?.({ kind: "setup", doing: "drawing scenes", done, total }),
  );
}

/** What is known before the model is loaded. */
export interface Setting {
  given: TuneOptions;
  resolved: ResolvedOptions;
  dataset: Dataset;
  checkpoint: CheckpointFiles;
  source: { kind: "scenes" | "folder"; path: string };
  notes: string[];
  before: RunInfo | undefined;
}

/**
 * Makes the data ready, writes run.json, and computes the images' features if a part needs them.
 *
 * @param engine Where the model runs.
 * @param setting What is known so far.
 * @param place Where to write.
 * @param callbacks Progress and interruption.
 * @returns What the parts read, and run.json.
 * @throws {InputError} If the data cannot be used, or data or base changed since the run began.
 */
export async function setUp(
  engine: Engine,
  { given, resolved, dataset, checkpoint, source, notes, before }: Setting,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<{ prepared: Prepared; run: RunInfo }> {
  const model = loadModel(engine, checkpoint);
  try {
    const limits = { ...resolved, maxTokens: Math.min(resolved.maxTokens, model.maxPositions) };
    const images = createImageStore(checkpoint.preprocessing);
    const look = before !== undefined ? {} : {
      images,
      onProgress: (done: number, total: number) => {
        callbacks.signal?.throwIfAborted();
        callbacks.event?.({ kind: "setup", doing: "reading images", done, total });
      },
    };
    const encoded = await encodeDataset(dataset, checkpoint, model.imageTokens, limits, look);
    const run: RunInfo = {
      format: 1,
      versions: place.versions,
      system: { os: Deno.build.os, arch: Deno.build.arch, cores: navigator.hardwareConcurrency },
      given: { ...given },
      resolved,
      dataset: await summarise(encoded, source),
      model: await describeModel(model, checkpoint, resolved),
      sittings: [
        ...before?.sittings ?? [],
        { start: new Date().toISOString(), end: null, adapter: engine.adapter },
      ],
      notes: [...dataset.notes, ...notes],
    };
    if (before !== undefined) run.notes.push(...compareRuns(before, run, place.out));
    for (const text of run.notes) callbacks.event?.({ kind: "note", text });
    await writeJson(join(place.out, "run.json"), run);

    let complete = true;
    for (const part of planRun(resolved)) {
      if (isScoring(part) && !(await exists(join(place.out, part.file)))) complete = false;
    }
    const inputs = complete
      ? noImageInputs()
      : await readInputs(model, images, encoded, run, place, callbacks);
    return { prepared: prepare(encoded, inputs), run };
  } finally {
    model.destroy();
  }
}

/** Refuses to go on with other data or another base; returns what one should know. */
function compareRuns(before: RunInfo, now: RunInfo, out: string): string[] {
  for (const what of ["dataset", "model"] as const) {
    if (before[what].fingerprint !== now[what].fingerprint) {
      const name = what === "dataset"
        ? `the data in ${now.dataset.path}`
        : `the checkpoint ${now.resolved.checkpoint}`;
      throw new InputError(
        `--resume: expected ${name} as it was when the run in ${out} began, found it changed. ` +
          "Bring it back, or start another run with another --out",
      );
    }
  }
  const adapters = now.sittings.map(({ adapter }) => JSON.stringify(adapter));
  if (new Set(adapters).size === 1) return [];
  return [
    "This run began on another adapter: its parts may differ in the last bits from those of a run on one adapter.",
  ];
}

/** Every image through the frozen tower, once; where the tower is trained, every image's pixels. */
async function readInputs(
  model: EngineModel,
  images: ImageStore,
  { images: paths }: Encoded,
  run: RunInfo,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<ImageInputs> {
  const total = paths.length;
  const frozen = run.resolved.frozen.includes("vision");
  const encodeImages = frozen
    ? (pixels: Float32Array[]) => model.encodeImages(pixels)
    : (pixels: Float32Array[]) => Promise.resolve(pixels);
  const key = await sha256(
    JSON.stringify([
      run.model.fingerprint,
      run.dataset.fingerprint,
      run.sittings.at(-1)!.adapter,
      frozen ? "features" : "pixels",
      paths,
    ]),
  );
  return await computeImageInputs(
    { imageSize: model.imageSize, encodeImages },
    paths,
    (path) => images.pixels(path),
    { path: join(place.out, "cache", "features.bin"), key },
    (done) => {
      callbacks.event?.({
        kind: "setup",
        doing: frozen ? "computing image features" : "reading pixels",
        done,
        total,
      });
      callbacks.signal?.throwIfAborted();
    },
  );
}
