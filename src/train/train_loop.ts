/**
 * Trains one part of a run, so that it may be stopped at any moment and goes on to the same bits.
 *
 * @module
 */

import { join } from "@std/path";
import type { Balancer } from "../balance/mod.ts";
import { Interrupted } from "../errors.ts";
import type { PartTrainer, TrainSequence } from "./engine.ts";
import { appendMetrics, truncateMetrics } from "../run/metrics_file.ts";
import type { Order } from "./order.ts";
import { readIfThere, writeWhole } from "../run/files.ts";
import type { MetricsLine } from "../run/records/step_record.ts";

/** What a part's training calls and obeys. */
export interface TrainCallbacks {
  /** Called before the first step, with the steps that earlier sittings did. */
  start?: (done: number, steps: number) => void;
  /** Queues a step by calling `train`, and may look on while it does. */
  queue?: (step: number, train: () => void) => Promise<void>;
  /** Called after every look at the losses. */
  progress?: (line: MetricsLine, steps: number) => void;
  signal?: AbortSignal | undefined;
}

/** What a part's training took. */
export interface TrainCost {
  steps: number;
  /** Conversations read, repetitions counted. */
  conversations: number;
  /** Positions of the sequences, without padding. */
  tokens: number;
  answerTokens: number;
  /** Seconds, interruptions apart. */
  seconds: number;
}

/** Name of the file, in a part's folder, from which a stopped part goes on. */
export const STATE_FILE = "state.bin";

/** Steps between two looks at the losses: each look waits for the device. */
const LOG_EVERY = 20;

/**
 * Runs a part's schedule to its end. The folder gets metrics.jsonl and state.bin: parameters, moments and step, every
 * so many seconds, at an interruption and at the end. Its caller removes state.bin once the part's result is written.
 *
 * @param folder The part's folder.
 * @param trainer A fresh trainer; it is restored from state.bin if there is one.
 * @param order Which sequences each step reads.
 * @param balancer The weighting method.
 * @param tasks Number of tasks.
 * @param stateEverySeconds How often the state is saved.
 * @param callbacks Progress and interruption.
 * @returns What it took, earlier sittings included.
 * @throws {Interrupted} If the signal fired; the state is saved before.
 * @throws {RunError} If a loss is not finite.
 */
export async function trainPart(
  folder: string,
  trainer: PartTrainer,
  order: Order,
  balancer: Balancer,
  tasks: number,
  stateEverySeconds: number,
  callbacks: TrainCallbacks = {},
): Promise<TrainCost> {
  const statePath = join(folder, STATE_FILE);
  const metricsPath = join(folder, "metrics.jsonl");
  const state = await readIfThere(statePath);
  if (state !== undefined) trainer.restore(state);
  const lines = await truncateMetrics<MetricsLine>(metricsPath, trainer.step);
  const before = lines.at(-1);

  // A method learns of the steps at fixed places, wherever the training was interrupted.
  let unseen = lines;
  const observe = () => {
    for (const { step, taskLoss, taskTokens } of unseen) balancer.observe({ step, taskLoss, taskTokens });
    unseen = [];
  };
  const boundary = trainer.step - trainer.step % LOG_EVERY;
  const late = lines.filter(({ step }) => step > boundary);
  unseen = lines.filter(({ step }) => step <= boundary);
  observe();
  unseen = late;

  const start = performance.now();
  const secondsBefore = before?.seconds ?? 0;
  const seconds = () => secondsBefore + (performance.now() - start) / 1000;
  const weightsOf = new Map<number, number[]>();
  let answerTokens = before?.answerTokens ?? 0;
  let saved = start;

  const first = trainer.step + 1;
  callbacks.start?.(trainer.step, order.steps);
  for (let step = first; step <= order.steps; step++) {
    const batch = order.step(step);
    const lambda = balancer.weights(step, answerTokensOf(batch, tasks));
    if (lambda.some((weight) => weight !== 1)) weightsOf.set(step, lambda);
    const train = () => trainer.train(batch, lambda);
    if (callbacks.queue) await callbacks.queue(step, train);
    else train();

    // Signals and timers get their turn: queuing steps alone never leaves the event loop.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const stopped = callbacks.signal?.aborted === true;
    const last = step === order.steps;
    if (step % LOG_EVERY !== 0 && !last && !stopped) continue;

    const fresh: MetricsLine[] = [];
    for (const log of await trainer.log()) {
      answerTokens += log.taskTokens.reduce((sum, n) => sum + n, 0);
      const { step, loss, gradNorm, learningRate, taskLoss, taskTokens } = log;
      const weights = weightsOf.get(step);
      const line = { step, loss, gradNorm, learningRate, taskLoss, taskTokens, answerTokens };
      fresh.push({ ...line, ...(weights === undefined ? {} : { weights }), seconds: seconds() });
    }
    weightsOf.clear();
    await appendMetrics(metricsPath, fresh);
    unseen.push(...fresh);
    if (step % LOG_EVERY === 0) observe();
    const line = fresh.at(-1);
    if (line !== undefined) callbacks.progress?.(line, order.steps);

    if (last || stopped || performance.now() - saved > 1000 * stateEverySeconds) {
      await writeWhole(statePath, await trainer.state());
      saved = performance.now();
    }
    if (stopped) throw new Interrupted(`stopped after step ${step} of ${order.steps}`);
  }

  let tokens = 0;
  let conversations = 0;
  for (let step = 1; step <= order.steps; step++) {
    for (const { ids } of order.step(step).flat()) {
      tokens += ids.length;
      conversations++;
    }
  }
  return { steps: order.steps, conversations, tokens, answerTokens, seconds: seconds() };
}

/** Answer tokens of a step, one number a task. */
function answerTokensOf(batch: readonly TrainSequence[][], tasks: number): number[] {
  const tokens = new Array<number>(tasks).fill(0);
  for (const { task, mask } of batch.flat()) {
    for (const x of mask) tokens[task]! += x;
  }
  return tokens;
}
