/**
 * The training step: recorded once a batch size, replayed with one upload and one submit.
 *
 * @module
 */
import { checkStorage, Tape } from "../../autograd/tape.ts";
import { type StorageType, Tensor } from "../../autograd/tensor.ts";
import { InputError, RunError } from "../../errors.ts";
import type { Program } from "../../gpu/program.ts";
import {
  batchArrays,
  batchInputs,
  type BatchSize,
  batchSize,
  checkSequence,
  joinImages,
  roundUp,
} from "../batch.ts";
import type { ModuleName } from "../layout.ts";
import { type Llava, packedAttention } from "../llava.ts";
import { recordTaskSums, weightedCrossEntropy } from "../../ops/cross_entropy.ts";
import { gatherRows } from "../../ops/gather_rows.ts";
import { AdamW, SCALARS } from "../../optim/adamw.ts";
import { learningRate, type ScheduleKind } from "../../optim/schedule.ts";

/** One conversation, ready to train on. */
export interface TrainSequence {
  /** The sample's id, for messages. */
  id: string;
  /** Index of its task. */
  task: number;
  /** Token ids with image placeholders expanded. */
  ids: Int32Array;
  /** 1 where a token is part of an answer, else 0. */
  mask: Uint8Array;
  /** Features of the images if the vision tower is frozen, else their pixels. */
  images: readonly Float32Array[];
}

/** Settings of a {@linkcode Trainer}. */
export interface TrainerOptions {
  /** Number of tasks. */
  tasks: number;
  /** Their names, for messages; default their indices. */
  taskNames?: readonly string[];
  /** Optimiser steps of the whole run. */
  steps: number;
  /** Peak learning rate. */
  learningRate: number;
  /** Part of the steps in which the rate rises; default 0.03. */
  warmup?: number;
  /** Default "cosine". */
  schedule?: ScheduleKind;
  /** Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Default 0. */
  weightDecay?: number;
  /** Largest norm of the gradient; default 1. */
  clip?: number;
  /** Modules that are not trained. A frozen vision tower is not run: images are features then. */
  frozen?: readonly ModuleName[];
  /** Factors on the learning rate of modules. */
  learningRates?: Partial<Record<ModuleName, number>>;
  /**
   * How activations and the matrices of frozen modules are stored; default "f32". With "f16" kernels still compute in
   * f32; parameters that are trained, gradients, moments and losses stay f32. Needs the adapter's `shader-f16`.
   */
  storage?: StorageType;
}

/** What is known of a step afterwards. */
export interface StepLog {
  /** Steps done with it, from 1. */
  step: number;
  /** Weighted token loss, equation (2), in nats. */
  loss: number;
  /** Global norm of the gradient before clipping. */
  gradNorm: number;
  /** Learning rate, before a module's factor. */
  learningRate: number;
  /** Mean unweighted loss of a task's answer tokens; null where the step had none. */
  taskLoss: (number | null)[];
  /** Answer tokens of each task. */
  taskTokens: number[];
}

/** Lines of the ring in which steps leave their sums until they are read. */
const RING = 64;
/** Recorded programs that are kept. */
const PROGRAMS = 48;

interface StepProgram {
  program: Program;
  size: BatchSize;
  targets: number;
}

/** Trains a model: one {@linkcode Trainer.train} an optimiser step, {@linkcode Trainer.log} every so many. */
export class Trainer {
  /** The model that is trained, in place. */
  readonly model: Llava;
  /** The settings as given. */
  readonly options: TrainerOptions;
  readonly #optimizer: AdamW;
  readonly #trainable: ReadonlySet<ModuleName>;
  readonly #programs = new Map<string, StepProgram>();
  readonly #ring: Tensor;
  readonly #pending: { step: number; rate: number; ids: string[] }[] = [];
  #step = 0;

