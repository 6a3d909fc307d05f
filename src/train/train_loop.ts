/**
 * The loop of every training: it may be stopped at any moment and goes on to the same bits.
 *
 * @module
 */

import { join } from "@std/path";
import type { Balancer } from "../balance/balancer.ts";
import { Interrupted, RunError } from "../errors.ts";
import { readIfThere, writeWhole } from "../run/files.ts";
import { appendMetrics, truncateMetrics } from "../run/metrics_file.ts";
import type { MetricsLine, ValidationRecord } from "../run/records/metrics_line.ts";
import type { TrainStep } from "../lmm/trainer/train_step.ts";
import type { EngineTrainer } from "./engine.ts";
import type { Order } from "./order.ts";
import type { Readied } from "./image_inputs.ts";
import type { OrderAhead } from "./read_ahead.ts";

/** What a training consists of. */
export interface Training {
  /** Its folder, for metrics.jsonl and the state. */
  folder: string;
  /** A fresh trainer; it is restored from the state if there is one. */
  trainer: EngineTrainer;
  /** What each step reads; its images are waited for, where they are read ahead. */
  order: Order & Partial<Pick<OrderAhead, "ready">>;
  /** The weighting method. */
  balancer: Balancer;
  /** What is validated on the way, where the weighting method wants it. */
  validation?: Validation | undefined;
  /** How often the state is saved, in seconds. */
  stateEverySeconds: number;
  /** Called each time the state was saved. */
  saved?: () => Promise<void>;
}

/** Losses that are measured while a model is trained: before step 1, and before every so many-th step after it. */
export interface Validation {
  /** Steps from one to the next. */
  every: number;
  /** What is read, always the same. */
  work: TrainStep;
  /** Makes its images ready; missing where all of them always are. */
  ready?: () => Readied;
}

/** What a training calls and obeys. */
export interface TrainCallbacks {
  /** Called before the first step, with the steps that earlier sittings did. */
  start?: (done: number, steps: number) => void;
  /** Queues a step by calling `train`, and may look on while it does. */
  queue?: (step: number, train: () => void) => Promise<void>;
  /** Called after every look at the losses. */
  progress?: (line: MetricsLine, steps: number) => void;
  /** When it fires, the state is saved and {@linkcode Interrupted} thrown. */
  signal?: AbortSignal | undefined;
}

/** What a training took. */
export interface TrainCost {
  /** Optimiser steps. */
  steps: number;
  /** Conversations read, repetitions counted. */
  conversations: number;
  /** Positions of the sequences, without padding. */
  tokens: number;
  /** Those with a loss. */
  answerTokens: number;
  /** Seconds, interruptions apart. */
  seconds: number;
  /** What of the seconds was spent waiting for images to be read; only where they are read while the model is trained. */
  waiting?: number;
  /** What of the seconds went into validations, and the tokens they read; only where there were any. */
  validation?: { seconds: number; tokens: number };
}

/** Name of the file, in a training's folder, from which it goes on when it was stopped. */
export const STATE_FILE = "state.bin";

/** What a training has read before its first step. */
const NOTHING_YET = { answerTokens: 0, tokens: 0, conversations: 0 };

/** Steps between two looks at the losses: each look waits for the device. */
const LOG_EVERY = 20;

/**
 * Trains to the end. The folder gets metrics.jsonl and state.bin: parameters, moments and step, every so many seconds,
 * at an interruption and at the end. The caller removes state.bin once the training's result is written.
 *
 * @param training What it consists of.
 * @param callbacks Progress and interruption.
 * @returns What it took, earlier sittings included.
 * @throws {Interrupted} If the signal fired before the last step; the state is saved before.
 * @throws {RunError} If a loss is not finite.
 */
