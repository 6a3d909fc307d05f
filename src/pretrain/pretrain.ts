/**
 * Pretraining: a base checkpoint from random parameters, on an endless stream of described images.
 *
 * @module
 */

import { join } from "@std/path";
import type { StorageType } from "../autograd/tensor.ts";
import { InputError, Interrupted } from "../errors.ts";
import { Random } from "../random.ts";
import {
  buildTokenizer,
  encodeConversation,
  loadTokenizer,
  preprocess,
  type PreprocessOptions,
} from "../data/mod.ts";
import { pretrainSample, vocabulary } from "../scenes/mod.ts";
import { newCompanions } from "../train/checkpoint_files.ts";
import type { Engine, StepLog, TrainSequence } from "../train/engine.ts";
import { appendMetrics, truncateMetrics } from "../run/metrics_file.ts";
import { checkStorageType } from "../tune/options.ts";
import { presetByName } from "../train/presets.ts";
import { lockFolder } from "../run/lock.ts";
import { isEmptyFolder, readIfThere, readJson, writeFolder, writeJson, writeWhole } from "../run/files.ts";

/** What a pretraining needs to be told. */
export interface PretrainOptions {
  /** Name of the preset. */
  preset: string;
  /** Folder for state, metrics and checkpoint. */
  out: string;
  /** Optimiser steps; the preset's if left out. Likewise the next two. */
  steps?: number;
  /** Images an optimiser step. */
  batch?: number;
  /** Highest learning rate. */
  learningRate?: number;
  /** Decides the first parameters and the stream. 1 if left out. */
  seed?: number;
  /** How activations are stored; "f32" if left out. */
  storage?: StorageType;
  /** Go on from the state in `out`. */
  resume?: boolean;
  /** How often the state is saved, in seconds. 120 if left out. */
  stateEverySeconds?: number;
}

/** How far a pretraining is. */
export interface PretrainProgress {
  /** Steps done. */
  step: number;
  /** Optimiser steps. */
  steps: number;
  /** Loss of the last step, in nats a token. */
  loss: number;
  /** Norm of the gradient, before clipping. */
  gradNorm: number;
  /** Learning rate of the step. */
  learningRate: number;
  /** Seconds of training so far, interruptions apart. */
  seconds: number;
  /** Estimated from the steps of this sitting. */
  secondsLeft: number;
}

/** What pretraining calls and obeys. */
export interface PretrainCallbacks {
  /** Called before the first step with the number of steps that earlier sittings did. */
  start?: (step: number) => void;
  /** Called every 20 steps. */
  progress?: (progress: PretrainProgress) => void;
  /** When it fires, the state is saved and {@linkcode Interrupted} thrown. */
  signal?: AbortSignal;
}

/** pretrain.json: what decides the bits of the result. */
interface PretrainInfo {
  preset: string;
  steps: number;
  batch: number;
  learningRate: number;
  seed: number;
  storage: StorageType;
}

type PretrainLine = Omit<StepLog, "taskLoss" | "taskTokens"> & { seconds: number };

/** Mean and deviation of CLIP's images, which LLaVA's processor uses too. */
const CLIP_MEAN: [number, number, number] = [0.48145466, 0.4578275, 0.40821073];
const CLIP_STD: [number, number, number] = [0.26862954, 0.26130258, 0.27577711];

/** Steps between two looks at the losses: each look waits for the device. */
const LOG_EVERY = 20;

/**
 * Trains a new model, vision tower and all, on pictures of scenes and dense captions of them, and writes it as a
 * Hugging Face folder.
 *
 * Sample k of the stream depends on the seed and on k alone, so an interrupted run that goes on reads the same
 * stream and ends with the same bits. The learning rate rises over the first 2% of the steps, then falls linearly
 * to zero. `out` gets pretrain.json, metrics.jsonl, state.bin, and checkpoint/ (as of the last saved state).
 *
 * @param engine Where the model runs.
 * @param options What to train.
 * @param callbacks Progress and interruption.
 * @returns The checkpoint's folder.
 * @throws {InputError} If `out` is not empty and `resume` is not set, or its options differ.
 * @throws {Interrupted} If the signal fired.
 */
export async function pretrain(
  engine: Engine,
  options: PretrainOptions,
  callbacks: PretrainCallbacks = {},
): Promise<string> {
  const lock = await lockFolder(options.out);
  try {
    return await pretrainLocked(engine, options, callbacks);
  } finally {
    await lock.release();
  }
}

