/**
 * The whole of CoTBal: probes, weights, final tuning, scores.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import {
  createImageStore,
  type Dataset,
  type ImageStore,
  loadDataset,
  validateDataset,
} from "../data/mod.ts";
import { InputError } from "../errors.ts";
import { weightsFromScores } from "../balance/mod.ts";
import { TRAIN_CONVERSATIONS, writeScenes } from "../scenes/mod.ts";
import { type CheckpointFiles, loadModel, readCheckpoint } from "./checkpoint_files.ts";
import type { Engine, EngineModel } from "./engine.ts";
import { type Estimate, startEstimate } from "./estimate.ts";
import { chooseExamples } from "./examples.ts";
import { computeFeatures } from "./features.ts";
import { checkOptions, differences, resolveOptions, type TuneOptions } from "./options.ts";
import { readRunInfo } from "./load_run.ts";
import { LOCK_FILE, lockFolder } from "./lock.ts";
import { type Part, planRun, seedFolder } from "./plan.ts";
import { prepare, type Prepared, sha256, summarise } from "./prepare.ts";
import { presetByName } from "./presets.ts";
import { references } from "./references.ts";
import { collectResults } from "./results.ts";
import { exists, readJson, removeIfThere, writeJson } from "./run_folder.ts";
import { readResult, runPart, sequencesOf } from "./run_part.ts";
import { STATE_FILE } from "./train_part.ts";
import type {
  ModelSummary,
  PartResult,
  ResolvedOptions,
  Results,
  RunInfo,
  TaskScore,
  ValidationTable,
  WeightsFile,
} from "./types.ts";

/** Where a run reads and writes. */
export interface TunePlace {
  /** The run's folder. */
  out: string;
  /** Go on with the run in `out`. */
  resume: boolean;
  /** The package's folder, where the base checkpoints ship. */
  root: string;
  /** Versions to be kept in run.json. */
  versions: Record<string, string>;
}

/** Something to say while a run goes on. */
export type TuneEvent =
  /** Something that the run decided by itself, or that one should know. */
  | { kind: "note"; text: string }
  /** What happens before the parts: "drawing scenes", "reading images". */
  | { kind: "setup"; doing: string; done: number; total: number }
  /** A part goes on. */
  | {
    kind: "progress";
    part: string;
    /** Its place in the plan, from 1. */
    index: number;
    parts: number;
    doing: "training" | "answering";
    /** Steps or questions. */
    step: number;
    steps: number;
    /** Loss of the last step, in nats a token; null while answering. */
    loss: number | null;
    /** Of the whole run; null before anything was measured. */
    secondsLeft: number | null;
  }
  /** A part is finished; `scores` are empty for parts without. `before` = by an earlier sitting. */
  | { kind: "part"; part: string; index: number; parts: number; scores: TaskScore[]; before: boolean };

/** What a run calls and obeys. */
export interface TuneCallbacks {
  /** Called with everything there is to say. */
  event?: (event: TuneEvent) => void;
  /** When it fires, the part at hand saves its state and {@linkcode Interrupted} is thrown. */
  signal?: AbortSignal;
}

/** How often a part's state is saved, in seconds. */
const STATE_EVERY = 60;

/**
 * Tunes with every method that is asked for, CoTBal's probes and weights first, and leaves a run folder.
 *
 * May be killed at any moment: the same options with `resume` go on where it stopped, to the same bits.
 *
 * @param engine Where the model runs.
 * @param options What to tune, on what.
 * @param place Where to write.
 * @param callbacks Progress and interruption.
 * @returns What results.json holds.
 * @throws {InputError} If options or data cannot be used, or the folder is in use or holds another run.
 * @throws {RunError} If a loss is not finite.
 * @throws {Interrupted} If the signal fired.
 */
export async function tune(
  engine: Engine,
  options: TuneOptions,
  place: TunePlace,
  callbacks: TuneCallbacks = {},
): Promise<Results> {
  const lock = await lockFolder(place.out);
  try {
    return await tuneLocked(engine, options, place, callbacks);
  } finally {
    await lock.release();
  }
}

