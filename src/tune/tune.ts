/**
 * The whole of CoTBal: probes, weights, final tuning, scores.
 *
 * @module
 */

import { join } from "@std/path";
import { loadDataset } from "../data/dataset/load_dataset.ts";
import type { Dataset } from "../data/types.ts";
import { InputError } from "../errors.ts";
import type { MemoryPlan } from "../lmm/memory_need.ts";
import { frozenModules, holding, idleRatesNote, loraOf } from "../lmm/trainer/settings.ts";
import { type CheckpointFiles, readCheckpoint } from "../train/checkpoint_files.ts";
import { memoryNote } from "../train/memory_check.ts";
import type { Engine } from "../train/engine.ts";
import { finishRun } from "./results/finish_run.ts";
import { isEarly } from "../run/early_files.ts";
import { finishExtension, isExtending } from "../run/extend_seeds.ts";
import { inspectRecord, RESULTS_FILE, RUN_FILE, RUN_FORMAT } from "../run/run_files.ts";
import { readRunInfo } from "../run/run_info_file.ts";
import { type Claim, Claims, type WorkHolder } from "../run/claims/claims.ts";
import { exclusively, pause } from "../run/claims/exclusively.ts";
import { holderName } from "../run/claims/holder.ts";
import { QUIET } from "../run/claims/judge.ts";
import { LOCK_FILE } from "../run/lock.ts";
import type { Part } from "../run/part.ts";
import { findPart, type PartState, stateOfPart } from "../run/part_states.ts";
import { planRun } from "../run/plan.ts";
import type { PartResult } from "../run/records/part_result.ts";
import { differences, resolveOptions } from "./options/resolve_options.ts";
import { checkOptions } from "./options/check_options.ts";
import type { TuneOptions } from "./options/settings.ts";
import { type Preset, presetByName } from "../train/presets.ts";
import { PROFILE_FILE } from "../run/profile_file.ts";
import { exists, removeIfThere } from "../run/files.ts";
import { keepingProgress } from "./progress_log.ts";
import { type PlanContext, runOnePart, runPlan } from "./run_plan.ts";
import { finishedParts, stateOf } from "./finished_parts.ts";
import { weightsByHand } from "./options/weights_by_hand.ts";
import { type DryRun, measureRun } from "./dry_run.ts";
import { keepingNotes } from "./set_up/keeping_notes.ts";
import { loadZeroShot, readAll, readingOptions, type Setting } from "./set_up/read_all.ts";
import { checkSameScenes, checkSceneTasks, type DrawnPictures, drawScenes } from "./set_up/scenes.ts";
import { type Company, type SetUp, setUp } from "./set_up/set_up.ts";
import { saveSitting } from "./set_up/sittings.ts";
import type { TuneCallbacks, TunePlace } from "./callbacks.ts";
import type { Results } from "../run/records/results.ts";
import type { ResolvedOptions, RunInfo, Sitting } from "../run/records/run_info.ts";

export type { TuneCallbacks, TuneEvent, TunePlace } from "./callbacks.ts";

/** Most work that a kill may cost, in seconds, where steps take as long as the last ones: a minute, and some to spare. */
const STATE_EVERY = 45;

/**
 * Tunes with every method that is asked for, what they measure first (CoTBal's probes and weights), and leaves a run folder.
 *
 * May be killed at any moment: the same options with `resume` go on where it stopped, to the same bits. Seeds may be
 * added then; the run ends with the bits of one that had them all from the start. With `join` several processes, on one
 * machine or many, share the run's parts, and end with those bits too.
 *
 * @param engine Where the model runs.
 * @param options What to tune, on what; nothing needs to be given of a run that was begun.
 * @param place Where to write.
 * @param callbacks Progress and interruption.
 * @returns What results.json holds.
 * @throws {InputError} If options or data cannot be used, or the folder is in use or holds another run.
 * @throws {RunError} If a loss is not finite; if another process took over what this one did, as it was not heard of.
 * @throws {Interrupted} If the signal fired.
 */