async function pretrainLocked(
  engine: Engine,
  options: PretrainOptions,
  callbacks: PretrainCallbacks,
): Promise<string> {
  const preset = presetByName(options.preset);
  const settings = preset.pretrain;
  const info: PretrainInfo = {
    preset: preset.name,
    steps: options.steps ?? settings.steps,
    batch: options.batch ?? settings.batch,
    learningRate: options.learningRate ?? settings.learningRate,
    seed: options.seed ?? 1,
    storage: options.storage ?? "f32",
  };
  checkStorageType(info.storage);
  engine.checkStorage(info.storage);
  await checkFolder(options, info);

  const tokenizerJson = buildTokenizer(vocabulary());
  const tokenizer = loadTokenizer(tokenizerJson);
  const preprocessing: PreprocessOptions = {
    size: preset.imageSize,
    mean: CLIP_MEAN,
    std: CLIP_STD,
    fit: "pad",
  };
  const companions = newCompanions(tokenizerJson, preprocessing);
  const stream = new Random(info.seed);

  const model = engine.create(preset.config(tokenizer.vocabSize), info.seed);
  const trainer = model.trainer({
    tasks: 1,
    steps: info.steps,
    learningRate: info.learningRate,
    warmup: settings.warmup,
    schedule: "linear",
    weightDecay: settings.weightDecay,
    clip: settings.clip,
    frozen: [],
    storage: info.storage,
  });

  const metricsPath = join(options.out, "metrics.jsonl");
  const statePath = join(options.out, "state.bin");
  const checkpoint = join(options.out, "checkpoint");

  const sequence = (k: number): TrainSequence => {
    const id = `sample-${k}`;
    const size = preset.imageSize;
    const { rgb, question, answer } = pretrainSample(stream.fork(id), { size });
    const { ids, mask } = encodeConversation(
      tokenizer,
      { id, task: "pretrain", images: [id], turns: [{ question, answer }], file: "the pretraining stream" },
      { imageTokens: model.imageTokens, maxTokens: settings.maxTokens },
    );
    return {
      id,
      task: 0,
      ids,
      mask,
      images: [preprocess({ width: size, height: size, data: rgb }, preprocessing)],
    };
  };
  const save = async () => {
    await writeWhole(statePath, await trainer.state());
    await writeFolder(checkpoint, new Map([...await model.save(), ...companions]));
  };

  try {
    const state = await readIfThere(statePath);
    if (state !== undefined) trainer.restore(state);
    const done = await truncateMetrics<PretrainLine>(metricsPath, trainer.step);
    const secondsBefore = done.at(-1)?.seconds ?? 0;
    const stepBefore = trainer.step;
    callbacks.start?.(stepBefore);
    const start = performance.now();
    const stateEvery = 1000 * (options.stateEverySeconds ?? 120);
    let saved = start;

    for (let step = stepBefore + 1; step <= info.steps; step++) {
      const batch: TrainSequence[] = [];
      for (let i = 0; i < info.batch; i++) batch.push(sequence((step - 1) * info.batch + i));
      trainer.train([batch], [1]);

      const stopped = callbacks.signal?.aborted === true;
      if (step % LOG_EVERY !== 0 && step !== info.steps && !stopped) continue;
      const logs = await trainer.log();
      const now = performance.now();
      const sitting = (now - start) / 1000;
      const seconds = secondsBefore + sitting;
      await appendMetrics(
        metricsPath,
        logs.map(({ step, loss, gradNorm, learningRate }): PretrainLine => (
          { step, loss, gradNorm, learningRate, seconds }
        )),
      );
      const last = logs.at(-1);
      if (last !== undefined) {
        const secondsLeft = sitting / (step - stepBefore) * (info.steps - step);
        const { loss, gradNorm, learningRate } = last;
        callbacks.progress?.({ step, steps: info.steps, loss, gradNorm, learningRate, seconds, secondsLeft });
      }
      if (stopped || now - saved > stateEvery || step === info.steps) {
        await save();
        saved = performance.now();
      }
      if (stopped && step < info.steps) {
        throw new Interrupted(
          `stopped after step ${step} of ${info.steps}, its state saved; go on with the same options and --resume`,
        );
      }
      // Timers and signals get their turn: queuing steps alone never leaves the event loop.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return checkpoint;
  } finally {
    trainer.destroy();
    model.destroy();
  }
}

/** Refuses a folder in use, or one whose options differ. */
async function checkFolder(options: PretrainOptions, info: PretrainInfo): Promise<void> {
  const path = join(options.out, "pretrain.json");
  if (options.resume !== true) {
    if (!(await isEmptyFolder(options.out))) {
      throw new InputError(
        `--out ${options.out}: expected a new or empty folder, found files in it. ` +
          "Go on with that run by --resume, or choose another folder",
      );
    }
    await writeJson(path, info);
    return;
  }
  const found = await readJson<PretrainInfo>(path);
  if (found === undefined) {
    throw new InputError(`--resume: expected a pretraining in ${options.out}, found no pretrain.json there`);
  }
  const before: PretrainInfo = { ...found, storage: found.storage ?? "f32" }; // older ones had no choice
  for (const key of Object.keys(info) as (keyof PretrainInfo)[]) {
    if (info[key] !== before[key]) {
      throw new InputError(
        `--resume: expected the options of ${options.out}, found ${key} = ${info[key]} instead of ${
          before[key]
        }`,
      );
    }
  }
}
