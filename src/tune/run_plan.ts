/**
 * Carries out a run's plan, part by part, and tells how long it will take.
 *
 * @module
 */

import { join } from "@std/path";
import { removeBest } from "../train/best_state.ts";
import type { CheckpointFiles } from "../train/checkpoint_files.ts";
import type { Engine } from "../train/engine.ts";
import { type Estimate, startEstimate, type Work } from "./estimate.ts";
import { PROFILE_FILE } from "../run/profile_file.ts";
import { isScoring, type Part, type ScoringPart } from "../run/part.ts";
import { planRun } from "../run/plan.ts";
import type { Prepared } from "./data/prepare.ts";
import { openStepProfiler, type StepProfiler } from "../train/profile_steps.ts";
import { removeIfThere, removePartial, removePartials } from "../run/files.ts";
import { RESULTS_FILE, type RunFiles, writeRecord } from "../run/run_files.ts";
import { questionsOf } from "./parts/evaluate_part.ts";
import { answersFile } from "./parts/kept_answers.ts";
import { runPart } from "./parts/run_part.ts";
import { quotasOf } from "./parts/mix.ts";
import { passesOf, sequencesOf, sizesOf, tokensOfPass } from "./parts/tune_part.ts";
import { readResult } from "../run/read_result.ts";
import { ensureEventFile } from "../run/tensorboard/event_file.ts";
import { STATE_FILE } from "../train/saves.ts";
import type { Claim, Claims } from "../run/claims/claims.ts";
import { startEnergy } from "./energy.ts";
import { carryOutReady } from "./schedule.ts";
import type { TuneCallbacks, TunePlace } from "./callbacks.ts";
import type { PartResult } from "../run/records/part_result.ts";
import type { ResolvedOptions } from "../run/records/run_info.ts";

/** What all parts share. */
export interface PlanContext {
  engine: Engine;
  checkpoint: CheckpointFiles;
  prepared: Prepared;
  resolved: ResolvedOptions;
  /** What the run's files name it. */
  runId: string | undefined;
  /** Who else works on the run. */
  claims: Claims;
  /** Names of the parts that are finished. */
  finished: ReadonlySet<string>;
  stateEverySeconds: number;
  /** Whether TensorBoard's event files are written. */
  tensorboard: boolean;
  /** Whether some steps are still to be profiled. */
  profile: boolean;
}

/**
 * Carries out the parts that are not finished yet, beside other processes where there are any.
 *
 * @param context What they share.
 * @param place Where to write.
 * @param callbacks Progress and interruption.
 * @returns The results of all parts that have scores, by the part's id.
 * @throws {Interrupted} If the signal fired; the part at hand goes on from there the next time.
 */
