/**
 * What comes before a run's parts: the benchmark is drawn, the data made ready, run.json written, every image encoded.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { dirname, join, resolve } from "@std/path";
import { endlessConversations } from "../data/text/answer_ends.ts";
import type { Image } from "../data/images/image.ts";
import { openPicturePool } from "../data/images/picture_pool.ts";
import { createImageStore, type ImageStore } from "../data/images/image_store.ts";
import { loadDataset, type LoadOptions } from "../data/dataset/load_dataset.ts";
import { validateDataset } from "../data/dataset/validate_dataset.ts";
import type { Dataset } from "../data/types.ts";
import { InputError } from "../errors.ts";
import { MIXTURES, mixtureSizes } from "../scenes/mixtures.ts";
import { writeScenes } from "../scenes/write/write.ts";
import { holding, loraOf, runsTower } from "../lmm/trainer/settings.ts";
import { type CheckpointFiles, loadModel } from "../train/checkpoint_files.ts";
import type { Engine, EngineModel } from "../train/engine.ts";
import { FeatureFile } from "../train/feature_file.ts";
import { computeImageInputs, type ImageInputs, IN_MEMORY, noImageInputs } from "../train/image_inputs.ts";
import { inputsAhead, toHalf } from "../train/inputs_ahead.ts";
import { DEFAULT_CACHE_GB, type TuneOptions } from "./options/settings.ts";
import { thisMachine } from "../train/memory_check.ts";
import { extendSeeds } from "../run/extend_seeds.ts";
import { isScoring, type Part } from "../run/part.ts";
import { planRun } from "../run/plan.ts";
import { type Encoded, encodeDataset, encodeZeroShot } from "./data/encode.ts";
import { prepare, type Prepared } from "./data/prepare.ts";
import { hashPictures, keepPictureHashes, picturesOf } from "./data/picture_hashes.ts";
import { describeModel, summarise } from "./data/summarise.ts";
import { writing } from "../run/disk_error.ts";
import { exists, removeIfThere } from "../run/files.ts";
import { RUN_FORMAT } from "../run/run_files.ts";
import { runIdOf, writeRunInfo } from "../run/run_info_file.ts";
import { finishedParts } from "./finished_parts.ts";
import { checkLongest, needNote, type Planned } from "./longest_check.ts";
import { probeNotes } from "./probe_tokens.ts";
import type { TuneCallbacks, TunePlace } from "./callbacks.ts";
import type { DatasetSummary, ResolvedOptions, RunInfo } from "../run/records/run_info.ts";

/** What is drawn of the built-in benchmark. */
export interface SceneChoice {
  /** Which tasks, and how much of each: a name of `MIXTURES`; "default", if left out. */
  mixture?: string;
  /** Whether the control task takes part; not, if left out. */
  control?: boolean;
  /** Training conversations by task, whatever the scale; a task left out has those of the mixture. */
  train?: Readonly<Record<string, number>>;
  /** Questions of each zero-shot task, in the folder `ZERO_SHOT_FOLDER` of the benchmark's; none, if left out. */
  zeroShot?: number;
}

/**
 * Unknown tasks and mixtures are found out before anything is drawn.
 *
 * @param asked The tasks that were asked for, if any.
 * @param choice What will be drawn.
 * @throws {InputError} If there is no such mixture, or it lacks a task.
 */
export function checkSceneTasks(asked: readonly string[] | undefined, choice: SceneChoice = {}): void {
  const { mixture = "default", control = false } = choice;
  const known = Object.keys(mixtureSizes(mixture, { control }));
  const unknown = asked?.find((task) => !known.includes(task));
  if (unknown !== undefined) {
    throw new InputError(`--tasks: expected some of ${known.join(", ")}, found ${JSON.stringify(unknown)}`);
  }
}

/** Pictures by the paths of their files. */
export type DrawnPictures = ReadonlyMap<string, Image>;

/** Drawn pictures that are kept in memory until they are encoded, in bytes. */
const KEPT_BYTES = 64 << 20;

/**
 * Writes the built-in benchmark into the run, unless it is there.
 *
 * @param folder Where to.
 * @param checkpoint Says how large its images are.
 * @param scale Multiplies the number of conversations.
 * @param callbacks Progress and interruption.
 * @param choice The mixture, if not the default one, and what is drawn beside it.
 * @returns What was drawn, as far as it is worth keeping: it need not be read again.
 */
