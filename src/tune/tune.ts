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
import { finishExtension } from "../run/extend_seeds.ts";
import { RUN_FORMAT } from "../run/run_files.ts";
import { readRunInfo, writeRunInfo } from "../run/run_info_file.ts";
import { LOCK_FILE, lockFolder } from "../run/lock.ts";
import { differences, resolveOptions } from "./options/resolve_options.ts";
import { checkOptions } from "./options/check_options.ts";
import type { TuneOptions } from "./options/settings.ts";
import { type Preset, presetByName } from "../train/presets.ts";
import { PROFILE_FILE } from "../run/profile_file.ts";
import { exists, removeIfThere } from "../run/files.ts";
import { keepingProgress } from "./progress_log.ts";
import { runPlan } from "./run_plan.ts";
import { weightsByHand } from "./options/weights_by_hand.ts";
import { type DryRun, measureRun } from "./dry_run.ts";
import { keepingNotes } from "./set_up/keeping_notes.ts";
import { loadZeroShot, readAll, readingOptions, type Setting } from "./set_up/read_all.ts";
import { checkSameScenes, checkSceneTasks, type DrawnPictures, drawScenes } from "./set_up/scenes.ts";
import { setUp } from "./set_up/set_up.ts";
import type { TuneCallbacks, TunePlace } from "./callbacks.ts";
import type { Results } from "../run/records/results.ts";
import type { RunInfo } from "../run/records/run_info.ts";

export type { TuneCallbacks, TuneEvent, TunePlace } from "./callbacks.ts";

/** Most work that a kill may cost, in seconds, where steps take as long as the last ones: a minute, and some to spare. */
const STATE_EVERY = 45;

/**
 * Tunes with every method that is asked for, what they measure first (CoTBal's probes and weights), and leaves a run folder.
 *
 * May be killed at any moment: the same options with `resume` go on where it stopped, to the same bits. Seeds may be
 * added then; the run ends with the bits of one that had them all from the start.
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
  const begun = await begin(engine, options, place, await openRun(place), callbacks);
  return await keepingProgress(
    place.out,
    callbacks,
    (callbacks) => carryOut(engine, begun, options, place, callbacks),
  );
}

async function carryOut(
  engine: Engine,
  begun: Begun,
  options: TuneOptions,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<Results> {
  const { given, checkpoint } = begun;
  const { stateEverySeconds = STATE_EVERY } = options;
  const profile = given.profile === true && !(await exists(join(place.out, PROFILE_FILE))) &&
    mayProfile(engine, options.profile === true, callbacks);
  const data = given.data ?? join(place.out, SCENES);
  const fresh = given.data === undefined && !(await exists(data));
  let setting: Setting, ready: Awaited<ReturnType<typeof setUp>>;
  try {
    setting = await settle(begun, data, place, callbacks);
    ready = await setUp(engine, setting, place, callbacks);
  } catch (error) {
    // Else the same folder could not be used with the options mended, as it would hold other scenes.
    const written = await exists(join(place.out, "run.json"));
    if (fresh && !written && error instanceof InputError) await removeIfThere(data);
    throw error;
  }
  const { resolved } = setting;
  const { prepared, run, finished } = ready;
  try {
    const context = {
      engine,
      checkpoint,
      prepared,
      resolved,
      runId: run.id,
      finished,
      stateEverySeconds,
      tensorboard: given.tensorboard === true,
      profile,
    };
    const parts = await runPlan(context, place, keepingNotes(run, callbacks));
    const said = run.notes.length;
    const results = await finishRun(parts, prepared, checkpoint, run, place);
    for (const text of run.notes.slice(said)) callbacks.event?.({ kind: "note", text });
    await removeIfThere(join(place.out, "cache"));
    run.sittings.at(-1)!.end = new Date().toISOString();
    await writeRunInfo(place.out, run);
    return results;
  } finally {
    prepared.inputs.close();
  }
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
  const drawn = join(place.out, SCENES);
  const temporary = begun.given.data === undefined && !(await exists(drawn))
    ? await Deno.makeTempDir({ prefix: "cotbal-" })
    : undefined;
  try {
    const data = begun.given.data ?? (temporary === undefined ? drawn : join(temporary, SCENES));
    const began = performance.now();
    const setting = await settle(begun, data, place, callbacks);
    const ready = await readAll(engine, setting, place, callbacks);
    const reading = (performance.now() - began) / 1000;
    try {
      return await measureRun(setting, ready, { reading, drawn: temporary && data }, callbacks);
    } finally {
      ready.close();
      ready.model.destroy();
    }
  } finally {
    if (temporary !== undefined) await removeIfThere(temporary);
  }
}

/** Folder of the built-in benchmark in a run. */
const SCENES = "scenes";

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

/** Checks the options and opens the base. */
async function begin(
  engine: Engine,
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
  engine.checkStorage(given.storage ?? "f32");
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
  memoryNote(engine, checkpoint, { ...leastPlan(given, preset, checkpoint.config), lora });
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
