/**
 * The trainer: one optimiser step at a time, with one upload and one submit a micro-batch.
 *
 * @module
 */
import { checkStorage } from "../../autograd/tape.ts";
import { Tensor } from "../../autograd/tensor.ts";
import { InputError, RunError } from "../../errors.ts";
import { AdamW, SCALARS } from "../../optim/adamw.ts";
import { learningRate } from "../../optim/schedule.ts";
import { checkSequence } from "../batch.ts";
import type { Lmm } from "../lmm.ts";
import { LORA } from "../../nn/lora.ts";
import { type LoraTraining, trainedModules, TRAINING_DEFAULTS, type TrainingSettings } from "./settings.ts";
import { imageValues } from "./forward.ts";
import { LossPrograms, type TaskLosses } from "./loss_programs.ts";
import { StepPrograms } from "./step_programs.ts";
import { dealStep, type TrainSequence, type TrainStep } from "./train_step.ts";
import { packState, unpackState } from "./trainer_state.ts";

/** Settings of a {@linkcode Trainer}; what is left out is as in {@linkcode TRAINING_DEFAULTS}. */
export interface TrainerSettings
  extends Partial<Omit<TrainingSettings, "batch" | "microBatch" | keyof LoraTraining>> {
  /** Number of tasks. */
  tasks: number;
  /** Their names, for messages; default their indices. */
  taskNames?: readonly string[];
  /** Optimiser steps of the whole run. */
  steps: number;
  /** Highest learning rate. */
  learningRate: number;
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

/** Steps whose sums wait on the device until they are read. */
const RING = 64;

/** Trains a model: one {@linkcode Trainer.train} an optimiser step, {@linkcode Trainer.log} every so many. */
export class Trainer {
  /** The model that is trained, in place. */
  readonly model: Lmm;
  /** The settings, defaults filled in. */
  readonly settings: TrainerSettings & Required<Omit<TrainerSettings, "taskNames">>;
  readonly #optimizer: AdamW;
  readonly #programs: StepPrograms;
  readonly #losses: LossPrograms;
  readonly #imageValues: number;
  readonly #ring: Tensor; // [RING, 2 + 2·tasks]: loss, gradient norm; a task's loss and tokens
  readonly #pending: { step: number; rate: number; ids: string[] }[] = [];
  #step = 0;

  /**
   * A trainer at step 0.
   *
   * @param model The model; it is trained in place.
   * @param settings How.
   * @throws {Error} If every module is frozen.
   * @throws {InputError} If f16 is asked for and the adapter does not offer it.
   */
  constructor(model: Lmm, settings: TrainerSettings) {
    this.model = model;
    this.settings = { ...TRAINING_DEFAULTS, checkpointActivations: false, ...settings };
    const { frozen, rates, betas, weightDecay, clip, storage, tasks, checkpointActivations } = this.settings;
    checkStorage(model.gpu, storage);
    // Matrices that are added to stay as they are, and so does all else of their modules.
    const trained = trainedModules(model, frozen);
    this.#optimizer = new AdamW(model.parameters, {
      rates: Object.fromEntries(trained.map((name) => [name, name === LORA ? 1 : rates[name] ?? 1])),
      betas,
      weightDecay,
      clip,
    });
    this.#ring = Tensor.of(model.gpu, [RING, 2 + 2 * tasks]);
    const shared = { model, trainable: new Set(trained), tasks, storage, checkpointActivations };
    this.#programs = new StepPrograms({ ...shared, optimizer: this.#optimizer, ring: this.#ring });
    this.#losses = new LossPrograms(shared);
    this.#imageValues = imageValues(shared);
  }

  /** Optimiser steps done. */
  get step(): number {
    return this.#step;
  }

  /** Bytes of the arena that all recorded steps share, and the most that one of them needs at one time. */
  get memory(): { arenaBytes: number; largestNeed: number } {
    return {
      arenaBytes: this.model.gpu.arena(0).size,
      largestNeed: Math.max(this.#programs.largestNeed, this.#losses.largestNeed),
    };
  }

  /**
   * Queues one optimiser step.
   *
   * The loss is equation (2): Σ λ·nll / Σ λ over all answer tokens of all micro-batches together.
   *
   * @param work The step as it was dealt, or the sequences of each micro-batch; gradients add up over these.
   * @param weights λ of each task.
   * @throws {InputError} If a sequence does not fit the model.
   * @throws {Error} If no token has a weight above 0, or 64 steps were queued without a {@linkcode Trainer.log}.
   */
  train(work: TrainStep | readonly (readonly TrainSequence[])[], weights: readonly number[]) {
    const { tasks, steps, learningRate: peak, warmup, schedule: kind } = this.settings;
    const { microBatches } = "microBatches" in work ? work : dealStep(work, tasks);
    if (this.#pending.length >= RING) throw new Error(`train: read the log at least every ${RING} steps`);
    if (weights.length !== tasks) {
      throw new Error(`train: expected ${tasks} task weights, found ${weights.length}`);
    }
    const ids: string[] = [];
    let sum = 0;
    for (const { sequences, answerRows } of microBatches) {
      for (const sequence of sequences) {
        this.#check(sequence);
        ids.push(sequence.id);
      }
      for (const { task } of answerRows) sum += weights[task]!;
    }
    if (!(sum > 0)) throw new Error("train: no answer token of the step has a weight above 0");
    const scalars = new Float32Array(SCALARS.count);
    const rate = learningRate(this.#step, { peak, steps, warmup, kind });
    this.#optimizer.fillScalars(scalars, this.#step + 1, rate);
    scalars[SCALARS.scale] = 1 / sum;
    scalars[SCALARS.line] = this.#step % RING;
    scalars[SCALARS.step] = this.#step + 1;
    microBatches.forEach((batch, i) => {
      scalars[SCALARS.pass] = i;
      this.#programs.run(batch, { first: i === 0, last: i === microBatches.length - 1 }, weights, scalars);
    });
    this.#step++;
    this.#pending.push({ step: this.#step, rate, ids });
  }

  #check(sequence: TrainSequence) {
    const { id, ids, mask, task } = sequence;
    const { tasks } = this.settings;
    checkSequence(this.model, sequence, this.#imageValues, `sample ${id}`);
    if (mask.length !== ids.length) {
      throw new InputError(`sample ${id}: ${ids.length} tokens and ${mask.length} values of the answer mask`);
    }
    if (!Number.isInteger(task) || task < 0 || task >= tasks) {
      throw new InputError(`sample ${id}: expected a task from 0 to ${tasks - 1}, found ${task}`);
    }
  }

  /**
   * Waits for the queued steps and reads their losses.
   *
   * @returns A value a step since the last call.
   * @throws {RunError} If a loss or a gradient's norm is not finite: names the step, its tasks (those whose own loss
   * is not finite, if any) and its samples.
   */
  async log(): Promise<StepLog[]> {
    const pending = this.#pending.splice(0);
    if (pending.length === 0) return [];
    const ring = await this.#ring.read(this.model.gpu);
    const width = 2 + 2 * this.settings.tasks;
    return pending.map(({ step, rate, ids }) => {
      const slot = (step - 1) % RING;
      const [loss = NaN, gradNorm = NaN, ...sums] = ring.subarray(slot * width, (slot + 1) * width);
      const taskTokens = sums.filter((_, i) => i % 2 === 1);
      const taskLoss = taskTokens.map((tokens, task) => tokens > 0 ? sums[2 * task]! / tokens : null);
      if (![loss, gradNorm, ...taskLoss].every((x) => x === null || Number.isFinite(x))) {
        throw new RunError(
          `step ${step}: the loss is ${loss} and the gradient's norm ${gradNorm}; ${
            this.#blame(taskLoss)
          }; ` +
            `samples in the step: ${ids.join(", ")}. Lower the learning rate${
              this.settings.storage === "f16" ? ", store in f32 (f16 ends at 65,504)," : ""
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
      this.settings.taskNames?.[task] ?? task
    );
    return `${broken.length > 0 ? "not finite on tasks" : "tasks in the step"}: ${names.join(", ")}`;
  }

  /**
   * The loss of sequences with the parameters as they are: nothing is trained, and no later step changes by a bit.
   *
   * Runs after the steps that are queued; their {@linkcode Trainer.log} may be read before or after.
   *
   * @param work What is read, as a step is dealt, or the sequences of each forward pass.
   * @returns Sums over the answer tokens of each task: its mean loss is nll / tokens.
   * @throws {InputError} If a sequence does not fit the model.
   * @throws {RunError} If a loss is not finite: names the tasks.
   */
  async losses(work: TrainStep | readonly (readonly TrainSequence[])[]): Promise<TaskLosses> {
    const { microBatches } = "microBatches" in work ? work : dealStep(work, this.settings.tasks);
    for (const { sequences } of microBatches) sequences.forEach((sequence) => this.#check(sequence));
    const found = await this.#losses.run(microBatches);
    if (!found.nll.every(Number.isFinite)) {
      const means = found.nll.map((nll, task) => found.tokens[task]! > 0 ? nll / found.tokens[task]! : null);
      throw new RunError(
        `validation after step ${this.#step}: the loss is ${
          this.#blame(means)
        }. Lower the learning rate or look at ` +
          "these tasks' validation samples",
      );
    }
    return found;
  }

  /** Everything that the next step depends on: parameters, moments, step. Restoring it continues to the same bits. */
  state(): Promise<Uint8Array> {
    return packState(this.model, this.#optimizer, this.#step);
  }

  /**
   * Goes back to a {@linkcode Trainer.state}.
   *
   * @throws {RunError} If the state is of another model or another choice of frozen modules.
   */
  restore(bytes: Uint8Array) {
    this.#step = unpackState(bytes, this.model, this.#optimizer);
    this.#pending.length = 0;
  }

  /** Frees programs and moments; the model stays. */
  destroy() {
    this.#programs.destroy();
    this.#losses.destroy();
    this.#optimizer.destroy();
    this.#ring.destroy(this.model.gpu);
  }
}