export async function tune(
  engine: Engine,
  options: TuneOptions,
  place: TunePlace,
  callbacks: TuneCallbacks = {},
): Promise<Results> {
  return await inCompany(
    place,
    callbacks,
    (claims) =>
      withRun(engine, options, place, claims, callbacks, async (work) => {
        const parts = await runPlan(work.context, place, keepingNotes(work.sitting, work.callbacks));
        return await finish(parts, work, place);
      }),
  );
}

/**
 * Prepares a run, so that others can carry out its parts: reads and checks the data, writes run.json and what the parts
 * share. A run that was prepared is looked at, and stays as it is.
 *
 * @param engine Where the model runs.
 * @param options What to tune, on what.
 * @param place Where to write.
 * @param callbacks Progress and interruption.
 * @returns How many parts there are, and how many of them are finished.
 * @throws {InputError} As {@linkcode tune}.
 * @throws {Interrupted} If the signal fired.
 */
export async function prepareRun(
  engine: Engine,
  options: TuneOptions,
  place: TunePlace,
  callbacks: TuneCallbacks = {},
): Promise<{ parts: number; finished: number }> {
  return await inCompany(
    place,
    callbacks,
    (claims) =>
      withRun(engine, options, place, claims, callbacks, async ({ context, run, sitting }) => {
        await endSitting(place.out, run, sitting, claims);
        return { parts: planRun(context.resolved).length, finished: context.finished.size };
      }),
  );
}

/** What became of a part that was asked for. */
export type PartOutcome =
  /** It was carried out. */
  | { state: "done now" }
  | Exclude<PartState, { state: "ready" }>;

/**
 * Carries out one part of a run that was prepared, if it is ready and no other process has it.
 *
 * @param engine Opens what the model runs on; it is not asked for where there is nothing to do.
 * @param id The part's id.
 * @param place Where the run is.
 * @param callbacks Progress and interruption.
 * @returns What became of it.
 * @throws {InputError} If there is no such run or part, or the data are not as they were.
 * @throws {RunError} If a loss is not finite; if another process took over the part, as this one was not heard of.
 * @throws {Interrupted} If the signal fired; the part goes on from there the next time.
 */
export async function carryOutPart(
  engine: () => Promise<Engine>,
  id: string,
  place: TunePlace,
  callbacks: TuneCallbacks = {},
): Promise<PartOutcome> {
  const { out } = place;
  const { part, run } = await findPart(out, id);
  const files = { folder: out, runId: run.id };
  const first = await stateOfPart(part, run, out);
  if (first.state === "not ready") return first;
  if (first.state === "done" && await stateOf(part, files) === "finished") return first;
  const joining = { ...place, resume: true, join: true };
  return await inCompany(joining, callbacks, async (claims) => {
    const claim = await takePart(part, claims, callbacks);
    if (!("check" in claim)) return { state: "claimed", holder: claim };
    await finishedParts([part], files, (text) => callbacks.event?.({ kind: "note", text }));
    const state = await stateOfPart(part, run, out);
    if (state.state === "done") {
      await claim.release("done");
      return state;
    }
    if (state.state === "not ready") {
      await claim.release();
      return state;
    }
    await withRun(
      await engine(),
      {},
      joining,
      claims,
      callbacks,
      async ({ context, run, sitting, callbacks }) => {
        await runOnePart(part, claim, context, place, keepingNotes(sitting, callbacks));
        await claim.release("done");
        await endSitting(out, run, sitting, claims);
      },
      part,
    );
    return { state: "done now" };
  });
}

