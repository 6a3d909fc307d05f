/**
 * The whole of CoTBal: probes, weights, final tuning, scores.
 *
 * @module
 */

import { join } from "@std/path";
import { InputError } from "../errors.ts";
import type { Engine } from "../train/engine.ts";
import { finishRun } from "./results/finish_run.ts";
import { isExtending } from "../run/extend_seeds.ts";
import { inspectRecord, RESULTS_FILE, RUN_FILE } from "../run/run_files.ts";
import { type Claim, Claims, type WorkHolder } from "../run/claims/claims.ts";
import { exclusively, pause } from "../run/claims/exclusively.ts";
import { holderName } from "../run/claims/holder.ts";
import { QUIET } from "../run/claims/judge.ts";
import type { Part } from "../run/part.ts";
import { findPart, type PartState, stateOfPart } from "../run/part_states.ts";
import { planRun } from "../run/plan.ts";
import type { PartResult } from "../run/records/part_result.ts";
import type { TuneOptions } from "./options/settings.ts";
import { PROFILE_FILE } from "../run/profile_file.ts";
import { exists, removeIfThere } from "../run/files.ts";
import { keepingProgress } from "./progress_log.ts";
import { type PlanContext, runOnePart, runPlan } from "./run_plan.ts";
import { finishedParts, stateOf } from "./finished_parts.ts";
import { begin, type Begun } from "./set_up/begin.ts";
import { findRun, openRun } from "./set_up/find_run.ts";
import { keepingNotes } from "./set_up/keeping_notes.ts";
import type { Setting } from "./set_up/read_all.ts";
import { SCENES, settle } from "./set_up/settle.ts";
import { type Company, type SetUp, setUp } from "./set_up/set_up.ts";
import { saveSitting } from "./set_up/sittings.ts";
import type { TuneCallbacks, TunePlace } from "./callbacks.ts";
import type { Results } from "../run/records/results.ts";
import type { RunInfo, Sitting } from "../run/records/run_info.ts";

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
  const { part, plan, run } = await findPart(out, id);
  const files = { folder: out, runId: run.id };
  const first = await stateOfPart(part, plan, out);
  if (first.state === "not ready") return first;
  if (first.state === "done" && await stateOf(part, files) === "finished") return first;
  const joining = { ...place, resume: true, join: true };
  return await inCompany(joining, callbacks, async (claims) => {
    const claim = await takePart(part, claims, callbacks);
    if (!("check" in claim)) return { state: "claimed", holder: claim };
    await finishedParts([part], files, (text) => callbacks.event?.({ kind: "note", text }));
    const state = await stateOfPart(part, plan, out);
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
    if (made !== undefined && made.fault === undefined && (await callbacks.finished?.() ?? true)) {
      return made.value;
    }
    const said = run.notes.length;
    const results = await finishRun(parts, prepared, checkpoint, run, place);
    for (const text of run.notes.slice(said)) say(text);
    await saveSitting(place.out, run, sitting, claims);
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

/** Folder of a run for what its parts share while it goes on. */
const CACHE = "cache";

/** Pieces of a run's work beside its parts, by the names under which they are claimed. */
const SET_UP = "set-up", RESULTS = "results";

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
