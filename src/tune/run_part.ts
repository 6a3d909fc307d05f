/**
 * Carries out one part of a run's plan.
 *
 * @module
 */

import { join } from "@std/path";
import {
  type Balancer,
  constantWeights,
  equalWeights,
  taskLevelMean,
  weightsFromScores,
  type WeightsReport,
} from "../balance/mod.ts";
import { drawSubsets } from "../data/mod.ts";
import { type CheckpointFiles, readCheckpoint } from "../train/checkpoint_files.ts";
import type { TrainSequence } from "../lmm/trainer/train_step.ts";
import type { Engine, EngineModel } from "../train/engine.ts";
import { evaluate, type Evaluation, type TaskQuestions } from "../answer/evaluate.ts";
import { orderSequences } from "../train/order.ts";
import type { BalancePart, EvaluatePart, JoinPart, Part, TunePart } from "../run/plan.ts";
import type { StepProfiler } from "../train/profile_steps.ts";
import type { Prepared } from "./prepare.ts";
import { TRAINING_SETTINGS } from "../lmm/trainer/settings.ts";
import { pick } from "../settings.ts";
import { readJson, removeIfThere, writeFolder, writeJson } from "../run/files.ts";
import { STATE_FILE, type TrainCost, trainLoop } from "../train/train_loop.ts";
import type { PartResult } from "../run/records/part_result.ts";
import type { ResolvedOptions } from "../run/records/run_info.ts";
import type { MetricsLine } from "../run/records/metrics_line.ts";
import type { ValidationTable } from "../run/records/validation.ts";

/** What parts share. */
export interface RunContext {
  /** The run's folder. */
  folder: string;
  engine: Engine;
  /** The base checkpoint. */
  checkpoint: CheckpointFiles;
  prepared: Prepared;
  options: ResolvedOptions;
  /** How often a part's state is saved, in seconds. */
  stateEverySeconds: number;
  /** Times some steps; undefined where nobody asked. */
  profiler?: StepProfiler | undefined;
  callbacks: PartCallbacks;
}

