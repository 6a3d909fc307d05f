/**
 * run.json: what was run, on what, when.
 *
 * @module
 */

import type { TrainingSettings } from "../../lmm/trainer/settings.ts";
import type { ProbeKind } from "../../balance/methods/method_settings.ts";
import type { Alpha } from "../../balance/cotbal/mix_weights.ts";
import type { Split, TaskInfo } from "../../data/types.ts";
import type { AdapterFacts } from "../../gpu/gpu.ts";
import type { BestBy } from "../best_evaluation.ts";

/** Every so many steps, or every such part of a tuning's steps. */
export type Cadence = number | `${number}%`;

/** How a final tuning looks at validation questions on the way. */
export interface EvaluationSettings {
  /** How often. */
  every: Cadence;
  /** Questions a task, at most. */
  questions: number;
  /** What the best step, whose model is kept, is best by. */
  by: BestBy;
  /** Looks without a better one after which the tuning ends; left out where it never does. */
  patience?: number;
}

/** One process that worked on a run: a run that was interrupted and resumed, or shared, has several. */
export interface Sitting {
  /** What the process called itself; files name it by this in their checks. Not in older runs, as are the next four. */
  id?: string;
  /** The name of its machine; empty where it may not be asked. */
  host?: string;
  /** Its number there. */
  process?: number;
  /** Version of this package, of Deno, V8, TypeScript. */
  versions?: Record<string, string>;
  /** Operating system, architecture and number of processors. */
  system?: RunInfo["system"];
  /** ISO 8601. */
  start: string;
  /** ISO 8601; null while it runs, or if it was killed. */
  end: string | null;
  /** What computed. */
  adapter: AdapterFacts;
  /** What it said of files that were damaged or not the run's, and of what it computed again for them; left out if nothing. */
  notes?: string[];
}

/** run.json: what was run, on what, when. */
export interface RunInfo {
  /** Version of the form of the run's files: those of 1 do not say whether they are whole. */
  format: 1 | 2;
  /** What the run's files name it; the same for equal options, data and base. Not in runs of format 1. */
  id?: string;
  /** Version of this package, of Deno, V8, TypeScript. */
  versions: Record<string, string>;
  /** Operating system, architecture and number of processors. */
  system: { os: string; arch: string; cores: number };
  /** The options as the user gave them. */
  given: Record<string, unknown>;
  /** The options after presets and defaults. */
  resolved: ResolvedOptions;
  /** What it was run on. */
  dataset: DatasetSummary;
  /** The tasks that are answered and never tuned on; left out where there are none. */
  zeroShot?: DatasetSummary;
  /** What was tuned. */
  model: ModelSummary;
  /** The processes that worked on it. */
  sittings: Sitting[];
  /** What the run decided by itself and says aloud, one sentence each (the dataset's notes among them). */
  notes: string[];
}

/**
 * Everything that decides what a run computes, after presets and defaults were filled in. Two runs with the
 * same `ResolvedOptions` and the same adapter end with the same bits.
 */