export async function runPlan(
  context: PlanContext,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<Map<string, PartResult>> {
  const plan = planRun(context.resolved);
  const files: RunFiles = { folder: place.out, runId: context.runId };
  const { finished, claims } = context;
  const { signal } = callbacks;
  const event = callbacks.event ?? (() => {});
  return await withParts(plan, context, files, callbacks, async ({ carryOut, skip }) => {
    const results = new Map<string, PartResult>();
    const tell = async (part: Part, by: { before: boolean; elsewhere?: true }) => {
      const scored = part.kind !== "balance" && part.kind !== "propose";
      const result = scored ? await readResult(files, part.file) : undefined;
      if (result !== undefined) results.set(part.id, result);
      const where = { part: part.id, index: plan.indexOf(part) + 1, parts: plan.length };
      event({ kind: "part", ...where, scores: result?.scores ?? [], ...by });
    };
    for (const part of plan) {
      if (!finished.has(part.id)) continue;
      if (context.tensorboard && part.kind === "tune") {
        await ensureEventFile(join(files.folder, part.id), context.resolved.tasks);
      }
      await tidyUp(part, files);
      await tell(part, { before: true });
    }
    await carryOutReady({ plan, folder: place.out, claims, finished, signal }, {
      carryOut: async (part, claim) => {
        await carryOut(part, claim);
        await tell(part, { before: false });
      },
      elsewhere: async (part) => {
        skip(part);
        await tell(part, { before: false, elsewhere: true });
      },
      waiting: (text) => event({ kind: "note", text }),
    });
    return results;
  });
}

/**
 * Carries out one part.
 *
 * @param part The part; what it needs is there.
 * @param claim This process's claim on it.
 * @param context What parts share.
 * @param place Where to write.
 * @param callbacks Progress and interruption.
 * @throws {Interrupted} If the signal fired; the part goes on from there the next time.
 */
export async function runOnePart(
  part: Part,
  claim: Claim,
  context: PlanContext,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<void> {
  const plan = planRun(context.resolved);
  const files: RunFiles = { folder: place.out, runId: context.runId };
  await withParts(plan, context, files, callbacks, ({ carryOut }) => carryOut(part, claim));
}

/** What carries out parts, with what it opens for them. */
interface PartWork {
  carryOut: (part: Part, claim: Claim) => Promise<void>;
  /** Told of a part that another process carried out. */
  skip: (part: Part) => void;
}

async function withParts<T>(
  plan: readonly Part[],
  context: PlanContext,
  files: RunFiles,
  callbacks: TuneCallbacks,
  work: (parts: PartWork) => Promise<T>,
): Promise<T> {
  const { prepared, resolved, finished } = context;
  const open = plan.filter(({ id }) => !finished.has(id));
  const estimate = startEstimate(workOf(open, prepared, resolved));
  const trains = open.some(({ kind }) => kind === "tune");
  const profiler = context.profile ? await openProfiler(context.engine, trains, files, callbacks) : undefined;
  try {
    return await work({
      carryOut: (part, claim) =>
        carryOutPart(part, claim, { plan, estimate, profiler }, context, files, callbacks),
      skip: (part) => {
        const { tokens, questions } = workOf([part], prepared, resolved);
        estimate.skip("tokens", tokens);
        estimate.skip("questions", questions);
      },
    });
  } finally {
    profiler?.destroy();
  }
}

async function openProfiler(
  engine: Engine,
  trains: boolean,
  files: RunFiles,
  { event }: TuneCallbacks,
): Promise<StepProfiler | undefined> {
  if (!trains) {
    event?.({ kind: "note", text: "Nothing is left to train: no profile was taken." });
    return undefined;
  }
  const tell = (done: number) => event?.({ kind: "setup", doing: "measuring the adapter", done, total: 1 });
  tell(0);
  const opened = await openStepProfiler(
    engine,
    (profile) => writeRecord(files, PROFILE_FILE, profile),
  );
  tell(1);
  return opened;
}

/** Carries out a part, and tells of its progress. */
async function carryOutPart(
  part: Part,
  claim: Claim,
  { plan, estimate, profiler }: {
    plan: readonly Part[];
    estimate: Estimate;
    profiler: StepProfiler | undefined;
  },
  context: PlanContext,
  files: RunFiles,
  callbacks: TuneCallbacks,
): Promise<void> {
  const event = callbacks.event ?? (() => {});
  const where = { part: part.id, index: plan.indexOf(part) + 1, parts: plan.length };
  const asked = isScoring(part) ? questionCount(part, context.prepared) : 0;
  const progress = (
    doing: "training" | "validating" | "answering",
    step: number,
    steps: number,
    loss: number | null,
  ) => event({ kind: "progress", ...where, doing, step, steps, loss, secondsLeft: estimate.secondsLeft() });
  let answered = 0;
  let perStep = 0, planned = 0;
  let last = { step: 0, seconds: 0 };
  // Results without this part, from before it was found damaged, are none.
  await removeIfThere(join(files.folder, RESULTS_FILE));
  await removeLeft(part, files);
  const began = performance.now();
  const energy = await startEnergy();
  await runPart(part, {
    ...files,
    made: async () => {
      const joules = await energy?.();
      const seconds = (performance.now() - began) / 1000;
      return { sitting: context.claims.self.id, seconds, ...(joules !== undefined && { joules }) };
    },
    guard: () => claim.check(),
    seal: () => claim.renew(),
    engine: context.engine,
    checkpoint: context.checkpoint,
    prepared: context.prepared,
    options: context.resolved,
    stateEverySeconds: context.stateEverySeconds,
    tensorboard: context.tensorboard,
    profiler,
    callbacks: {
      signal: callbacks.signal,
      note: (text) => event({ kind: "note", text }),
      start: (_, done, steps, tokens) => {
        perStep = tokens / steps;
        planned = steps;
        last = { step: done, seconds: NaN };
        estimate.skip("tokens", done * perStep);
      },
      trained: (_, line, steps) => {
        // The first look after a resumption has nothing to measure from.
        const seconds = line.seconds - (last.step === 0 ? 0 : last.seconds);
        if (Number.isNaN(seconds)) estimate.skip("tokens", (line.step - last.step) * perStep);
        else estimate.done("tokens", (line.step - last.step) * perStep, seconds);
        last = { step: line.step, seconds: line.seconds };
        progress("training", line.step, steps, line.loss);
      },
      looked: (_, done, questions) => progress("validating", done, questions, null),
      answered: (_, questions, seconds) => {
        answered += questions;
        estimate.done("questions", questions, seconds);
        progress("answering", answered, asked, null);
      },
    },
  });
  // Steps that validation saved.
  estimate.skip("tokens", (planned - last.step) * perStep);
  await tidyUp(part, files);
}

/** Takes away what a process left that was killed while it wrote the part's files; they are this process's now. */
async function removeLeft(part: Part, { folder }: RunFiles): Promise<void> {
  if (part.kind === "tune") await removePartials(join(folder, part.id));
  const written = part.kind === "balance" ? [part.file, part.table, part.intervals] : [part.file];
  for (const file of written) if (file !== undefined) await removePartial(join(folder, file));
}

/** Takes away what is left where a process was killed between a part's result and the end of the part. */
async function tidyUp(part: Part, { folder }: RunFiles): Promise<void> {
  if (part.kind === "tune") {
    await removeIfThere(join(folder, part.id, STATE_FILE));
    await removeBest(join(folder, part.id));
  }
  if (isScoring(part)) await removeIfThere(join(folder, answersFile(part)));
}

/** Tokens and questions of parts. */
function workOf(open: readonly Part[], prepared: Prepared, resolved: ResolvedOptions): Work {
  let tokens = 0;
  let questions = 0;
  for (const part of open) {
    if (part.kind === "tune") {
      const sequences = sequencesOf(part, prepared, resolved);
      const quotas = quotasOf(part, sizesOf(sequences, resolved.tasks.length), resolved);
      tokens += tokensOfPass(sequences, quotas) * passesOf(part, prepared, resolved);
    }
    if (isScoring(part)) questions += questionCount(part, prepared);
  }
  return { tokens, questions };
}

function questionCount(part: ScoringPart, prepared: Prepared): number {
  return questionsOf(part, prepared).reduce((sum, { questions }) => sum + questions.length, 0);
}