async function tuneLocked(
  engine: Engine,
  options: TuneOptions,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<Results> {
  const before = await openRun(place);
  if (place.resume && before === undefined) {
    callbacks.event?.({
      kind: "note",
      text: `There is no run in ${place.out} to go on with: this one begins.`,
    });
  }
  // What was given before need not be given again; whatever is given again must not differ.
  const { stateEverySeconds = STATE_EVERY, ...asked } = options;
  const given: TuneOptions = { ...before?.given, ...asked };
  checkOptions(given);
  engine.checkStorage(given.storage ?? "f32");
  const preset = presetByName(given.preset ?? "tiny");
  const checkpoint = await readCheckpoint(given.checkpoint ?? join(place.root, preset.checkpoint));

  const data = given.data ?? join(place.out, "scenes");
  if (given.data === undefined) {
    checkSceneTasks(given.tasks);
    await drawScenes(data, checkpoint, given.scale ?? 1, callbacks);
  }
  const dataset = await loadDataset(data, given.tasks === undefined ? {} : { tasks: given.tasks });
  const { resolved, notes } = resolveOptions(given, preset, dataset, {
    checkpoint: given.checkpoint ?? preset.checkpoint,
    data: given.data ?? null,
  });
  if (before !== undefined) {
    const differing = differences(before.resolved, resolved);
    if (differing.length > 0) {
      throw new InputError(
        `--resume: expected the options of the run in ${place.out}, but ${differing.join("; ")}. ` +
          "Leave the option out, or start another run with another --out",
      );
    }
  }

  const kind = given.data === undefined ? "scenes" : "folder";
  const setting = {
    given,
    resolved,
    dataset,
    checkpoint,
    source: { kind, path: data },
    notes,
    before,
  } as const;
  const { prepared, run } = await setUp(engine, setting, place, callbacks);
  try {
    const context = { engine, checkpoint, prepared, resolved, stateEverySeconds };
    const parts = await runPlan(context, place, callbacks);
    const results = await finish(parts, prepared, checkpoint, run, place);
    await removeIfThere(join(place.out, "cache"));
    run.sittings.at(-1)!.end = new Date().toISOString();
    await writeJson(join(place.out, "run.json"), run);
    return results;
  } finally {
    prepared.features.store?.close();
  }
}

/** What is known before the model is loaded. */
interface Setting {
  given: TuneOptions;
  resolved: ResolvedOptions;
  dataset: Dataset;
  checkpoint: CheckpointFiles;
  source: { kind: "scenes" | "folder"; path: string };
  notes: string[];
  before: RunInfo | undefined;
}

/** Makes the data ready, writes run.json, and computes the images' features if a part needs them. */
async function setUp(
  engine: Engine,
  { given, resolved, dataset, checkpoint, source, notes, before }: Setting,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<{ prepared: Prepared; run: RunInfo }> {
  const model = loadModel(engine, checkpoint);
  try {
    const limits = { ...resolved, maxTokens: Math.min(resolved.maxTokens, model.maxPositions) };
    const images = createImageStore(checkpoint.preprocessing);
    if (before === undefined) {
      const layout = { imageTokens: model.imageTokens, maxTokens: limits.maxTokens };
      await validateDataset(dataset, checkpoint.tokenizer, layout, {
        images,
        onProgress: (done, total) => {
          callbacks.signal?.throwIfAborted();
          callbacks.event?.({ kind: "setup", doing: "reading images", done, total });
        },
      });
    }
    const prepared = prepare(dataset, checkpoint, model.imageTokens, limits);
    const run: RunInfo = {
      format: 1,
      versions: place.versions,
      system: { os: Deno.build.os, arch: Deno.build.arch, cores: navigator.hardwareConcurrency },
      given: { ...given },
      resolved,
      dataset: await summarise(prepared, source),
      model: await describe(model, checkpoint, resolved),
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
    for (const { kind, file } of planRun(resolved)) {
      const reads = kind === "tune" || kind === "evaluate";
      if (reads && !(await exists(join(place.out, file)))) complete = false;
    }
    if (!complete) await readFeatures(model, images, prepared, run, place, callbacks);
    return { prepared, run };
  } finally {
    model.destroy();
  }
}

/** Unknown tasks are found out before anything is drawn. */
function checkSceneTasks(asked: readonly string[] | undefined): void {
  const known = Object.keys(TRAIN_CONVERSATIONS);
  const unknown = asked?.find((task) => !known.includes(task));
  if (unknown !== undefined) {
    throw new InputError(`--tasks: expected some of ${known.join(", ")}, found ${JSON.stringify(unknown)}`);
  }
}

/** Writes the built-in benchmark into the run, unless it is there. */
async function drawScenes(
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

/** The run that `out` holds, if it is to go on; refuses a folder in use. */
async function openRun({ out, resume }: TunePlace): Promise<RunInfo | undefined> {
  const run = resume ? await readRunInfo(out) : undefined;
  if (run !== undefined) return run;
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(out)) if (name !== LOCK_FILE) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  // A run that was killed before it wrote run.json leaves no more than these.
  const early = (name: string) => name.startsWith("scenes") || name === "run.json.part";
  if (names.every(early)) return undefined;
  throw new InputError(
    resume
      ? `--resume: expected a run in ${out}, found files but no run.json; choose the run's folder with --out`
      : `--out ${out}: expected a new or empty folder, found ${names.length} files in it. ` +
        "Go on with that run by --resume, or choose another folder",
  );
}

async function describe(
  model: EngineModel,
  checkpoint: CheckpointFiles,
  { frozen }: ResolvedOptions,
): Promise<ModelSummary> {
  const { vision, projector, language } = model.parameters;
  const parts = { vision, projector, language };
  const hashes: string[] = [];
  for (const [name, bytes] of checkpoint.files) {
    hashes.push(`${name} ${await sha256(Uint8Array.from(bytes))}`);
  }
  const parameters = vision + projector + language;
  return {
    parameters,
    trainable: parameters - frozen.reduce((sum, part) => sum + parts[part], 0),
    imageTokens: model.imageTokens,
    imageSize: model.imageSize,
    vocabulary: checkpoint.tokenizer.vocabSize,
    config: checkpoint.config,
    fingerprint: await sha256(hashes.join("\n")),
  };
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
async function readFeatures(
  model: EngineModel,
  images: ImageStore,
  prepared: Prepared,
  run: RunInfo,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<void> {
  const total = prepared.images.length;
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
      prepared.images,
    ]),
  );
  prepared.features.store = await computeFeatures(
    { imageSize: model.imageSize, encodeImages },
    prepared.images,
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

interface PlanContext {
  engine: Engine;
  checkpoint: CheckpointFiles;
  prepared: Prepared;
  resolved: ResolvedOptions;
  stateEverySeconds: number;
}

/** Carries out the plan, part by part; returns the results of all parts that have scores. */
async function runPlan(
  context: PlanContext,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<Map<string, PartResult>> {
  const { prepared, resolved } = context;
  const event = callbacks.event ?? (() => {});
  const plan = planRun(resolved);
  const finished = new Set<string>();
  for (const { id, file } of plan) if (await exists(join(place.out, file))) finished.add(id);
  const estimate = estimatePlan(plan.filter(({ id }) => !finished.has(id)), prepared, resolved);

  const results = new Map<string, PartResult>();
  for (const [i, part] of plan.entries()) {
    callbacks.signal?.throwIfAborted();
    const where = { part: part.id, index: i + 1, parts: plan.length };
    if (!finished.has(part.id)) {
      const asked = part.kind === "tune" || part.kind === "evaluate" ? questionCount(part, prepared) : 0;
      let answered = 0;
      let perStep = 0;
      let last = { step: 0, seconds: 0 };
      await runPart(part, {
        folder: place.out,
        engine: context.engine,
        checkpoint: context.checkpoint,
        prepared,
        options: resolved,
        stateEverySeconds: context.stateEverySeconds,
        callbacks: {
          signal: callbacks.signal,
          start: (_, done, steps, tokens) => {
            perStep = tokens / steps;
            last = { step: done, seconds: NaN };
            estimate.skip("tokens", done * perStep);
          },
          trained: (_, line, steps) => {
            // The first look after a resumption has nothing to measure from.
            const seconds = line.seconds - (last.step === 0 ? 0 : last.seconds);
            if (Number.isNaN(seconds)) estimate.skip("tokens", (line.step - last.step) * perStep);
            else estimate.done("tokens", (line.step - last.step) * perStep, seconds);
            last = { step: line.step, seconds: line.seconds };
            const secondsLeft = estimate.secondsLeft();
            event({
              kind: "progress",
              ...where,
              doing: "training",
              step: line.step,
              steps,
              loss: line.loss,
              secondsLeft,
            });
          },
          answered: (_, questions, seconds) => {
            answered += questions;
            estimate.done("questions", questions, seconds);
            const secondsLeft = estimate.secondsLeft();
            event({
              kind: "progress",
              ...where,
              doing: "answering",
              step: answered,
              steps: asked,
              loss: null,
              secondsLeft,
            });
          },
        },
      });
    }
    // Left where a process was killed between a part's result and the end of the part.
    if (part.kind === "tune") await removeIfThere(join(place.out, part.id, STATE_FILE));
    let scores: TaskScore[] = [];
    if (part.kind !== "balance") {
      const result = await readResult(place.out, part.file);
      results.set(part.id, result);
      scores = result.scores;
    }
    event({ kind: "part", ...where, scores, before: finished.has(part.id) });
  }
  return results;
}

function estimatePlan(open: readonly Part[], prepared: Prepared, resolved: ResolvedOptions): Estimate {
  let tokens = 0;
  let questions = 0;
  for (const part of open) {
    if (part.kind === "tune") {
      const once = sequencesOf(part, prepared, resolved).reduce((sum, { ids }) => sum + ids.length, 0);
      tokens += once * resolved.epochs;
    }
    if (part.kind === "tune" || part.kind === "evaluate") questions += questionCount(part, prepared);
  }
  return startEstimate({ tokens, questions });
}

function questionCount(part: Extract<Part, { kind: "tune" | "evaluate" }>, prepared: Prepared): number {
  return prepared.questions[part.split === "val" ? "val" : "test"]
    .filter(({ task }) => part.tasks.includes(task))
    .reduce((sum, { questions }) => sum + questions.length, 0);
}

/** Writes what stands above all parts: weights over seeds, examples, results. */
async function finish(
  parts: ReadonlyMap<string, PartResult>,
  prepared: Prepared,
  checkpoint: CheckpointFiles,
  run: RunInfo,
  place: TunePlace,
): Promise<Results> {
  const { seeds, methods, tasks, temperature, alpha } = run.resolved;
  const weights = new Map<number, WeightsFile>();
  const tables: ValidationTable[] = [];
  for (const seed of methods.includes("cotbal") ? seeds : []) {
    const folder = join(place.out, seedFolder(seeds, seed));
    const file = await readJson<WeightsFile>(join(folder, "weights.json"));
    const table = await readJson<ValidationTable>(join(folder, "validation.json"));
    if (file !== undefined) weights.set(seed, file);
    if (table !== undefined) tables.push(table);
  }
  if (tables.length > 1) {
    await writeJson(join(place.out, "weights.json"), weightsFromScores(tables, { temperature, alpha }));
  }
  await writeJson(
    join(place.out, "examples.json"),
    await chooseExamples(prepared.questions.test, checkpoint.preprocessing.mean),
  );
  const results = collectResults({
    tasks,
    metrics: prepared.dataset.tasks.map(({ metric }) => metric),
    methods,
    seeds,
    plan: planRun(run.resolved),
    parts,
    methodPart: (method, seed) => `${seedFolder(seeds, seed)}methods/${method}`,
    weights,
    references: references(prepared.dataset, prepared.questions.test),
    notes: run.notes.filter((note) => !run.dataset.notes.includes(note)),
    dataNotes: run.dataset.notes,
  });
  await writeJson(join(place.out, "results.json"), results);
  return results;
}
