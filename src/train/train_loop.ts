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
import type { MetricsLine } from "../run/records/metrics_line.ts";
import type { EngineTrainer } from "./engine.ts";
import type { Order } from "./order.ts";

/** What a training consists of. */
export interface Training {
  /** Its folder, for metrics.jsonl and the state. */
  folder: string;
  /** A fresh trainer; it is restored from the state if there is one. */
  trainer: EngineTrainer;
  /** What each step reads. */
  order: Order;
  /** The weighting method. */
  balancer: Balancer;
  /** How often the state is saved, in seconds. */
  stateEverySeconds: number;
  /** Called each time the state was saved. */
  saved?: () => Promise<void>;
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
  const queued = new Map<number, Pick<MetricsLine, "tokens" | "conversations" | "weights">>();
  let saved = start;

  callbacks.start?.(trainer.step, order.steps);
  for (let step = trainer.step + 1; step <= order.steps; step++) {
    const dealt = order.step(step);
    const lambda = balancer.weights(step, dealt.taskTokens);
    tokens += dealt.tokens;
    conversations += dealt.conversations;
    const equal = lambda.every((weight) => weight === 1);
    queued.set(step, { tokens, conversations, ...(!equal && { weights: lambda }) });
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
      return { ...log, answerTokens, ...queued.get(log.step)!, seconds: seconds() };
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
  return { steps: order.steps, conversations, tokens, answerTokens, seconds: seconds() };
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
  for (const { step, taskLoss, taskTokens } of lines) balancer.observe({ step, taskLoss, taskTokens });
}