/** Takes a part; of one whose holder may be dead it waits to see. */
async function takePart(
  part: Part,
  claims: Claims,
  { signal, event }: TuneCallbacks,
): Promise<Claim | WorkHolder> {
  for (let told = false;;) {
    signal?.throwIfAborted();
    const claim = await claims.take(part.id);
    if ("check" in claim || claim.heard === true) return claim;
    if (!told) {
      const text = `Waiting for a sign of ${
        holderName(claim)
      }, which has ${part.id}: ${QUIET} seconds at most.`;
      event?.({ kind: "note", text });
      told = true;
    }
    await pause(1000, signal);
  }
}

/** Does work on a run, known to others that do. */
async function inCompany<T>(
  { out, join: shared }: TunePlace,
  { event }: TuneCallbacks,
  work: (claims: Claims) => Promise<T>,
): Promise<T> {
  const waiting = (text: string) => event?.({ kind: "note", text });
  const claims = await Claims.open(out, { alone: shared !== true, waiting });
  try {
    return await work(claims);
  } finally {
    const last = await claims.close();
    // Not before: others may be reading it, or adding to it.
    if (last && await exists(join(out, RESULTS_FILE))) await removeIfThere(join(out, CACHE));
  }
}

/** A run whose parts can be carried out. */
interface Work {
  context: PlanContext;
  run: RunInfo;
  sitting: Sitting;
  /** Keep what is said for those who watch. */
  callbacks: TuneCallbacks;
}

/** Sets up a run, or finds it set up, and does what is to be done with it. */
async function withRun<T>(
  engine: Engine,
  options: TuneOptions,
  place: TunePlace,
  claims: Claims,
  callbacks: TuneCallbacks,
  work: (work: Work) => Promise<T>,
  only?: Part,
): Promise<T> {
  const settingUp = await toSetUp(place, claims, callbacks);
  const shared = settingUp === undefined;
  try {
    const at = { ...place, resume: place.resume || place.join === true };
    const before = shared ? await findRun(at) : await openRun(at);
    const begun = await begin(engine, options, at, before, callbacks);
    return await keepingProgress(place.out, claims.self, callbacks, async (callbacks) => {
      const company = { claims, shared, ...(only && { only: [only] }) };
      const { setting, ready, profile } = await setUpRun(engine, begun, options, at, company, callbacks);
      try {
        await settingUp?.release();
        const context = contextOf(engine, begun, options, { setting, ready, profile, claims });
        return await work({ context, run: ready.run, sitting: ready.sitting, callbacks });
      } finally {
        ready.prepared.inputs.close();
      }
    });
  } finally {
    await settingUp?.release();
  }
}

/** Waits until a run can be set up by this process, or was by another: then there is no claim. */
async function toSetUp(
  { out, join: shared }: TunePlace,
  claims: Claims,
  { signal, event }: TuneCallbacks,
): Promise<Claim | undefined> {
  for (let told = false;;) {
    signal?.throwIfAborted();
    const claim = await claims.take(SET_UP);
    const there = shared === true && await exists(join(out, RUN_FILE)) && !(await isExtending(out));
    if ("check" in claim) {
      if (!there) return claim;
      await claim.release();
      return undefined;
    }
    if (!told) event?.({ kind: "note", text: `Waiting for ${holderName(claim)} to set up the run.` });
    told = true;
    await pause(500, signal);
  }
}

async function setUpRun(
  engine: Engine,
  begun: Begun,
  options: TuneOptions,
  place: TunePlace,
  company: Company,
  callbacks: TuneCallbacks,
): Promise<{ setting: Setting; ready: SetUp; profile: boolean }> {
  const { given } = begun;
  const profile = given.profile === true && !(await exists(join(place.out, PROFILE_FILE))) &&
    mayProfile(engine, options.profile === true, callbacks) &&
    "check" in await company.claims.take(PROFILE_FILE);
  const data = given.data ?? join(place.out, SCENES);
  const fresh = given.data === undefined && !(await exists(data));
  try {
    const setting = await settle(begun, data, place, callbacks);
    return { setting, ready: await setUp(engine, setting, place, company, callbacks), profile };
  } catch (error) {
    // Else the same folder could not be used with the options mended, as it would hold other scenes.
    const written = await exists(join(place.out, RUN_FILE));
    if (fresh && !written && error instanceof InputError) await removeIfThere(data);
    throw error;
  }
}

