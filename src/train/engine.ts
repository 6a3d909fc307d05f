/**
 * What the training floor needs of a model: load, train, generate, save. `gpu_engine.ts` answers with the model on
 * the GPU; the tests answer with a model of a few numbers, so that plans, run folders and resume are tested by
 * themselves.
 *
 * @module
 */

import type { StorageType } from "../autograd/tensor.ts";
import type { AdapterFacts } from "../gpu/gpu.ts";
import type { ProgramNeed } from "../gpu/program/program.ts";
import type { Profile } from "../gpu/profile/profile.ts";
import type { Roofline } from "../gpu/profile/roofline.ts";
import type { Sequence } from "../lmm/batch.ts";
import type { AdapterFiles } from "../lmm/checkpoint.ts";
import type { FolderSink } from "../lmm/folder_sink.ts";
import type { AnswerOptions, GenerateOptions } from "../lmm/generation/options.ts";
import type { PromptSize } from "../lmm/generation/prompts_that_fit.ts";
import type { SessionAnswer } from "../lmm/generation/session.ts";
import type { ModuleName } from "../lmm/layout.ts";
import type { LmmOptions } from "../lmm/lmm.ts";
import type { MemoryNeed, MemoryPlan } from "../lmm/memory_need.ts";
import type { SaveOptions } from "../lmm/save_checkpoint.ts";
import type { WeightFile } from "../lmm/weights.ts";
import type { ForwardSize } from "../lmm/trainer/forward.ts";
import type { TaskLosses } from "../lmm/trainer/loss_programs.ts";
import type { TrainingSettings } from "../lmm/trainer/settings.ts";
import type { StepLog, TrainerSettings } from "../lmm/trainer/trainer.ts";
import type { TrainStep } from "../lmm/trainer/train_step.ts";

/** Trains the model it was made from, in place. */
export interface EngineTrainer {
  /** Steps done. */
  readonly step: number;
  /** Queues one optimiser step, with one weight a task. */
  train(step: TrainStep, weights: readonly number[]): void;
  /** Waits, and returns the steps since the last call. Throws RunError on a non-finite loss. */
  log(): Promise<StepLog[]>;
  /**
   * Waits, and returns the loss of sequences with the parameters as they are. Trains nothing: no later step changes by
   * a bit. Throws RunError on a non-finite loss.
   */
  losses(work: TrainStep): Promise<TaskLosses>;
  /** Parameters, moments and step, for an exact continuation. */
  state(): Promise<Uint8Array>;
  /** Goes on from such a state. */
  restore(state: Uint8Array): void;
  /** Gives the memory back. */
  destroy(): void;
}

/** What of a training's settings its memory depends on. */
export type StepSettings = Pick<TrainingSettings, "frozen" | "storage" | "checkpointActivations">;

/** A conversation with a model, which reads of every prompt what is new in it. */
export interface EngineSession {
  /** Answers a prompt that begins like those before. */
  answer(prompt: Sequence, options: AnswerOptions): Promise<SessionAnswer>;
  /** Gives the memory back. */
  destroy(): void;
}

/** A model in memory. */
export interface EngineModel {
  /** Tokens an image takes. */
  readonly imageTokens: number;
  /** Side of the square image it sees, in pixels. */
  readonly imageSize: number;
  /** Longest sequence it can read, in tokens. */
  readonly maxPositions: number;
  /** Numbers that can be trained, a module. */
  readonly parameters: Record<ModuleName, number>;
  /** Numbers of LoRA's matrices, and the modules that they add to, where there are some. */
  readonly lora?: { parameters: number; addedTo: ReadonlySet<ModuleName> } | undefined;
  /**
   * What a forward and backward pass takes on the device, beside parameters, gradients and moments; planned, not run.
   * Undefined where nobody knows.
   *
   * @param settings The modules that are not trained, those that the model was loaded without among them, and how
   * activations are held.
   * @throws {RunError} If a tensor of it is over the adapter's largest binding.
   */
  stepNeed(settings: StepSettings, size: ForwardSize): ProgramNeed | undefined;
  /**
   * What looking at some images takes on the device, beside the parameters; planned, not run. Undefined where nobody knows.
   *
   * @throws {RunError} If a tensor of it is over the adapter's largest binding.
   */
  encodeNeed(images: number): ProgramNeed | undefined;
  /**
   * What answering takes on the device, beside the parameters: bytes. Undefined where nobody knows.
   *
   * @param prompts In order of length.
   */
  answerNeed(
    prompts: readonly PromptSize[],
    options: { maxNewTokens: number; together: number },
  ): number | undefined;
  /** The vision tower's features of preprocessed images [3, S, S]. */
  encodeImages(pixels: Float32Array[]): Promise<Float32Array[]>;
  /** Makes a trainer of this model. */
  trainer(settings: TrainerSettings): EngineTrainer;
  /** New token ids per prompt, in the order of the prompts, without the token that ended the answer. */
  generate(prompts: readonly Sequence[], options: GenerateOptions): Promise<Int32Array[]>;
  /** Opens a conversation; destroy it before the model. */
  session(): EngineSession;
  /** Writes config.json and weights; of a model with LoRA's matrices the adapter alone. */
  save(sink: FolderSink, options?: SaveOptions): Promise<void>;
  /** Gives the memory back. */
  destroy(): void;
}

/** What is on the device, in bytes. */
export interface DeviceMemory {
  /** The arena, in which all intermediate tensors lie. */
  arenaBytes: number;
  /** The textures that operands are copied into. */
  textureBytes: number;
  /** All buffers and textures. */
  liveBytes: number;
}

/** Times kernels by the adapter's own clock. Results are the same bits as without. */
export interface EngineProfiler {
  /** What the adapter can do at most. */
  readonly roofline: Roofline;
  /** Times the kernels of the steps that `queue` queues. */
  time(queue: () => void): void;
  /** Waits, and returns the kernels timed since the last call, and what is on the device. */
  read(): Promise<Profile & DeviceMemory>;
  /** Gives its memory back. */
  destroy(): void;
}

/** What a model is loaded from. */
export interface EngineCheckpoint {
  /** What config.json holds. */
  config: unknown;
  /** Its text, which is written back when the model is saved. */
  configText?: string;
  /** The weights. */
  weights: readonly WeightFile[];
  /** A LoRA adapter that is added to it. */
  adapter?: AdapterFiles | undefined;
}

/** A place to run models. */
export interface Engine {
  /** What computes. */
  readonly adapter: AdapterFacts;
  /** Throws InputError if the adapter cannot store activations that way. */
  checkStorage(storage: StorageType): void;
  /** Throws InputError if the adapter has no clock to profile by. */
  checkProfiling(): void;
  /** Measures what the adapter, idle, can do at most, and opens a profiler; throws InputError if its clock stands. */
  profiler(): Promise<EngineProfiler>;
  /**
   * The memory that work with a model takes, and the largest buffer there is; undefined where nobody knows.
   *
   * @throws {InputError} If config.json cannot be used.
   */
  need(config: unknown, plan: MemoryPlan): (MemoryNeed & { largestBuffer: number }) | undefined;
  /** Loads a checkpoint; what can be trained and how the rest is held is decided here. */
  load(checkpoint: EngineCheckpoint, options?: LmmOptions): Promise<EngineModel>;
  /** A model with random parameters, the same for the same seed. */
  create(config: Record<string, unknown>, seed: number, options?: LmmOptions): EngineModel;
}
