/**
 * A training that is watched as it goes: a few hundred steps, with nothing kept.
 *
 * Steps, order, weights and losses are those of every other training (`src/train`, `src/lmm/trainer`); what is missing
 * beside `trainLoop` are its files.
 *
 * @module
 */

import { evaluate } from "../../answer/evaluate.ts";
import { constantWeights } from "../../balance/constant.ts";
import { InputError, Interrupted } from "../../errors.ts";
import { holding, TRAINING_SETTINGS } from "../../lmm/trainer/settings.ts";
import type { StepLog } from "../../lmm/trainer/trainer.ts";
import type { LossPoint } from "../../report/kit/loss_panel.ts";
import type { Answer } from "../../run/records/part_result.ts";
import { pick } from "../../settings.ts";
import type { CheckpointFiles } from "../../train/checkpoint.ts";
import type { Engine, EngineModel, EngineTrainer } from "../../train/engine.ts";
import { type Order, orderSequences } from "../../train/order.ts";
import { type Lesson, TUNING } from "./lesson.ts";

/** What a visitor decides. */
export interface LiveSettings {
  /** λ of each task, 0 or more: their ratios count. A task of weight 0 is not read at all. */
  weights: readonly number[];
  /** Optimiser steps. */
  steps: number;
  /** Decides the order in which conversations are read. */
  seed: number;
}

/** What a live training calls and obeys. */
export interface LiveCallbacks {
  /** Called after every step. */
  step?: (log: StepLog) => void;
  /** Called with the losses on what is held out: before the first step, now and then, and after the last. */
  look?: (point: LossPoint) => void;
  /** Ends it. */
  signal?: AbortSignal | undefined;
}

/** Looks at the held-out losses in a training, the one before its first step apart. */
const LOOKS = 20;

/**
 * Trains a fresh copy of a model.
 *
 * @param engine Where it runs.
 * @param checkpoint The model.
 * @param lesson What it reads.
 * @param settings Weights, steps, seed.
 * @param callbacks Told of steps and looks.
 * @returns The answers of the trained model to the lesson's questions.
 * @throws {InputError} If the weights are not one a task, 0 or more and not all 0.
 * @throws {Interrupted} If the signal fired: within a step, or within a task's answers.
 */
export async function liveTraining(
  engine: Engine,
  checkpoint: CheckpointFiles,
  lesson: Lesson,
  settings: LiveSettings,
  callbacks: LiveCallbacks = {},
): Promise<Answer[]> {
  const { tasks } = lesson;
  if (settings.weights.length !== tasks.length) {
    throw new InputError(`expected ${tasks.length} weights, one a task, found ${settings.weights.length}`);
  }
  const balancer = constantWeights("live", settings.weights);
  const order = liveOrder(lesson, settings);
  const model = await engine.load(checkpoint, holding(TUNING));
  try {
    const trainer = model.trainer({
      ...pick(TRAINING_SETTINGS, TUNING),
      tasks: tasks.length,
      taskNames: tasks,
      steps: order.steps,
    });
    try {
      await look(trainer, lesson, callbacks);
      const every = Math.max(1, Math.round(order.steps / LOOKS));
      for (let step = 1; step <= order.steps; step++) {
        const dealt = order.step(step);
        trainer.train(dealt, balancer.weights(step, dealt.taskTokens));
        // Each step is waited for: it is to be seen, and stopped, at once.
        for (const log of await trainer.log()) callbacks.step?.(log);
        await turn(callbacks.signal, `stopped after step ${step} of ${order.steps}`);
        if (step % every === 0 || step === order.steps) await look(trainer, lesson, callbacks);
      }
    } finally {
      trainer.destroy();
    }
    return await answers(model, checkpoint, lesson, callbacks.signal);
  } finally {
    model.destroy();
  }
}

/**
 * The order in which a live training reads its conversations.
 *
 * @param lesson What there is to read.
 * @param settings Weights, steps, seed.
 */
export function liveOrder(
  { tasks, sequences }: Pick<Lesson, "tasks" | "sequences">,
  { weights, steps, seed }: LiveSettings,
): Order {
  // A step of tasks that all weigh 0 would have no loss.
  const read = sequences.filter(({ task }) => weights[task]! > 0);
  const { batch, microBatch } = TUNING;
  const epochs = steps / Math.ceil(read.length / batch);
  return orderSequences(read, { seed, epochs, batch, microBatch, tasks: tasks.length });
}

/**
 * The answers of the model as it is before any training.
 *
 * @param engine Where it runs.
 * @param checkpoint The model.
 * @param lesson What it is asked.
 * @param signal Ends it.
 * @throws {Interrupted} If the signal fired.
 */
export async function answersBefore(
  engine: Engine,
  checkpoint: CheckpointFiles,
  lesson: Lesson,
  signal?: AbortSignal,
): Promise<Answer[]> {
  const model = await engine.load(checkpoint, { trainable: [] });
  try {
    return await answers(model, checkpoint, lesson, signal);
  } finally {
    model.destroy();
  }
}

async function answers(
  model: EngineModel,
  { tokenizer, stops }: CheckpointFiles,
  { questions, features }: Lesson,
  signal: AbortSignal | undefined,
): Promise<Answer[]> {
  return (await evaluate(model, questions, { tokenizer, stops, features, signal })).answers;
}

async function look(trainer: EngineTrainer, { held }: Lesson, callbacks: LiveCallbacks): Promise<void> {
  const { nll, tokens } = await trainer.losses(held);
  callbacks.look?.({
    step: trainer.step,
    loss: nll.map((sum, i) => tokens[i]! > 0 ? sum / tokens[i]! : null),
  });
}

/** Messages get their turn. */
async function turn(signal: AbortSignal | undefined, stopped: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  if (signal?.aborted === true) throw new Interrupted(stopped);
}
