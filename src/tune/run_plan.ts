/**
 * Carries out a run's plan, part by part, and tells how long it will take.
 *
 * @module
 */

import { join } from "@std/path";
import { removeBest } from "../train/best_state.ts";
import type { CheckpointFiles } from "../train/checkpoint_files.ts";
import type { Engine } from "../train/engine.ts";
import { type Estimate, startEstimate } from "./estimate.ts";
import { PROFILE_FILE } from "../run/profile_file.ts";
import { isScoring, type Part, type ScoringPart } from "../run/part.ts";
import { planRun } from "../run/plan.ts";
import type { Prepared } from "./data/prepare.ts";
import { openStepProfiler, type StepProfiler } from "../train/profile_steps.ts";
import { removeIfThere } from "../run/files.ts";
import { type RunFiles, writeRecord } from "../run/run_files.ts";
import { questionsOf } from "./parts/evaluate_part.ts";
import { answersFile } from "./parts/kept_answers.ts";
import { runPart } from "./parts/run_part.ts";
import { quotasOf } from "./parts/mix.ts";
import { passesOf, sequencesOf, sizesOf, tokensOfPass } from "./parts/tune_part.ts";
import { readResult } from "../run/read_result.ts";
import { ensureEventFile } from "../run/tensorboard/event_file.ts";
import { STATE_FILE } from "../train/saves.ts";
import type { TuneCallbacks, TunePlace } from "./callbacks.ts";
import type { PartResult, TaskScore } from "../run/records/part_result.ts";
import type { ResolvedOptions } from "../run/records/run_info.ts";

/** What all parts share. */
export interface PlanContext {
  engine: Engine;
  checkpoint: CheckpointFiles;
  prepared: Prepared;
  resolved: ResolvedOptions;
  /** What the run's files name it. */
  runId: string | undefined;
  /** Names of the parts that are finished. */
  finished: ReadonlySet<string>;
  stateEverySeconds: number;
  /** Whether TensorBoard's event files are written. */
  tensorboard: boolean;
  /** Whether some steps are still to be profiled. */
  profile: boolean;
}

/**
 * Carries out the parts that are not finished yet.
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
  const { finished } = context;
  const trains = plan.some(({ kind, id }) => kind === "tune" && !finished.has(id));
  const profiler = context.profile ? await openProfiler(context.engine, trains, files, callbacks) : undefined;
  try {
    return await runParts(plan, finished, profiler, context, files, callbacks);
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

async function runParts(
  plan: readonly Part[],
  finished: ReadonlySet<string>,
  profiler: StepProfiler | undefined,
  context: PlanContext,
  files: RunFiles,
  callbacks: TuneCallbacks,
): Promise<Map<string, PartResult>> {
  const { prepared, resolved } = context;
  const event = callbacks.event ?? (() => {});
  const estimate = estimatePlan(plan.filter(({ id }) => !finished.has(id)), prepared, resolved);

  const results = new Map<string, PartResult>();
  for (const [i, part] of plan.entries()) {
    callbacks.signal?.throwIfAborted();
    const where = { part: part.id, index: i + 1, parts: plan.length };
    if (!finished.has(part.id)) {
      const asked = isScoring(part) ? questionCount(part, prepared) : 0;
      let answered = 0;
      let perStep = 0, planned = 0;
      let last = { step: 0, seconds: 0 };
      await runPart(part, {
        ...files,
        engine: context.engine,
        checkpoint: context.checkpoint,
        prepared,
        options: resolved,
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
          looked: (_, done, questions) =>
            event({
              kind: "progress",
              ...where,
              doing: "validating",
              step: done,
              steps: questions,
              loss: null,
              secondsLeft: estimate.secondsLeft(),
            }),
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
      // Steps that validation saved.
      estimate.skip("tokens", (planned - last.step) * perStep);
    } else if (context.tensorboard && part.kind === "tune") {
      await ensureEventFile(join(files.folder, part.id), resolved.tasks);
    }
    // Left where a process was killed between a part's result and the end of the part.
    if (part.kind === "tune") {
      await removeIfThere(join(files.folder, part.id, STATE_FILE));
      await removeBest(join(files.folder, part.id));
    }
    if (isScoring(part)) await removeIfThere(join(files.folder, answersFile(part)));
    let scores: TaskScore[] = [];
    if (part.kind !== "balance" && part.kind !== "propose") {
      const result = await readResult(files, part.file);
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
      const sequences = sequencesOf(part, prepared, resolved);
      const quotas = quotasOf(part, sizesOf(sequences, resolved.tasks.length), resolved);
      tokens += tokensOfPass(sequences, quotas) * passesOf(part, prepared, resolved);
    }
    if (isScoring(part)) questions += questionCount(part, prepared);
  }
  return startEstimate({ tokens, questions });
}

function questionCount(part: ScoringPart, prepared: Prepared): number {
  return questionsOf(part, prepared).reduce((sum, { questions }) => sum + questions.length, 0);
}