function contextOf(
  engine: Engine,
  { given, checkpoint }: Begun,
  { stateEverySeconds = STATE_EVERY }: TuneOptions,
  { setting, ready, profile, claims }: { setting: Setting; ready: SetUp; profile: boolean; claims: Claims },
): PlanContext {
  return {
    engine,
    checkpoint,
    prepared: ready.prepared,
    resolved: setting.resolved,
    runId: ready.run.id,
    finished: ready.finished,
    claims,
    stateEverySeconds,
    tensorboard: given.tensorboard === true,
    profile,
  };
}

/** Makes the results, unless another process that shares the run did. */
async function finish(
  parts: ReadonlyMap<string, PartResult>,
  { context: { prepared, checkpoint, claims, runId }, run, sitting, callbacks }: Work,
  place: TunePlace,
): Promise<Results> {
  const { event, signal } = callbacks;
  const say = (text: string) => event?.({ kind: "note", text });
  const results = await exclusively(claims, RESULTS, async () => {
    const made = place.join === true
      ? await inspectRecord<Results>({ folder: place.out, runId }, RESULTS_FILE)
      : undefined;
    if (made !== undefined && made.fault === undefined) return made.value;
    const said = run.notes.length;
    const results = await finishRun(parts, prepared, checkpoint, run, place);
    for (const text of run.notes.slice(said)) say(text);
    await callbacks.finish?.(results);
    return results;
  }, { signal, say });
  await endSitting(place.out, run, sitting, claims);
  return results;
}

async function endSitting(out: string, run: RunInfo, sitting: Sitting, claims: Claims): Promise<void> {
  sitting.end = new Date().toISOString();
  await saveSitting(out, run, sitting, claims);
}

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

/** Folder of the built-in benchmark in a run. */
const SCENES = "scenes";

/** Folder of a run for what its parts share while it goes on. */
const CACHE = "cache";

/** Pieces of a run's work beside its parts, by the names under which they are claimed. */
const SET_UP = "set-up", RESULTS = "results";

/** What is known of a run before its data are looked at. */
interface Begun {
  before: RunInfo | undefined;
  /** The options as given, now or when the run began. */
  given: TuneOptions;
  /** Those given now. */
  asked: TuneOptions;
  preset: Preset;
  checkpoint: CheckpointFiles;
}