export async function trainLoop(training: Training, callbacks: TrainCallbacks = {}): Promise<TrainCost> {
  const { folder, trainer, order, balancer } = training;
  const statePath = join(folder, STATE_FILE);
  const metricsPath = join(folder, "metrics.jsonl");
  const state = await readIfThere(statePath);
  if (state !== undefined) trainer.restore(state);
  const lines = await truncateMetrics<MetricsLine>(metricsPath, trainer.step);
  const before = lines.at(-1);
  if (before !== undefined && before.tokens === undefined) {
    throw new RunError(
      `${metricsPath}: expected lines with tokens and conversations, found those of another version. ` +
        `Remove ${folder} to train it again`,
    );
  }

  const unseen = startBalancer(balancer, lines, trainer.step);
  let { answerTokens, tokens, conversations } = before ?? NOTHING_YET;
  const start = performance.now();
  const seconds = () => (before?.seconds ?? 0) + (performance.now() - start) / 1000;
  const queued = new Map<number, Pick<MetricsLine, "tokens" | "conversations" | "weights" | "validation">>();
  const validated = lines.flatMap(({ validation }) => validation ?? []);
  let saved = start, waiting = before?.waiting ?? 0;

  callbacks.start?.(trainer.step, order.steps);
  for (let step = trainer.step + 1; step <= order.steps; step++) {
    const waited = await order.ready?.(step);
    if (waited !== undefined) waiting += waited;
    const dealt = order.step(step);
    const validation = await validate(training, step);
    if (validation !== undefined) validated.push(validation);
    const lambda = balancer.weights(step, dealt.taskTokens);
    tokens += dealt.tokens;
    conversations += dealt.conversations;
    const equal = lambda.every((weight) => weight === 1);
    queued.set(step, {
      tokens,
      conversations,
      ...(!equal && { weights: lambda }),
      ...(validation && { validation }),
    });
    const train = () => trainer.train(dealt, lambda);
    if (callbacks.queue) await callbacks.queue(step, train);
    else train();

    // Signals and timers get their turn: queuing steps alone never leaves the event loop.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const stopped = callbacks.signal?.aborted === true;
    const last = step === order.steps;
    if (step % LOG_EVERY !== 0 && !last && !stopped) continue;

    const fresh = (await trainer.log()).map((log): MetricsLine => {
      answerTokens += log.taskTokens.reduce((sum, n) => sum + n, 0);
      const spent = { seconds: seconds(), ...(order.ready && { waiting }) };
      return { ...log, answerTokens, ...queued.get(log.step)!, ...spent };
    });
    queued.clear();
    await appendMetrics(metricsPath, fresh);
    unseen.push(...fresh);
    if (step % LOG_EVERY === 0) observe(balancer, unseen.splice(0));
    const line = fresh.at(-1);
    if (line !== undefined) callbacks.progress?.(line, order.steps);

    if (last || stopped || performance.now() - saved > 1000 * training.stateEverySeconds) {
      await writeWhole(statePath, await trainer.state());
      await training.saved?.();
      saved = performance.now();
    }
    if (stopped && !last) throw new Interrupted(`stopped after step ${step} of ${order.steps}`);
  }
  const cost: TrainCost = { steps: order.steps, conversations, tokens, answerTokens, seconds: seconds() };
  if (order.ready) cost.waiting = waiting;
  if (validated.length === 0) return cost;
  const sum = (of: (one: ValidationRecord) => number) => validated.reduce((total, one) => total + of(one), 0);
  return { ...cost, validation: { seconds: sum((one) => one.seconds), tokens: sum((one) => one.tokens) } };
}

/** Looks at the validation questions, if it is time to. A step that is done again after a kill looks again. */
async function validate(
  { trainer, validation }: Training,
  step: number,
): Promise<ValidationRecord | undefined> {
  if (validation === undefined || (step - 1) % validation.every !== 0) return undefined;
  const began = performance.now();
  const readied = validation.ready?.();
  try {
    await readied?.done;
    const { nll, tokens } = await trainer.losses(validation.work);
    return {
      loss: nll.map((sum, i) => tokens[i]! > 0 ? sum / tokens[i]! : null),
      tokens: validation.work.tokens,
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    readied?.release();
  }
}

/**
 * A method learns of the steps at fixed places, wherever the training was interrupted: it is told of those up to the
 * last such place.
 *
 * @returns The steps after it.
 */
function startBalancer(balancer: Balancer, lines: readonly MetricsLine[], done: number): MetricsLine[] {
  const boundary = done - done % LOG_EVERY;
  observe(balancer, lines.filter(({ step }) => step <= boundary));
  return lines.filter(({ step }) => step > boundary);
}

function observe(balancer: Balancer, lines: readonly MetricsLine[]): void {
  for (const { step, taskLoss, taskTokens, validation } of lines) {
    balancer.observe({ step, taskLoss, taskTokens, ...(validation && { validationLoss: validation.loss }) });
  }
}
