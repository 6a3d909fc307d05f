/**
 * The loop of every training: it may be stopped at any moment and goes on to the same bits.
 *
 * @module
 */

import type { Balancer } from "../balance/balancer.ts";
import { Interrupted } from "../errors.ts";
import type { MetricsLine, ValidationRecord } from "../run/records/metrics_line.ts";
import type { ChosenStep } from "../run/records/part_result.ts";
import type { TrainStep } from "../lmm/trainer/train_step.ts";
import type { EngineTrainer } from "./engine.ts";
import { type EvaluationPlan, Evaluations } from "./evaluations.ts";
import type { Order } from "./order.ts";
import type { Readied } from "./image_inputs.ts";
import { startPace } from "./pace.ts";
import type { OrderAhead } from "./read_ahead.ts";
import { goOn, type SaveOptions, startSaveClock } from "./saves.ts";

/** What a training consists of. */
export interface Training extends SaveOptions {
  /** A fresh trainer; it is restored from the state if there is one. */
  trainer: EngineTrainer;
  /** What each step reads; its images are waited for, where they are read ahead. */
  order: Order & Partial<Pick<OrderAhead, "ready">>;
  /** The weighting method. */
  balancer: Balancer;
  /** What is validated on the way, where the weighting method wants it. */
  validation?: Validation | undefined;
  /** Looks at validation questions on the way, by which the best step is chosen; none if left out. */
  evaluation?: EvaluationPlan | undefined;
  /** Writes the lines of metrics.jsonl elsewhere, too. */
  log?: MetricsLog | undefined;
  /** The most bytes on the device since the training began; left out where nobody knows. */
  peakDeviceBytes?: (() => number) | undefined;
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

/** Another place for the lines of metrics.jsonl. */
export interface MetricsLog {
  /** Called once, before all else, with the lines of earlier sittings, and the seconds that these trained. */
  open(lines: readonly MetricsLine[], seconds: number): Promise<void>;
  /** Called with lines that were just written. */
  append(lines: readonly MetricsLine[]): Promise<void>;
}

/** What a training calls and obeys. */
export interface TrainCallbacks {
  /** Called before the first step, with the steps that earlier sittings did. */
  start?: (done: number, steps: number) => void;
  /** Queues a step by calling `train`, and may look on while it does. */
  queue?: (step: number, train: () => void) => Promise<void>;
  /** Called after every look at the losses. */
  progress?: (line: MetricsLine, steps: number) => void;
  /** Called where what an earlier sitting left is not believed. */
  note?: ((text: string) => void) | undefined;
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
  /** The step whose parameters the model has, where validation chose it; else it is the last. */
  chosen?: ChosenStep;
}

/** What a training has read before its first step. */
const NOTHING_YET = { answerTokens: 0, tokens: 0, conversations: 0 };

/** Steps between two looks at the losses, at most: each look waits for the device. Methods are told after so many. */
const LOG_EVERY = 20;

/**
 * Trains to the end. The folder gets metrics.jsonl and state.bin: parameters, moments and step, so often that a kill
 * costs so many seconds at most, at an interruption and at the end; with an evaluation also the state of its best step, whose
 * parameters the model has at the end. The caller removes the states once the training's result is written.
 *
 * @param training What it consists of.
 * @param callbacks Progress and interruption.
 * @returns What it took, earlier sittings included.
 * @throws {Interrupted} If the signal fired before the last step; the state is saved before.
 * @throws {RunError} If a loss is not finite, or the disk is full and the like.
 */
export async function trainLoop(training: Training, callbacks: TrainCallbacks = {}): Promise<TrainCost> {
  const { trainer, order, balancer } = training;
  const metrics = await goOn<MetricsLine>(training, trainer, callbacks.note ?? (() => {}));
  const { lines } = metrics;
  const before = lines.at(-1);
  const { folder, owner, evaluation: plan } = training;
  const looks = plan && new Evaluations({ folder, owner, trainer, plan, steps: order.steps }, lines);
  await looks?.settle();
  const unseen = startBalancer(balancer, lines, trainer.step);
  let { answerTokens, tokens, conversations } = before ?? NOTHING_YET;
  const start = performance.now();
  const earlier = before?.seconds ?? 0;
  const seconds = () => earlier + (performance.now() - start) / 1000;
  const queued = new Map<number, Pick<MetricsLine, "tokens" | "conversations" | "weights" | "validation">>();
  const validated = lines.flatMap(({ validation }) => validation ?? []);
  const pace = startPace(tokens, seconds());
  const clock = startSaveClock(training, trainer, metrics);
  let waiting = before?.waiting ?? 0;

  callbacks.start?.(trainer.step, order.steps);
  if (looks?.due === true) {
    // The sitting before was stopped between the step and the look at it.
    const evaluation = await looks.look(callbacks.signal);
    if (evaluation === undefined) {
      throw new Interrupted(`stopped after step ${trainer.step} of ${order.steps}`);
    }
    await metrics.append([Object.assign(before!, { evaluation, seconds: seconds() })]);
    await looks.settle();
    pace.pause(seconds());
  }
  await training.log?.open(lines, seconds());

  let over = looks?.over === true;
  for (let step = trainer.step + 1; step <= order.steps && !over; step++) {
    const waited = await order.ready?.(step);
    if (waited !== undefined) waiting += waited;
    const dealt = order.step(step);
    const validation = await validate(training, step);
    if (validation !== undefined) {
      validated.push(validation);
      pace.without(validation.seconds);
    }
    const lambda = balancer.weights(step, dealt.taskTokens);
    tokens += dealt.tokens;
    conversations += dealt.conversations;
    queued.set(step, { tokens, conversations, weights: [...lambda], ...(validation && { validation }) });
    const train = () => trainer.train(dealt, lambda);
    if (callbacks.queue) await callbacks.queue(step, train);
    else train();

    // Signals and timers get their turn: queuing steps alone never leaves the event loop.
    await new Promise((resolve) => setTimeout(resolve, 0));
    let stopped = callbacks.signal?.aborted === true;
    const last = step === order.steps;
    if (
      step % LOG_EVERY !== 0 && !last && !stopped && looks?.due !== true && !clock.wantsLook(step)
    ) continue;

    const logs = await trainer.log();
    const measured = {
      ...pace.rate(tokens, seconds()),
      ...(training.peakDeviceBytes && { peakDeviceBytes: training.peakDeviceBytes() }),
      residentBytes: Deno.memoryUsage().rss,
      ...(order.ready && { waiting }),
    };
    const fresh = logs.map((log): MetricsLine => {
      answerTokens += log.taskTokens.reduce((sum, n) => sum + n, 0);
      return { ...log, answerTokens, ...queued.get(log.step)!, seconds: seconds(), ...measured };
    });
    queued.clear();
    const line = fresh.at(-1);
    if (looks?.due === true && line !== undefined) {
      const evaluation = await looks.look(callbacks.signal);
      if (evaluation !== undefined) Object.assign(line, { evaluation, seconds: seconds() });
      else stopped = true;
      pace.pause(seconds());
    }
    await metrics.append(fresh);
    await training.log?.append(fresh);
    unseen.push(...fresh);
    if (step % LOG_EVERY === 0) observe(balancer, unseen.splice(0));
    if (line !== undefined) callbacks.progress?.(line, order.steps);

    const improved = line?.evaluation !== undefined && looks?.improved === true;
    over = last || looks?.over === true;
    if (clock.looked(step) || over || stopped || improved) {
      await clock.save();
      await looks?.keep();
      await training.saved?.();
    }
    if (stopped && (!over || looks?.due === true)) {
      throw new Interrupted(`stopped after step ${step} of ${order.steps}`);
    }
  }
  await metrics.verify();
  const steps = trainer.step;
  const chosen = await looks?.choose();
  const cost: TrainCost = {
    steps,
    conversations,
    tokens,
    answerTokens,
    seconds: seconds(),
    ...(order.ready && { waiting }),
    ...(chosen && { chosen }),
  };
  const sum = (of: (one: { seconds: number; tokens: number }) => number) =>
    [...validated, ...(looks ? [looks.cost] : [])].reduce((total, one) => total + of(one), 0);
  if (validated.length === 0 && looks === undefined) return cost;
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