  /**
   * A trainer at step 0.
   *
   * @param model The model; it is trained in place.
   * @param options Settings.
   * @throws {Error} If every module is frozen.
   * @throws {InputError} If f16 is asked for and the adapter does not offer it.
   */
  constructor(model: Llava, options: TrainerOptions) {
    checkStorage(model.gpu, options.storage ?? "f32");
    this.model = model;
    this.options = options;
    const frozen = options.frozen ?? [];
    const rates: Record<string, number> = {};
    for (const name of ["vision", "projector", "language"] as const) {
      if (!frozen.includes(name)) rates[name] = options.learningRates?.[name] ?? 1;
    }
    this.#trainable = new Set(Object.keys(rates) as ModuleName[]);
    const { betas, weightDecay, clip } = options;
    this.#optimizer = new AdamW(model.parameters, {
      rates,
      ...(betas && { betas }),
      ...(weightDecay !== undefined && { weightDecay }),
      ...(clip !== undefined && { clip }),
    });
    this.#ring = Tensor.of(model.gpu, [RING, 2 + 2 * options.tasks]);
  }

  /** Optimiser steps done. */
  get step(): number {
    return this.#step;
  }

  /** Bytes of the arena that all recorded steps share, and the most that one of them needs at one time. */
  get memory(): { arenaBytes: number; largestNeed: number } {
    const programs = [...this.#programs.values()].map(({ program }) => program);
    return {
      arenaBytes: this.model.gpu.arena(0).size,
      largestNeed: Math.max(0, ...programs.map(({ largestNeed }) => largestNeed)),
    };
  }

  /** The learning rate of the next step. */
  get #rate(): number {
    const { learningRate: peak, steps, warmup = 0.03, schedule = "cosine" } = this.options;
    return learningRate(this.#step, { peak, steps, warmup, kind: schedule });
  }

  /**
   * Queues one optimiser step.
   *
   * The loss is equation (2): Σ λ·nll / Σ λ over all answer tokens of all micro-batches together.
   *
   * @param microBatches Sequences of each micro-batch; gradients add up over them.
   * @param weights λ of each task.
   * @throws {InputError} If a sequence does not fit the model.
   * @throws {Error} If no token has a weight above 0, or 64 steps were queued without a {@linkcode Trainer.log}.
   */
  train(microBatches: readonly (readonly TrainSequence[])[], weights: readonly number[]) {
    if (this.#pending.length >= RING) throw new Error(`train: read the log at least every ${RING} steps`);
    if (weights.length !== this.options.tasks) {
      throw new Error(`train: expected ${this.options.tasks} task weights, found ${weights.length}`);
    }
    for (const sequence of microBatches.flat()) this.#check(sequence);
    const sum = weightSum(microBatches, weights);
    if (!(sum > 0)) throw new Error("train: no answer token of the step has a weight above 0");
    const scalars = new Float32Array(SCALARS.count);
    const rate = this.#rate;
    this.#optimizer.fillScalars(scalars, this.#step + 1, rate);
    scalars[SCALARS.scale] = 1 / sum;
    scalars[SCALARS.line] = this.#step % RING;
    microBatches.forEach((sequences, i) => {
      const first = i === 0, last = i === microBatches.length - 1;
      const { program, size, targets } = this.#program(sequences, first, last);
      program.upload({ ...this.#arrays(sequences, size, targets, weights), scalars });
      program.run();
    });
    this.#step++;
    this.#pending.push({ step: this.#step, rate, ids: microBatches.flat().map(({ id }) => id) });
  }

  #check(sequence: TrainSequence) {
    const { id, ids, mask, task } = sequence;
    const { tasks } = this.options;
    checkSequence(this.model, sequence, this.#imageValues, `sample ${id}`);
    if (mask.length !== ids.length) {
      throw new InputError(`sample ${id}: ${ids.length} tokens and ${mask.length} values of the answer mask`);
    }
    if (!Number.isInteger(task) || task < 0 || task >= tasks) {
      throw new InputError(`sample ${id}: expected a task from 0 to ${tasks - 1}, found ${task}`);
    }
  }

  /** Values of an image: its pixels, or its features where the tower is frozen. */
  get #imageValues(): number {
    const { config, imageSize, imageTokens, featureWidth } = this.model;
    return this.#trainable.has("vision")
      ? config.vision_config.num_channels * imageSize ** 2
      : imageTokens * featureWidth;
  }

  #arrays(sequences: readonly TrainSequence[], size: BatchSize, targets: number, weights: readonly number[]) {
    const { model } = this;
    const rows = answerRows(sequences);
    const target = new Int32Array(targets).fill(-1), task = new Int32Array(targets).fill(-1);
    const weight = new Float32Array(targets);
    const pick = new Int32Array(targets).fill(-1), picked = new Int32Array(size.rows).fill(-1);
    rows.forEach((row, i) => {
      target[i] = row.target;
      task[i] = row.task;
      weight[i] = weights[row.task]!;
      pick[i] = row.row;
      picked[row.row] = i;
    });
    const { config, imageTokens } = model;
    return {
      ...batchArrays(sequences, size, imageTokens, config.image_token_index),
      images: joinImages(sequences, size.images, this.#imageValues),
      target,
      task,
      weight,
      pick,
      picked,
    };
  }

  /** The program for a micro-batch's size, recorded on first use. */
  #program(sequences: readonly TrainSequence[], first: boolean, last: boolean): StepProgram {
    const size = batchSize(sequences);
    const targets = roundUp(answerRows(sequences).length);
    const key = `${size.rows} ${size.images} ${targets} ${first} ${last}`;
    let made = this.#programs.get(key);
    if (made) {
      this.#programs.delete(key); // and put back as the latest used
    } else {
      if (this.#programs.size >= PROGRAMS) {
        const [oldest, { program }] = this.#programs.entries().next().value!;
        program.destroy();
        this.#programs.delete(oldest);
      }
      made = { program: this.#record(size, targets, first, last), size, targets };
    }
    this.#programs.set(key, made);
    return made;
  }

  #record(size: BatchSize, targets: number, first: boolean, last: boolean): Program {
    const { model } = this;
    const { imageTokens, imageSize, featureWidth, config } = model;
    const { tasks, storage = "f32" } = this.options;
    const tape = new Tape(model.gpu, { storage });
    const inputs = batchInputs(tape, size, imageTokens);
    const scalars = tape.input("scalars", [SCALARS.count]);
    const target = tape.input("target", [targets], "i32");
    const task = tape.input("task", [targets], "i32");
    const weight = tape.input("weight", [targets]);
    const pick = tape.input("pick", [targets], "i32");
    const picked = tape.input("picked", [size.rows], "i32");
    if (first) this.#optimizer.clear(tape);
    let features: Tensor;
    if (this.#trainable.has("vision")) {
      const pixels = [size.images, config.vision_config.num_channels, imageSize, imageSize];
      features = model.vision(tape, tape.input("images", pixels), this.#trainable);
    } else {
      features = tape.input("images", [size.images * imageTokens, featureWidth]);
    }
    const projected = model.project(tape, features, this.#trainable);
    const x = model.embed(tape, projected, inputs.index, this.#trainable);
    const attend = packedAttention(tape, inputs.span, model.heads);
    const hidden = model.decode(tape, x, inputs.positions, attend, this.#trainable);
    const answers = model.finish(tape, gatherRows(tape, hidden, pick, picked), this.#trainable);
    const goal = { target, weight, scalars, scaleAt: SCALARS.scale };
    const nll = weightedCrossEntropy(tape, answers, model.head(this.#trainable, storage), goal);
    recordTaskSums(tape, nll, goal, task, this.#ring, { tasks, slotAt: SCALARS.line, add: !first });
    tape.backward(nll, nll);
    if (last) this.#optimizer.update(tape, scalars, this.#ring);
    return tape.compile();
  }

  /**
   * Waits for the queued steps and reads their losses.
   *
   * @returns A line a step since the last call.
   * @throws {RunError} If a loss or a gradient's norm is not finite: names the step, its tasks (those whose own loss
   * is not finite, if any) and its samples.
   */
  async log(): Promise<StepLog[]> {
    const pending = this.#pending.splice(0);
    if (pending.length === 0) return [];
    const ring = await this.#ring.read(this.model.gpu);
    const width = 2 + 2 * this.options.tasks;
    return pending.map(({ step, rate, ids }) => {
      const line = ring.subarray(((step - 1) % RING) * width, ((step - 1) % RING + 1) * width);
      const [loss = NaN, gradNorm = NaN] = line;
      const taskTokens = Array.from({ length: this.options.tasks }, (_, task) => line[3 + 2 * task]!);
      const taskLoss = taskTokens.map((tokens, task) => tokens > 0 ? line[2 + 2 * task]! / tokens : null);
      const finite = [loss, gradNorm, ...taskLoss].every((x) => x === null || Number.isFinite(x));
      if (!finite) {
        throw new RunError(
          `step ${step}: the loss is ${loss} and the gradient's norm ${gradNorm}; ${
            this.#blame(taskLoss)
          }; ` +
            `samples in the step: ${ids.join(", ")}. Lower the learning rate${
              this.options.storage === "f16" ? ", store in f32 (f16 ends at 65,504)," : ""
            } or look at these samples`,
        );
      }
      return { step, loss, gradNorm, learningRate: rate, taskLoss, taskTokens };
    });
  }

  /** Which tasks a step that went wrong had. */
  #blame(taskLoss: readonly (number | null)[]): string {
    const present = taskLoss.flatMap((loss, task) => loss === null ? [] : [{ loss, task }]);
    const broken = present.filter(({ loss }) => !Number.isFinite(loss));
    const names = (broken.length > 0 ? broken : present).map(({ task }) =>
      this.options.taskNames?.[task] ?? task
    );
    return `${broken.length > 0 ? "not finite on tasks" : "tasks in the step"}: ${names.join(", ")}`;
  }

  /** Everything that the next step depends on: parameters, moments, step. Restoring it continues to the same bits. */
  async state(): Promise<Uint8Array> {
    const { gpu, parameters } = this.model;
    const parts = [
      Uint32Array.of(STATE_VERSION, this.#step, parameters.size, this.#optimizer.m.size),
      await parameters.values.read(gpu),
      await this.#optimizer.m.read(gpu),
      await this.#optimizer.v.read(gpu),
    ];
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
      at += part.byteLength;
    }
    return bytes;
  }

  /**
   * Goes back to a {@linkcode Trainer.state}.
   *
   * @throws {RunError} If the state is of another model or another choice of frozen modules.
   */
  restore(bytes: Uint8Array) {
    const { gpu, parameters } = this.model;
    const { buffer } = bytes.slice(0, bytes.length - bytes.length % 4);
    const all = new Float32Array(buffer);
    const [version, step = 0, size = 0, moments = 0] = new Uint32Array(buffer);
    const expected = [STATE_VERSION, parameters.size, this.#optimizer.m.size];
    const length = 4 * (4 + size + 2 * moments);
    if ([version, size, moments].some((x, i) => x !== expected[i]) || bytes.length !== length) {
      throw new RunError(
        `training state: expected version, parameters and moments ${expected.join(", ")}; found ` +
          `${version}, ${size}, ${moments} in ${bytes.length} bytes. It belongs to another model or setting`,
      );
    }
    parameters.values.write(gpu, all.slice(4, 4 + size));
    parameters.refresh();
    this.#optimizer.m.write(gpu, all.slice(4 + size, 4 + size + moments));
    this.#optimizer.v.write(gpu, all.slice(4 + size + moments));
    this.#step = step;
    this.#pending.length = 0;
  }

  /** Frees programs and moments; the model stays. */
  destroy() {
    for (const { program } of this.#programs.values()) program.destroy();
    this.#programs.clear();
    this.#optimizer.destroy();
    this.#ring.destroy(this.model.gpu);
  }
}

/** First word of a state: its layout (version, step, sizes; parameters; first moments; second moments). */
const STATE_VERSION = 1;

/** Rows of a packed batch whose next token is part of an answer. */
function answerRows(sequences: readonly TrainSequence[]): { row: number; target: number; task: number }[] {
  const rows: { row: number; target: number; task: number }[] = [];
  let at = 0;
  for (const { ids, mask, task } of sequences) {
    for (let i = 1; i < ids.length; i++) {
      if (mask[i]) rows.push({ row: at + i - 1, target: ids[i]!, task });
    }
    at += ids.length;
  }
  return rows;
}

function weightSum(microBatches: readonly (readonly TrainSequence[])[], weights: readonly number[]): number {
  let sum = 0;
  for (const { mask, task } of microBatches.flat()) {
    for (let i = 1; i < mask.length; i++) if (mask[i]) sum += weights[task]!;
  }
  return sum;
}
