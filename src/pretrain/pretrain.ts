/**
 * Pretraining: a base checkpoint from random parameters, on an endless stream of described images.
 *
 * @module
 */

import { join } from "@std/path";
import { equalWeights } from "../balance/methods/ew.ts";
import { readProcessor } from "../data/images/processor.ts";
import { buildTokenizer } from "../data/text/build_tokenizer.ts";
import { UNCUT } from "../data/images/picture.ts";
import { llavaFormat } from "../data/text/llava_format.ts";
import { loadTokenizer } from "../data/text/tokenizer.ts";
import { InputError, Interrupted } from "../errors.ts";
import { checkMicroBatch, TRAINING_SETTINGS, type TrainingSettings } from "../lmm/trainer/settings.ts";
import { cutStep, dealStep, type TrainSequence } from "../lmm/trainer/train_step.ts";
import { Random } from "../random.ts";
import { isEmptyFolder, readJson, writeJson } from "../run/files.ts";
import { lockFolder } from "../run/lock.ts";
import { pretrainSample } from "../scenes/pretrain.ts";
import { vocabulary } from "../scenes/vocabulary.ts";
import { checkSettings, count, pick, type Settings } from "../settings.ts";
import { newCompanions } from "../train/companions.ts";
import type { Engine } from "../train/engine.ts";
import type { Order } from "../train/order.ts";
import { presetByName } from "../train/presets.ts";
import { saveModel } from "../train/save_model.ts";
import { trainLoop } from "../train/train_loop.ts";

/** What a pretraining needs to be told. */
export interface PretrainOptions
  extends Partial<Pick<TrainingSettings, "batch" | "microBatch" | "learningRate" | "storage">> {
  /** Name of the preset. */
  preset: string;
  /** Folder for state, metrics and checkpoint. */
  out: string;
  /** Optimiser steps; the preset's if left out. */
  steps?: number;
  /** Decides the first parameters and the stream. 1 if left out. */
  seed?: number;
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
interface PretrainInfo extends Pick<TrainingSettings, "batch" | "microBatch" | "learningRate" | "storage"> {
  preset: string;
  steps: number;
  seed: number;
}

/** What presets decide and the user may, in the order of the help. */
export const PRETRAIN_SETTINGS: Settings<
  Pick<PretrainOptions, "steps" | "batch" | "microBatch" | "learningRate" | "storage">
> = {
  steps: { kind: count, flag: ["steps", "<n>"], help: "optimiser steps (default: the preset's)" },
  batch: { ...TRAINING_SETTINGS.batch, help: "images a step (default: the preset's)" },
  microBatch: {
    ...TRAINING_SETTINGS.microBatch,
    help: "images a forward pass: less memory, gradients of a step's passes add up (default: the batch)",
  },
  learningRate: TRAINING_SETTINGS.learningRate,
  storage: {
    ...TRAINING_SETTINGS.storage,
    help: "how activations are stored: f32, or f16 where shader-f16 is (default: f32)",
  },
};

/** How often the state is saved, in seconds. */
const STATE_EVERY = 120;

/** Mean and deviation of CLIP's images, which LLaVA's processor uses too. */
const CLIP_MEAN: [number, number, number] = [0.48145466, 0.4578275, 0.40821073];
const CLIP_STD: [number, number, number] = [0.26862954, 0.26130258, 0.27577711];

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
  const batch = options.batch ?? settings.batch;
  const info: PretrainInfo = {
    preset: preset.name,
    steps: options.steps ?? settings.steps,
    batch,
    microBatch: options.microBatch ?? batch,
    learningRate: options.learningRate ?? settings.learningRate,
    seed: options.seed ?? 1,
    storage: options.storage ?? settings.storage,
  };
  checkSettings(PRETRAIN_SETTINGS, info);
  checkMicroBatch(info);
  engine.checkStorage(info.storage);
  await checkFolder(options, info);

  const tokenizerJson = buildTokenizer(vocabulary());
  const tokenizer = loadTokenizer(tokenizerJson);
  const companions = newCompanions(tokenizerJson, { size: preset.imageSize, mean: CLIP_MEAN, std: CLIP_STD });
  const config = preset.config(tokenizer.vocabSize);
  const processor = readProcessor(companions, config);
  const stream = new Random(info.seed);

  const model = engine.create(config, info.seed);
  const trainer = model.trainer({
    ...pick(TRAINING_SETTINGS, { ...settings, ...info }),
    tasks: 1,
    steps: info.steps,
  });
  const checkpoint = join(options.out, "checkpoint");
  const format = llavaFormat(tokenizer, model.imageTokens);

  const sequence = (k: number): TrainSequence => {
    const id = `sample-${k}`;
    const size = preset.imageSize;
    const { rgb, question, answer } = pretrainSample(stream.fork(id), { size });
    const { ids, mask } = format.encode(
      { id, task: "pretrain", images: [id], turns: [{ question, answer }], file: "the pretraining stream" },
      [UNCUT],
      settings,
    );
    return {
      id,
      task: 0,
      ids,
      mask,
      images: processor.picture({ width: size, height: size, data: rgb }).tiles,
    };
  };
  const order: Order = {
    steps: info.steps,
    step(step) {
      const batch = Array.from({ length: info.batch }, (_, i) => sequence((step - 1) * info.batch + i));
      return dealStep(cutStep(batch, info.microBatch), 1);
    },
  };
  let done = 0, began = 0;
  try {
    await trainLoop({
      folder: options.out,
      trainer,
      order,
      balancer: equalWeights(1),
      stateEverySeconds: options.stateEverySeconds ?? STATE_EVERY,
      saved: () => saveModel(checkpoint, model, companions),
    }, {
      start: (step) => {
        done = step;
        began = performance.now();
        callbacks.start?.(step);
      },
      progress: ({ step, loss, gradNorm, learningRate, seconds }, steps) => {
        const secondsLeft = (performance.now() - began) / 1000 / (step - done) * (steps - step);
        callbacks.progress?.({ step, steps, loss, gradNorm, learningRate, seconds, secondsLeft });
      },
      signal: callbacks.signal,
    });
    return checkpoint;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    throw new Interrupted(`${error.message}, its state saved; go on with the same options and --resume`);
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
  // Older ones had no choice.
  const before: PretrainInfo = {
    ...found,
    storage: found.storage ?? "f32",
    microBatch: found.microBatch ?? found.batch,
  };
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
