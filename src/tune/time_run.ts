/**
 * Times a few steps of a run, and some answers, on its own data.
 *
 * @module
 */

import { runsTower, TRAINING_SETTINGS } from "../lmm/trainer/settings.ts";
import { dealStep } from "../lmm/trainer/train_step.ts";
import type { TunePart } from "../run/part.ts";
import type { ResolvedOptions } from "../run/records/run_info.ts";
import { pick } from "../settings.ts";
import type { CheckpointFiles } from "../train/checkpoint_files.ts";
import { tilesTogether } from "../train/encode_tiles.ts";
import type { EngineModel } from "../train/engine.ts";
import { type ImageInputs, noImageInputs } from "../train/image_inputs.ts";
import { planOrder } from "../train/order.ts";
import type { TuneCallbacks } from "./callbacks.ts";
import type { Encoded } from "./data/encode.ts";
import { prepare } from "./data/prepare.ts";
import { quotasOf } from "./parts/mix.ts";
import { orderOf, sequencesOf, sizesOf } from "./parts/tune_part.ts";
import type { Ready } from "./set_up/read_all.ts";
import { answeredTogether, type PartWork } from "./work.ts";

/** What was timed. */
export interface Measured {
  /** Steps, after the first few. */
  steps: number;
  /** Their tokens. */
  tokens: number;
  /** Mean seconds a token. */
  secondsAToken: number;
  /** Standard deviation of that between steps, as a share of it. */
  spread: number;
  /** Questions that the untuned base answered. */
  questions: number;
  /** Mean seconds a question. */
  secondsAQuestion: number;
  /** Seconds a question of the tasks that were asked. */
  secondsOfTask: ReadonlyMap<string, number>;
  /** Tiles of images that were made ready. */
  tiles: number;
  /** Mean seconds a tile. */
  secondsATile: number;
  /** Bytes of what is kept of a tile. */
  tileBytes: number;
  /** Seconds that the first steps took more than others: kernels are compiled, once a process. */
  compiling: number;
}

/** Steps that are not timed: kernels are compiled, programs recorded, the arena grows. */
const WARM_UP = 3;

/** At most so many steps are timed, or as many as take so long, in seconds. */
const TIMED = 12, STEP_SECONDS = 6;

/** No task is asked once answers took so long, in seconds. */
const ANSWER_SECONDS = 10;

/**
 * Times steps of the first part that is trained and answers of the untuned base.
 *
 * @param options The run's.
 * @param checkpoint The base's files.
 * @param ready The data and the model, which is trained a little and of no use afterwards.
 * @param callbacks Progress and interruption.
 * @returns What was timed; null where no part trains.
 */
export async function timeRun(
  options: ResolvedOptions,
  checkpoint: CheckpointFiles,
  { model, images, encoded, planned }: Ready,
  { event, signal }: TuneCallbacks,
): Promise<Measured | null> {
  const part = planned.work.map(({ part }) => part).find((part) => part.kind === "tune");
  if (part === undefined) return null;
  let done = 0;
  const total = WARM_UP + TIMED + 1;
  const tell = (count = 1) => {
    signal?.throwIfAborted();
    event?.({
      kind: "setup",
      doing: "timing steps and answers",
      done: Math.min(total, done += count),
      total,
    });
  };
  tell(0);
  const inputs = new SomeInputs(model, !runsTower(options, checkpoint.config), (path) => images.tiles(path));
  // Answers first: steps change the model.
  const answers = await timeAnswers(options, checkpoint, model, planned.work, encoded, inputs);
  tell();
  const steps = await timeSteps(part, options, model, encoded, inputs, tell);
  const { tiles, seconds, tileBytes } = inputs;
  return { ...steps, ...answers, tiles, secondsATile: tiles === 0 ? 0 : seconds / tiles, tileBytes };
}

async function timeSteps(
  part: TunePart,
  options: ResolvedOptions,
  model: EngineModel,
  encoded: Encoded,
  inputs: SomeInputs,
  tell: () => void,
): Promise<Pick<Measured, "steps" | "tokens" | "secondsAToken" | "spread" | "compiling">> {
  const tasks = options.tasks.length;
  const prepared = prepare(encoded, inputs);
  const sequences = sequencesOf(part, prepared, options);
  const samples = new Map([...prepared.sequences].map(([sample, sequence]) => [sequence, sample]));
  const order = planOrder(sequences, {
    ...orderOf(part, prepared, options),
    quotas: quotasOf(part, sizesOf(sequences, tasks), options),
  });
  const trainer = model.trainer({
    ...pick(TRAINING_SETTINGS, options),
    tasks,
    taskNames: options.tasks,
    steps: order.steps,
  });
  const first: { tokens: number; seconds: number }[] = [], timed: typeof first = [];
  try {
    for (let step = 1; step <= Math.min(order.steps, WARM_UP + TIMED); step++) {
      const passes = order.step(step).map((chosen) => chosen.map((k) => sequences[k]!));
      await inputs.fetch(passes.flat().flatMap((sequence) => samples.get(sequence)!.images));
      const dealt = dealStep(passes, tasks);
      const from = performance.now();
      trainer.train(dealt, new Array<number>(tasks).fill(1));
      await trainer.log();
      const warm = step <= WARM_UP && step < order.steps;
      (warm ? first : timed).push({ tokens: dealt.tokens, seconds: (performance.now() - from) / 1000 });
      tell();
      if (sumOf(timed, "seconds") > STEP_SECONDS) break;
    }
  } finally {
    trainer.destroy();
  }
  const tokens = sumOf(timed, "tokens");
  const secondsAToken = sumOf(timed, "seconds") / tokens;
  const off = timed.map((one) => one.seconds / one.tokens / secondsAToken - 1);
  return {
    steps: timed.length,
    tokens,
    secondsAToken,
    spread: Math.sqrt(off.reduce((sum, x) => sum + x * x, 0) / off.length),
    compiling: Math.max(0, sumOf(first, "seconds") - sumOf(first, "tokens") * secondsAToken),
  };
}

