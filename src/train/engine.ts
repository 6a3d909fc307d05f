/**
 * What the training floor needs of a model: load, train, generate, save. `gpu_engine.ts` answers with the model on
 * the GPU; the tests answer with a model of a few numbers, so that plans, run folders and resume are tested by
 * themselves.
 *
 * @module
 */

import type { StorageType } from "../autograd/tensor.ts";
import type { Profile } from "../gpu/profile.ts";
import type { Roofline } from "../gpu/roofline.ts";
import type { StepLog, TrainSequence } from "../lmm/trainer/trainer.ts";
import type { AdapterFacts } from "../gpu/gpu.ts";

export type { StepLog, TrainSequence };

/** A part of the model that can be frozen or have its own learning rate. */
export type ModelPart = "vision" | "projector" | "language";

/** All parts of a model. */
export const MODEL_PARTS: readonly ModelPart[] = ["vision", "projector", "language"];

/** How a part is trained. */
export interface TrainerSettings {
  /** Number of tasks. */
  tasks: number;
  /** Their names, for messages. */
  taskNames?: readonly string[];
  /** Steps of the whole schedule. */
  steps: number;
  /** Highest learning rate. */
  learningRate: number;
  /** Part of the steps over which the learning rate rises. */
  warmup: number;
  /** How the learning rate falls. */
  schedule: "cosine" | "linear";
  /** AdamW's weight decay, of matrices only. */
  weightDecay: number;
  /** Largest norm of the gradient. */
  clip: number;
  /** Parts of the model that are not trained. */
  frozen: ModelPart[];
  /** Factors on the learning rate of parts. */
  learningRates?: Partial<Record<ModelPart, number>>;
  /** How activations and frozen matrices are stored; "f32" if left out. */
  storage?: StorageType;
}

/** Trains the model it was made from, in place. */
export interface PartTrainer {
  /** Steps done. */
  readonly step: number;
  /** Queues one optimiser step over all micro-batches, with one weight a task. */
  train(microBatches: TrainSequence[][], weights: number[]): void;
  /** Waits, and returns the steps since the last call. Throws RunError on a non-finite loss. */
  log(): Promise<StepLog[]>;
  /** Parameters, moments and step, for an exact continuation. */
  state(): Promise<Uint8Array>;
  /** Goes on from such a state. */
  restore(state: Uint8Array): void;
  /** Gives the memory back. */
  destroy(): void;
}

/** A question put to the model. */
export interface Prompt {
  /** Token ids up to the place where the answer starts, image placeholders expanded. */
  ids: Int32Array;
  /** The tower's features of every image. */
  images: Float32Array[];
}

/** How answers are generated. */
export interface GenerateSettings {
  /** Longest answer, in tokens. */
  maxNewTokens: number;
  /** The id that ends an answer. */
  stop: number;
  /** 0 or left out: greedy. */
  temperature?: number;
  /** Decides what is drawn at a temperature above 0. */
  seed?: number;
  /** Prompts answered together. */
  batchSize?: number;
}

/** A model in memory. */
export interface EngineModel {
  /** Tokens an image takes. */
  readonly imageTokens: number;
  /** Side of the square image it sees, in pixels. */
  readonly imageSize: number;
  /** Longest sequence it can read, in tokens. */
  readonly maxPositions: number;
  /** Numbers that can be trained, per part. */
  readonly parameters: Record<ModelPart, number>;
  /** The vision tower's features of preprocessed images [3, S, S]. */
  encodeImages(pixels: Float32Array[]): Promise<Float32Array[]>;
  /** Makes a trainer of this model. */
  trainer(settings: TrainerSettings): PartTrainer;
  /** New token ids per prompt, in the order of the prompts, without the stop token. */
  generate(prompts: Prompt[], settings: GenerateSettings): Promise<Int32Array[]>;
  /** config.json and model.safetensors. */
  save(): Promise<Map<string, Uint8Array>>;
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
  /** Loads a checkpoint: config.json and model.safetensors. */
  load(files: ReadonlyMap<string, Uint8Array>): EngineModel;
  /** A model with random parameters, the same for the same seed. */
  create(config: Record<string, unknown>, seed: number): EngineModel;
}