/** Checks the options and opens the base; without an engine nothing is checked that a device must tell. */
async function begin(
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

/** Draws the scenes or finds the data, and settles every option by it. */
async function settle(
  { before, given, asked, preset, checkpoint }: Begun,
  data: string,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<Setting> {
  let drawn: DrawnPictures = new Map();
  if (given.data === undefined) {
    const { mixture, control, train } = given;
    const choice = {
      ...(mixture !== undefined && { mixture }),
      ...(control !== undefined && { control }),
      ...(train !== undefined && { train }),
      zeroShot: given.zeroShotData === undefined ? given.zeroShot ?? 0 : 0,
    };
    checkSceneTasks(given.tasks, choice);
    checkZeroShot(before, given, place.out);
    if (before !== undefined) checkSameScenes(before.resolved, given, place.out);
    drawn = await drawScenes(data, checkpoint, given.scale ?? 1, callbacks, choice);
  }
  const dataset = await loadDataset(data, {
    ...(given.tasks !== undefined && { tasks: given.tasks }),
    ...readingOptions(given),
    nameLater: true,
  });
  if (before !== undefined && dataset.bad !== undefined && given.skipBad !== true) {
    throw dataset.bad.error(
      `bring back what the run in ${place.out} began with, or start another run with another --out`,
    );
  }
  try {
    return await resolveBy({ before, given, asked, preset, checkpoint }, dataset, data, drawn, place);
  } catch (error) {
    // Options are settled by what the data hold: what is wrong with these comes first.
    if (dataset.bad === undefined || !(error instanceof InputError)) throw error;
    throw dataset.bad.error();
  }
}

/** Settles every option by the data. */
async function resolveBy(
  { before, given, asked, preset, checkpoint }: Begun,
  dataset: Dataset,
  data: string,
  drawn: DrawnPictures,
  place: TunePlace,
): Promise<Setting> {
  // A run that goes on has its weights in run.json: the file that they came from may be gone.
  const again = asked.lambda !== undefined || asked.weights !== undefined;
  const lambda = (again ? undefined : before?.resolved.lambda) ??
    await weightsByHand(given, dataset.tasks.map(({ name }) => name));
  const zeroShot = await loadZeroShot(given, data);
  const frozen = frozenModules(given, preset.tune.frozen, checkpoint.config);
  const asks = { ...given, frozen, ...(lambda && { lambda }) };
  const { resolved, notes } = resolveOptions(asks, preset, dataset, {
    checkpoint: given.checkpoint ?? preset.checkpoint,
    data: given.data ?? null,
  }, zeroShot);
  const idle = idleRatesNote(resolved, checkpoint.config);
  if (idle !== undefined) notes.push(idle);
  if (resolved.loraRank !== undefined && resolved.saveDtype === "base") {
    notes.push(
      "--save-dtype base changes nothing: adapters are saved in 32 bits, merged ones in the base's types.",
    );
  }
  if (before !== undefined) {
    const differing = differences(before.resolved, resolved);
    if (differing.length > 0) {
      const sameOptions = asked.weights === undefined &&
        Object.entries(asked).every(([key, value]) =>
          JSON.stringify(value) === JSON.stringify(before.given[key as keyof TuneOptions])
        );
      if (sameOptions) {
        throw new InputError(
          `--resume: expected the data in ${data} as it was when the run in ${place.out} began, found it ` +
            `changed: ${differing.join("; ")}. Bring it back, or start another run with another --out`,
        );
      }
      throw new InputError(
        `--resume: expected the options of the run in ${place.out}, but ${differing.join("; ")}. ` +
          "Leave the option out, or start another run with another --out",
      );
    }
  }

  const kind = given.data === undefined ? "scenes" : "folder";
  return {
    given,
    resolved,
    dataset,
    zeroShot,
    checkpoint,
    source: { kind, path: data },
    notes,
    before,
    drawn,
  };
}

/** Scenes are drawn once, the zero-shot ones with them: another number of these is told before they are looked at. */
function checkZeroShot(before: RunInfo | undefined, given: TuneOptions, out: string): void {
  if (before === undefined || given.zeroShotData !== undefined) return;
  const then = before.resolved.zeroShot?.questions ?? undefined;
  if (then === given.zeroShot) return;
  throw new InputError(
    `--resume: expected --zero-shot as in the run in ${out} (${then ?? "none"}), found ${given.zeroShot}. ` +
      "Leave the option out, or start another run with another --out",
  );
}

/** Whether the adapter can be profiled; where only an earlier sitting asked for it, a run goes on without. */
function mayProfile(engine: Engine, asked: boolean, { event }: TuneCallbacks): boolean {
  try {
    engine.checkProfiling();
    return true;
  } catch (error) {
    if (asked || !(error instanceof InputError)) throw error;
    event?.({ kind: "note", text: `This run goes on without a profile: ${error.message}.` });
    return false;
  }
}

/** The run that `out` holds, if it is to go on; refuses a folder in use. */
async function openRun(place: TunePlace): Promise<RunInfo | undefined> {
  if (place.resume) await finishExtension(place.out);
  return await findRun(place);
}

/** The same, writing nothing. */
async function findRun({ out, resume }: TunePlace): Promise<RunInfo | undefined> {
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