function sumOf<K extends string>(list: readonly Record<K, number>[], key: K): number {
  return list.reduce((sum, one) => sum + one[key], 0);
}

/** Has the untuned base answer some questions of each task that the run asks. */
async function timeAnswers(
  options: ResolvedOptions,
  { stops }: CheckpointFiles,
  model: EngineModel,
  work: readonly PartWork[],
  { questions, zeroShot }: Encoded,
  inputs: SomeInputs,
): Promise<Pick<Measured, "questions" | "secondsAQuestion" | "secondsOfTask">> {
  const asked = new Set(work.flatMap(({ answer }) => answer?.tasks ?? []).map(({ task }) => task));
  const together = answeredTogether(options);
  const secondsOfTask = new Map<string, number>();
  let count = 0, took = 0;
  for (const { task, questions: all, maxNewTokens } of [...questions.test, ...zeroShot]) {
    if (!asked.has(task) || took > ANSWER_SECONDS) continue;
    const sorted = [...all].sort((a, b) => a.prompt.length - b.prompt.length);
    const from = Math.max(0, Math.floor((sorted.length - together) / 2));
    const some = sorted.slice(from, from + together); // of middling length
    await inputs.fetchFeatures(some.flatMap(({ images }) => images));
    const prompts = some.map(({ prompt, images }) => ({
      ids: prompt,
      images: images.flatMap((path) => inputs.features(path)),
    }));
    const room = model.maxPositions - some.at(-1)!.prompt.length;
    const answer = () =>
      model.generate(prompts, {
        maxNewTokens: Math.max(1, Math.min(maxNewTokens, room)),
        stops,
        batchSize: together,
      });
    // Kernels are compiled for the first.
    if (count === 0) await answer();
    const began = performance.now();
    await answer();
    const seconds = (performance.now() - began) / 1000;
    secondsOfTask.set(task, seconds / some.length);
    count += some.length;
    took += seconds;
  }
  return { questions: count, secondsAQuestion: count === 0 ? 0 : took / count, secondsOfTask };
}

/** What the model is given of a few images: read and encoded when they are fetched, and timed. */
class SomeInputs implements ImageInputs {
  /** Tiles that were made ready. */
  tiles = 0;
  /** Seconds that took. */
  seconds = 0;
  /** Bytes of what is kept of one. */
  tileBytes = 0;
  readonly #model: EngineModel;
  readonly #frozen: boolean;
  readonly #read: (path: string) => Promise<Float32Array[]>;
  readonly #held = new Map<string, Float32Array[]>();
  readonly #features = new Map<string, Float32Array[]>();
  #compiled = false;

  constructor(model: EngineModel, frozen: boolean, read: (path: string) => Promise<Float32Array[]>) {
    this.#model = model;
    this.#frozen = frozen;
    this.#read = read;
  }

  get(path: string): Float32Array[] {
    return this.#held.get(path)!;
  }

  features(path: string): Float32Array[] {
    return (this.#frozen ? this.#held : this.#features).get(path)!;
  }

  blank(): Float32Array[] {
    return noImageInputs().blank("");
  }

  get blankTile(): Float32Array {
    return noImageInputs().blankTile;
  }

  close() {}

  /** Makes images ready for training. */
  async fetch(paths: readonly string[]) {
    const fresh = [...new Set(paths)].filter((path) => !this.#held.has(path));
    if (fresh.length === 0) return;
    if (this.#frozen && !this.#compiled) {
      await this.#model.encodeImages((await this.#read(fresh[0]!)).slice(0, 1));
      this.#compiled = true;
    }
    const began = performance.now();
    const pictures: Float32Array[][] = [];
    for (const path of fresh) pictures.push(await this.#read(path));
    const made = this.#frozen ? await this.#encode(pictures.flat()) : pictures.flat();
    this.seconds += (performance.now() - began) / 1000;
    this.tiles += made.length;
    this.tileBytes = made[0]!.byteLength;
    deal(fresh, pictures, made, this.#held);
  }

  /** Makes images ready for answering, which reads features even where a training reads pixels. */
  async fetchFeatures(paths: readonly string[]) {
    if (this.#frozen) return await this.fetch(paths);
    const fresh = [...new Set(paths)].filter((path) => !this.#features.has(path));
    const pictures: Float32Array[][] = [];
    for (const path of fresh) pictures.push(await this.#read(path));
    deal(fresh, pictures, await this.#encode(pictures.flat()), this.#features);
  }

  async #encode(tiles: readonly Float32Array[]): Promise<Float32Array[]> {
    const made: Float32Array[] = [];
    const together = tilesTogether(this.#model.imageSize);
    for (let from = 0; from < tiles.length; from += together) {
      made.push(...await this.#model.encodeImages(tiles.slice(from, from + together)));
    }
    return made;
  }
}

/** Gives every image its tiles of what was made of all together. */
function deal(
  paths: readonly string[],
  pictures: readonly Float32Array[][],
  made: readonly Float32Array[],
  into: Map<string, Float32Array[]>,
) {
  let from = 0;
  paths.forEach((path, i) => {
    into.set(path, made.slice(from, from += pictures[i]!.length));
  });
}