export async function drawScenes(
  folder: string,
  checkpoint: CheckpointFiles,
  scale: number,
  { event, signal }: TuneCallbacks,
  choice: SceneChoice = {},
): Promise<DrawnPictures> {
  const { mixture = "default", control = false, zeroShot = 0 } = choice;
  for await (const { name } of Deno.readDir(dirname(folder))) {
    // Left by a process that was killed while it drew.
    if (/^scenes\..*\.partial$/.test(name)) await removeIfThere(join(dirname(folder), name));
  }
  const { size } = checkpoint.processor;
  const train = { ...mixtureSizes(mixture, { scale, least: 16, control }), ...choice.train };
  const asked = Math.max(20, Math.round(scale * 200));
  const drawn = new Map<string, Image>();
  const onPicture = (path: string, data: Uint8Array) => {
    if (drawn.size * data.length < KEPT_BYTES) drawn.set(path, { width: size, height: size, data });
  };
  const options = {
    size,
    mixture,
    control,
    train,
    val: asked,
    test: asked,
    zeroShot,
    onPicture,
    ...(signal && { signal }),
  };
  await writing(folder, () =>
    writeScenes(
      folder,
      options,
      (done, total) => event?.({ kind: "setup", doing: "drawing scenes", done, total }),
    ));
  return drawn;
}

/**
 * Compares what says which scenes are drawn with a run that goes on, before they are looked at.
 *
 * @param before The run's options.
 * @param given What was asked for.
 * @param out The run's folder.
 * @throws {InputError} If other scenes are asked for.
 */