/** What a part calls and obeys. */
export interface PartCallbacks {
  /** A part begins to train; `done` steps were done by earlier sittings. */
  start?: (part: string, done: number, steps: number, tokens: number) => void;
  trained?: (part: string, line: MetricsLine, steps: number) => void;
  answered?: (part: string, questions: number, seconds: number) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Carries out a part. Its file appears last, and whole; a part whose file is there need not be carried out again.
 *
 * @param part The part; the files it needs are there.
 * @param context What parts share.
 * @throws {Interrupted} If the signal fired; the part goes on from there the next time.
 */
export async function runPart(part: Part, context: RunContext): Promise<void> {
  switch (part.kind) {
    case "tune":
      return await runTune(part, context);
    case "evaluate":
      return await runEvaluate(part, context);
    case "balance":
      return await runBalance(part, context);
    case "join":
      return await runJoin(part, context);
  }
}

/**
 * The sequences a part is trained on.
 *
 * @param part The part.
 * @param prepared The dataset made ready.
 * @param options The sampling rates.
 * @returns Its sequences, task after task.
 */
export function sequencesOf(
  part: TunePart,
  prepared: Prepared,
  options: Pick<ResolvedOptions, "mini" | "large">,
): TrainSequence[] {
  const { tasks, samples } = prepared.dataset;
  return tasks.flatMap(({ name }) => {
    const share = part.data[name];
    if (share === undefined) return [];
    const all = samples.train.get(name)!;
    const drawn = share === "all"
      ? all
      : drawSubsets(new Map([[name, all]]), { ...options, seed: part.seed }).get(name)![share];
    return drawn.map((sample) => prepared.sequences.get(sample)!);
  });
}

async function runTune(part: TunePart, context: RunContext): Promise<void> {
  const { options, callbacks, profiler } = context;
  const folder = join(context.folder, part.id);
  const sequences = sequencesOf(part, context.prepared, options);
  const model = context.engine.load(context.checkpoint.files);
  const tasks = options.tasks.length;
  const order = orderSequences(sequences, { ...options, tasks, seed: part.seed });
  try {
    const trainer = model.trainer({
      ...pick(TRAINING_SETTINGS, options),
      tasks,
      taskNames: options.tasks,
      steps: order.steps,
    });
    let cost: TrainCost;
    try {
      const balancer = await balancerOf(part, tasks, context);
      const { stateEverySeconds } = context;
      cost = await trainLoop({ folder, trainer, order, balancer, stateEverySeconds }, {
        start: (done, steps) => {
          const tokens = sequences.reduce((sum, { ids }) => sum + ids.length, 0) * options.epochs;
          callbacks.start?.(part.id, done, steps, tokens);
          profiler?.start(part.id, done, steps);
        },
        ...(profiler && { queue: profiler.queue }),
        progress: (line, steps) => callbacks.trained?.(part.id, line, steps),
        signal: callbacks.signal,
      });
    } finally {
      trainer.destroy();
    }
    const evaluation = await answer(model, part, questionsOf(part, context.prepared), false, context);
    if (part.keep) {
      await writeFolder(
        join(folder, "checkpoint"),
        new Map([...await model.save(), ...context.checkpoint.companions]),
      );
    }
    await writeResult(part, evaluation, cost, context);
    await removeIfThere(join(folder, STATE_FILE));
  } finally {
    model.destroy();
  }
}

async function runEvaluate(part: EvaluatePart, context: RunContext): Promise<void> {
  const files = part.checkpoint === null
    ? context.checkpoint.files
    : (await readCheckpoint(join(context.folder, part.checkpoint))).files;
  const model = context.engine.load(files);
  try {
    const evaluation = await answer(model, part, questionsOf(part, context.prepared), part.blank, context);
    const cost = { steps: 0, conversations: 0, tokens: 0, answerTokens: 0, seconds: 0 };
    await writeResult(part, evaluation, cost, context);
  } finally {
    model.destroy();
  }
}

async function runBalance(part: BalancePart, context: RunContext): Promise<void> {
  const { tasks } = context.options;
  const scores = async (file: string): Promise<number[]> => {
    const result = await readResult(context.folder, file);
    return tasks.map((task) => result.scores.find((score) => score.task === task)!.score);
  };
  const table: ValidationTable = {
    seed: part.seed,
    tasks,
    metrics: context.prepared.dataset.tasks.map(({ metric }) => metric),
    base: await scores(part.base),
    mini: await scores(part.mini),
    plus: await Promise.all(part.plus.map(scores)),
    questions: context.prepared.questions.val.map(({ questions }) => questions.length),
  };
  await writeJson(join(context.folder, part.table), table);
  const { temperature, alpha } = context.options;
  await writeJson(join(context.folder, part.file), weightsFromScores(table, { temperature, alpha }));
}

async function runJoin(part: JoinPart, context: RunContext): Promise<void> {
  const results = await Promise.all(part.needs.map((file) => readResult(context.folder, file)));
  const sum = (value: (result: PartResult) => number) =>
    results.reduce((total, result) => total + value(result), 0);
  const joined: PartResult = {
    part: part.id,
    seed: part.seed,
    split: "test",
    scores: results.flatMap(({ scores }) => scores),
    answers: results.flatMap(({ answers }) => answers),
    cost: {
      part: part.id,
      conversations: sum(({ cost }) => cost.conversations),
      steps: sum(({ cost }) => cost.steps),
      tokens: sum(({ cost }) => cost.tokens),
      answerTokens: sum(({ cost }) => cost.answerTokens),
      trainSeconds: sum(({ cost }) => cost.trainSeconds),
      evaluateSeconds: sum(({ cost }) => cost.evaluateSeconds),
    },
  };
  await writeJson(join(context.folder, part.file), joined);
}

async function balancerOf(part: TunePart, tasks: number, context: RunContext): Promise<Balancer> {
  if (part.weighting === "tla") return taskLevelMean(tasks);
  if (part.weighting === "equal") return equalWeights(tasks);
  const path = join(context.folder, part.weightsFile!);
  const weights = await readJson<WeightsReport>(path);
  if (weights === undefined) throw new Error(`the part ${part.id} needs ${path}, which is not there yet`);
  return constantWeights("cotbal", weights.lambda);
}

function questionsOf(part: TunePart | EvaluatePart, prepared: Prepared): TaskQuestions[] {
  return prepared.questions[part.split === "val" ? "val" : "test"].filter(({ task }) =>
    part.tasks.includes(task)
  );
}

async function answer(
  model: EngineModel,
  part: TunePart | EvaluatePart,
  questions: readonly TaskQuestions[],
  blank: boolean,
  context: RunContext,
): Promise<Evaluation> {
  const { checkpoint, callbacks } = context;
  return await evaluate(model, questions, {
    tokenizer: checkpoint.tokenizer,
    stop: checkpoint.stop,
    features: await featuresFor(model, questions, blank, context),
    progress: (count, seconds) => callbacks.answered?.(part.id, count, seconds),
    signal: callbacks.signal,
  });
}

/** Images that a tuned tower sees together. */
const IMAGES = 64;

/** What the projector reads of an image: what was computed once where the tower is frozen, else what it sees now. */
async function featuresFor(
  model: EngineModel,
  questions: readonly TaskQuestions[],
  blank: boolean,
  { prepared, options }: RunContext,
): Promise<(path: string) => Float32Array> {
  const stored = (path: string) => blank ? prepared.inputs.blank : prepared.inputs.get(path);
  if (options.frozen.includes("vision")) return stored;
  const shown = questions.flatMap(({ questions }) => questions.flatMap(({ sample }) => sample.images));
  const paths = blank ? [""] : [...new Set(shown)];
  const features = new Map<string, Float32Array>();
  for (let from = 0; from < paths.length; from += IMAGES) {
    const chunk = paths.slice(from, from + IMAGES);
    for (const [i, one] of (await model.encodeImages(chunk.map(stored))).entries()) {
      features.set(chunk[i]!, one);
    }
  }
  return (path) => features.get(blank ? "" : path)!;
}

async function writeResult(
  part: TunePart | EvaluatePart,
  evaluation: Evaluation,
  cost: TrainCost,
  context: RunContext,
): Promise<void> {
  const result: PartResult = {
    part: part.id,
    seed: part.seed,
    split: part.split,
    scores: evaluation.scores,
    answers: evaluation.answers,
    cost: {
      part: part.id,
      conversations: cost.conversations,
      steps: cost.steps,
      tokens: cost.tokens,
      answerTokens: cost.answerTokens,
      trainSeconds: cost.seconds,
      evaluateSeconds: evaluation.seconds,
    },
  };
  await writeJson(join(context.folder, part.file), result);
}

/**
 * Reads a part's result.
 *
 * @param folder The run's folder.
 * @param file The part's file, relative to it.
 * @returns What it holds.
 */
export async function readResult(folder: string, file: string): Promise<PartResult> {
  const result = await readJson<PartResult>(join(folder, file));
  if (result === undefined) throw new Error(`${join(folder, file)} is not there yet`);
  return result;
}