export interface ResolvedOptions extends TrainingSettings {
  /** Name of the preset. */
  preset: string;
  /** Folder of the dataset, or null for the built-in scenes. */
  data: string | null;
  /** Folder of the base checkpoint. */
  checkpoint: string;
  /** Names of the tasks, in the order in which they are shown. */
  tasks: string[];
  /** "ew", "cotbal", "stl" and so on, in the order they are shown. */
  methods: string[];
  /** Every seed that is run. */
  seeds: number[];
  /** Part of every task's training samples in a mini subset, 0 to 1. */
  mini: number;
  /** Part of the task's training samples in its large subset, 0 to 1. */
  large: number;
  /** T, or "auto" for the lowest that keeps every weight in [0.5, 2]. */
  temperature: number | "auto";
  /** Shares of the three weights. */
  alpha: Alpha;
  /** Task -> weight, where weights were given by hand (`--methods fixed`). */
  lambda?: Readonly<Record<string, number>>;
  /** Groups of tasks that are balanced as one: name -> tasks; left out where there are none. */
  groups?: Record<string, string[]>;
  /** Tasks outside the balancing and their weights; left out where there are none. */
  fixed?: Record<string, number>;
  /** Task -> share of the draws of a final tuning, summing to 1; left out where tasks are drawn by their sizes. */
  mix?: Record<string, number>;
  /** The temperature that these shares come from, where they come from one. */
  mixTemperature?: number;
  /** How the probes are tuned; left out where they are the paper's, "full". */
  probes?: ProbeKind;
  /** Draws of the probes; only there where a method averages over several. */
  probeSeeds?: number;
  /** Tunings of the method search; left out where it does not run. */
  searchBudget?: number;
  /** Merged models that the method merge scores; left out where it does not run. */
  mergeBudget?: number;
  /** Passes over the training samples; may be fractional when --steps was given. */
  epochs: number;
  /** Questions a task asked in a validation; null = all. */
  validationLimit: number | null;
  /** Questions answered at a time; left out where it is the default. */
  evaluationBatch?: number;
  /** Questions a task asked in a test; null = all. */
  testLimit: number | null;
  /** Longest sequence, in tokens. */
  maxTokens: number;
  /** Mixture of the built-in scenes. */
  mixture: string;
  /** Whether the scenes' control task takes part. */
  control: boolean;
  /** Training conversations of the scenes by task, in place of the mixture's. */
  train: Readonly<Record<string, number>>;
  /** Tasks that are answered and never tuned on; left out where nobody asked. */
  zeroShot?: {
    /** Their folder, or null for those of the built-in scenes. */
    data: string | null;
    /** Their names. */
    tasks: string[];
    /** Questions a task; null = all. */
    questions: number | null;
  };
  /** Looks at validation questions while a final tuning goes on; left out where nobody asked. */
  evaluation?: EvaluationSettings;
  /** Most tokens of an answer; left out where each task's training answers say it. */
  maxNewTokens?: number;
  /** True where no picture is cut into tiles, whatever the base's settings say; else left out. */
  wholePictures?: boolean;
  /** True where pictures are turned as their orientation tag says; else left out. */
  exif?: boolean;
  /** The most pixels that a picture may have; left out where nobody asked. */
  maxPixels?: number;
  /** True where samples that cannot be used were left out; else left out itself. */
  skipBad?: boolean;
  /** "base" where what is trained is saved in the base's own types, not in f32; left out where nobody asked. */
  saveDtype?: "f32" | "base";
  /** Multiplies the number of conversations of the built-in scenes (1 = the published benchmark). */
  scale: number;
}

/** Samples, questions and sizes of a dataset, as used. */
export interface DatasetSummary {
  /** "scenes" = the built-in benchmark; "folder" = the user's own. */
  kind: "scenes" | "folder";
  /** Where it lies. */
  path: string;
  /** Names of the tasks, in the order in which they are shown. */
  tasks: TaskInfo[];
  /** Conversations per task. */
  conversations: Record<Split, number[]>;
  /** Questions (turns) per task. */
  questions: Record<Split, number[]>;
  /** Distinct images over all tasks. */
  images: Record<Split, number>;
  /** Training tokens per task (one pass). */
  tokens: number[];
  /** Training answer tokens per task (one pass). */
  answerTokens: number[];
  /** Hash of samples and images' names: a resumed run must find the same one. */
  fingerprint: string;
  /** Hash of all images' contents, in the order of the samples; that of each is in `pictures.bin`. Not in runs of format 1. */
  pictures?: string;
  /** What the loader decided by itself, one sentence each. */
  notes: string[];
}

/** What is tuned. */
export interface ModelSummary {
  /** Numbers in the model. */
  parameters: number;
  /** Those that are tuned. */
  trainable: number;
  /** Tokens an image takes in the sequence. */
  imageTokens: number;
  /** Side of the (square) image the model sees, in pixels. */
  imageSize: number;
  /** Tokens of the tokenizer. */
  vocabulary: number;
  /** The base checkpoint's config.json. */
  config: Record<string, unknown>;
  /** Hash of the base checkpoint's files. */
  fingerprint: string;
  /** SHA-256 of each of them, by name. Not in runs of format 1. */
  files?: Record<string, string>;
}