export function checkSameScenes(before: ResolvedOptions, given: TuneOptions, out: string): void {
  const now = {
    mixture: given.mixture ?? MIXTURES[0]!.name,
    control: given.control ?? false,
    train: given.train ?? {},
    scale: given.scale ?? 1,
  };
  for (const key of ["mixture", "control", "train", "scale"] as const) {
    const [a, b] = [JSON.stringify(before[key]), JSON.stringify(now[key])];
    if (a === b) continue;
    throw new InputError(
      `--resume: expected the scenes of the run in ${out}, but ${key} was ${a} and is now ${b}. ` +
        "Leave the option out, or start another run with another --out",
    );
  }
}

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
  { skipBad, imageFolder }: TuneOptions,
): Pick<LoadOptions, "skipBad" | "imageFolder"> {
  return { ...(skipBad !== undefined && { skipBad }), ...(imageFolder !== undefined && { imageFolder }) };
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
    const run: RunInfo = {
      format: RUN_FORMAT,
      versions: place.versions,
      system: { os: Deno.build.os, arch: Deno.build.arch, cores: navigator.hardwareConcurrency },
      given: { ...given },
      resolved,
      dataset: summarise(encoded, source),
      ...(untuned && { zeroShot: untuned }),
      model: await describeModel(model, checkpoint, resolved),
      sittings: [
        ...before?.sittings ?? [],
        { start: new Date().toISOString(), end: null, adapter: engine.adapter },
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
    for (const part of planRun(resolved)) if (!(await exists(join(place.out, part.file)))) open.push(part);
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

/**
 * Keeps what is said while a run goes on with the sitting that says it: the report shows it.
 *
 * @param run run.json; whoever has it writes it.
 * @param callbacks Who is told.
 * @returns Callbacks that keep notes and tell the same.
 */
export function keepingNotes(
  run: RunInfo,
  callbacks: TuneCallbacks,
): TuneCallbacks & Required<Pick<TuneCallbacks, "event">> {
  const sitting = run.sittings.at(-1)!;
  return {
    ...callbacks,
    event(event) {
      if (event.kind === "note") (sitting.notes ??= []).push(event.text);
      callbacks.event?.(event);
    },
  };
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

/** Where the hashes of pictures are kept, in the run's folder. */
const PICTURES = { dataset: "pictures.bin", zeroShot: "pictures-zero-shot.bin" } as const;

/** Refuses to go on with other data or another base; returns what one should know. */
function compareRuns(before: RunInfo, now: RunInfo, out: string): string[] {
  for (const what of ["dataset", "zeroShot", "model"] as const) {
    if (before[what]?.fingerprint !== now[what]?.fingerprint) {
      const name = what === "model"
        ? `the checkpoint ${now.resolved.checkpoint}`
        : `the data in ${now[what]?.path}`;
      const changed = what === "model" ? changedFiles(before.model.files ?? {}, now.model.files ?? {}) : [];
      throw new InputError(
        `--resume: expected ${name} as it was when the run in ${out} began, found ${
          changed.length === 0 ? "it changed" : `other contents in ${changed.join(", ")}`
        }. Bring it back, or start another run with another --out`,
      );
    }
  }
  const adapters = now.sittings.map(({ adapter }) => JSON.stringify(adapter));
  if (new Set(adapters).size === 1) return [];
  return [
    "This run began on another adapter: its parts may differ in the last bits from those of a run on one adapter.",
  ];
}

function changedFiles(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) =>
    before[name] !== now[name]
  );
}

/** Hashes every picture for run.json; where a run goes on, they must be as they were. */
async function comparePictures(
  before: RunInfo | undefined,
  run: RunInfo,
  datasets: Pick<Setting, "dataset" | "zeroShot">,
  place: TunePlace,
  { event, signal }: TuneCallbacks,
): Promise<void> {
  for (const what of ["dataset", "zeroShot"] as const) {
    const [dataset, summary] = [datasets[what], run[what]];
    if (dataset === undefined || summary === undefined) continue;
    const paths = picturesOf(dataset);
    const hashes = await hashPictures(paths, (done) => {
      signal?.throwIfAborted();
      event?.({ kind: "setup", doing: "looking for changed pictures", done, total: paths.length });
    });
    const file = join(place.out, PICTURES[what]);
    summary.pictures = await keepPictureHashes(file, hashes, paths, before?.[what]?.pictures);
  }
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
const READ_FIRST = 10_000;

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

/**
 * What the model is given of each image: where the tower is frozen and there are not too many, its features, computed
 * now; of more images, features that are computed when they are needed; where the tower is trained, pixels.
 */
async function readInputs(
  model: EngineModel,
  { images, tiles, close, encoded: { images: paths }, run }: Ready,
  { given, checkpoint: { processor } }: Setting,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<ImageInputs> {
  const total = paths.length;
  const frozen = !runsTower(run.resolved, run.model.config);
  const hash = createHash("sha256").update(
    JSON.stringify([
      run.model.fingerprint,
      run.dataset.fingerprint,
      run.dataset.pictures,
      run.zeroShot?.pictures,
      run.sittings.at(-1)!.adapter,
    ]),
  );
  for (const path of paths) hash.update(`\n${path}`);
  const key = hash.digest("hex");
  const tileCounts = new Uint32Array(total);
  for (const [i, path] of paths.entries()) tileCounts[i] = processor.tileCount(await images.grid(path));
  // After normalisation, zero is the mean colour: the blank image shows nothing but that.
  const blank = new Float32Array(3 * model.imageSize ** 2);
  const { imageSize } = model;
  const shared = { paths, tileCounts, tiles, imageSize, close };
  if (!frozen) return inputsAhead({ ...shared, blankTile: blank });
  const [seen] = await model.encodeImages([blank]);
  const values = seen!.length;
  const bytes = tileCounts.reduce((sum, count) => sum + count, 1) * values * 4;
  if (total > READ_FIRST || bytes > IN_MEMORY) {
    const maxBytes = (given.cacheGb ?? DEFAULT_CACHE_GB) * 1e9;
    const path = join(place.out, "cache", "features.f16");
    const features = FeatureFile.open({ path, key, values, images: total, maxBytes });
    return inputsAhead({ ...shared, blankTile: Float32Array.from(toHalf(seen!)), features });
  }
  const inputs = await computeImageInputs(
    model,
    paths,
    (path) => images.tiles(path),
    { path: join(place.out, "cache", "features.bin"), key },
    (done) => {
      callbacks.event?.({ kind: "setup", doing: "computing image features", done, total });
      callbacks.signal?.throwIfAborted();
    },
    images.ahead,
  );
  close();
  return inputs;
}
