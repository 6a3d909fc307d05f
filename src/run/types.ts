/**
 * What a run folder holds, file by file. `tune` writes these, `loadRun` reads them, the report shows them.
 *
 * ```
 * <run>/
 *   run.json                       RunInfo
 *   lock                           held by the process that writes here, while it does
 *   scenes/                        the built-in benchmark, where no other data was given
 *   cache/                         the vision tower's features, while the run goes on
 *   methods/base/test.json         PartResult: the untuned base on the test split (zero-shot)
 *   probes/base/eval.json          PartResult: the untuned base on the validation split
 *   [seed-<n>/]                    one such folder a seed; with a single seed its content lies in <run> itself
 *     probes/mini/                 metrics.jsonl (MetricsLine a line), eval.json (PartResult)
 *     probes/plus-<TASK>/          the same
 *     validation.json              ValidationTable
 *     weights.json                 WeightsFile
 *     methods/<method>/            metrics.jsonl, checkpoint/ (a Hugging Face folder), test.json (PartResult)
 *     methods/stl/<TASK>/          metrics.jsonl, test.json; methods/stl/test.json joins them
 *     methods/ew/blank.json        PartResult: the EW model, every image replaced by a blank one
 *   weights.json                   with several seeds: from the mean of their validation tables
 *   examples.json                  Example[] (questions, truths, small pictures)
 *   profile.json                   StepProfile, where the run was profiled
 *   results.json                   Results, written last
 *   report.html
 * ```
 *
 * Every score is in **points, 0 to 100, higher is better**: per cent of right answers for exact-match,
 * relaxed-match and iou, 100 x mean similarity for anls, 10 x CIDEr-D for cider (a perfect caption has CIDEr 10).
 * Arrays "per task" follow the order of `tasks`. Seconds are wall-clock seconds. "Tokens" are positions of the
 * training sequences (image tokens, question, answer, without padding); "answer tokens" are those with a loss.
 *
 * @module
 */

import type { StorageType } from "../autograd/tensor.ts";
import type { Alpha } from "../balance/cotbal/mix.ts";
import type { WeightsReport } from "../balance/cotbal/weights_from_scores.ts";
import type { MetricName, Split, TaskInfo } from "../data/types.ts";
import type { KernelProfile } from "../gpu/kernel_profile.ts";
import type { Roofline } from "../gpu/roofline.ts";

/** The WebGPU adapter a run used, as the adapter describes itself. */
export interface AdapterDescription {
  /** Who makes it, as WebGPU names it; may be empty. */
  vendor: string;
  /** Family of the adapter; may be empty. */
  architecture: string;
  /** The device; may be empty. */
  device: string;
  /** The driver's own words: "llvmpipe (LLVM 15.0.6, 256 bits)". */
  description: string;
  /** True for a software adapter such as lavapipe. */
  isFallbackAdapter: boolean;
}

/**
 * Everything that decides what a run computes, after presets and defaults were filled in. Two runs with the
 * same `ResolvedOptions` and the same adapter end with the same bits.
 */
export interface ResolvedOptions {
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
  /** Sequences an optimiser step. */
  batch: number;
  /** Sequences a forward pass; the gradients of `batch / microBatch` passes are added. */
  microBatch: number;
  /** Highest learning rate. */
  learningRate: number;
  /** Part of the steps over which the learning rate rises. */
  warmup: number;
  /** Passes over the training samples; may be fractional when --steps was given. */
  epochs: number;
  /** AdamW's weight decay, of matrices only. */
  weightDecay: number;
  /** Largest norm of the gradient. */
  clip: number;
  /** Parts of the model that are not trained. */
  frozen: ("vision" | "projector" | "language")[];
  /** Factors on the learning rate of parts; 1 for a part that is not named. */
  rates: Partial<Record<"vision" | "projector" | "language", number>>;
  /** How activations and frozen matrices are stored while training. */
  storage: StorageType;
  /** Questions a task asked in a validation; null = all. */
  validationLimit: number | null;
  /** Questions a task asked in a test; null = all. */
  testLimit: number | null;
  /** Longest sequence, in tokens. */
  maxTokens: number;
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
}

/** One process that worked on a run: an interrupted and resumed run has several. */
export interface Sitting {
  /** ISO 8601. */
  start: string;
  /** ISO 8601; null while it runs, or if it was killed. */
  end: string | null;
  /** What computed. */
  adapter: AdapterDescription;
}

/** run.json: what was run, on what, when. */
export interface RunInfo {
  /** Version of this file's form. */
  format: 1;
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
  /** What was tuned. */
  model: ModelSummary;
  /** The processes that worked on it. */
  sittings: Sitting[];
  /** What the run decided by itself and says aloud, one sentence each (the dataset's notes among them). */
  notes: string[];
}

/** One line of metrics.jsonl: one optimiser step. */
export interface MetricsLine {
  /** Steps done, this one included: 1, 2, ... */
  step: number;
  /** Weighted mean loss of the step, in nats a token. */
  loss: number;
  /** Norm of the gradient, before clipping. */
  gradNorm: number;
  /** Learning rate of the step. */
  learningRate: number;
  /** Unweighted mean loss an answer token per task, in nats; null when the task was absent from the step. */
  taskLoss: (number | null)[];
  /** Answer tokens per task in this step. */
  taskTokens: number[];
  /** Answer tokens of the part so far, all tasks: the horizontal axis of a loss curve. */
  answerTokens: number;
  /** The weights this step used, per task; left out where they are all 1. */
  weights?: number[];
  /** Seconds of training of the part so far, interruptions apart. */
  seconds: number;
}

/** A task's score. */
export interface TaskScore {
  /** Name of the task. */
  task: string;
  /** How the task is scored. */
  metric: MetricName;
  /** Points by the task's metric. */
  score: number;
  /** Questions asked. */
  questions: number;
  /**
   * Points by other measures, by name: "relaxed-match" and "anls" beside exact-match, "mean-iou" and "unparsed"
   * (answers without a readable box, in per cent) beside iou.
   */
  others: Record<string, number>;
}

/** One answered question of an evaluation. */
export interface Answer {
  /** Sample id. */
  id: string;
  /** Name of the task. */
  task: string;
  /** Index of the question in the conversation. */
  turn: number;
  /** The model's answer. */
  answer: string;
  /** Points of this answer; CIDEr's depend on the whole set. */
  score: number;
}

/** The last file of a part of the run: its presence says that the part is finished. */
export interface PartResult {
  /** The part's id, which is its folder in the run: "probes/plus-vqa", "seed-2/methods/ew". */
  part: string;
  /** The seed. */
  seed: number;
  /** The split that the questions are from. */
  split: Split;
  /** Only the tasks the part evaluates (STL's single parts: one). */
  scores: TaskScore[];
  /** Every answer. */
  answers: Answer[];
  /** What it cost. */
  cost: PartCost;
}

/** What a part cost. */
export interface PartCost {
  /** The part's id. */
  part: string;
  /** Conversations it was trained on; 0 for a part without training. */
  conversations: number;
  /** Optimiser steps. */
  steps: number;
  /** Training tokens, passes counted. */
  tokens: number;
  /** Training tokens with a loss, passes counted. */
  answerTokens: number;
  /** Seconds of training. */
  trainSeconds: number;
  /** Seconds of answering questions. */
  evaluateSeconds: number;
}

/**
 * validation.json: V of the method, in points. It is valid input of `deno task weights`.
 */
export interface ValidationTable {
  /** The seed. */
  seed: number;
  /** Names of the tasks, in the order in which they are shown. */
  tasks: string[];
  /** How each task is scored. */
  metrics: MetricName[];
  /** V_j(base): the untuned base checkpoint. */
  base: number[];
  /** V_j(mini). */
  mini: number[];
  /** Row i: V_j(i+mini). */
  plus: number[][];
  /** Questions a task asked. */
  questions: number[];
}

/** weights.json. Holds no times, so that equal runs give equal bytes. */
export type WeightsFile = WeightsReport;

/** Scores that need no tuning, per task in points; null where the notion does not apply or is not known. */
export interface References {
  /** Names of the tasks, in the order in which they are shown. */
  tasks: string[];
  /**
   * Expected score of a blind guess. For exact-match and relaxed-match: one of the different training answers of
   * the question's template, if there are at most 100. Else: the true answer to another question of the test.
   */
  chance: (number | null)[];
  /** The same answer to every question, the best one by the training split: for exact-match the most frequent. */
  majority: number[];
  /** That answer itself, for the report. */
  majorityAnswer: string[];
  /** The same answer to all questions of a template; null if the dataset names no templates. */
  majorityPerTemplate: (number | null)[];
}

/** Mean and spread over seeds; with one seed `spread` is null. */
export interface Spread {
  /** Mean over seeds. */
  mean: number;
  /** Sample standard deviation over seeds. */
  spread: number | null;
}

/** A method's results with one seed. */
export interface MethodOfSeed {
  /** The seed. */
  seed: number;
  /** Points a task. */
  scores: number[];
  /** Points a task by other measures, by name. */
  others: Record<string, number>[];
  /** Per cent against `Results.base`; null for the base itself or where undefined (a base score of 0). */
  deltaI: number | null;
  /** ΔE in per cent. */
  deltaE: number | null;
  /** Training and test seconds, and training tokens, of the final tuning alone (probes apart). */
  seconds: number;
  /** Training tokens, passes counted. */
  tokens: number;
  /** The task weights it was tuned with; null for methods whose weights change, and for STL. */
  lambda: number[] | null;
}

/** A method's results over all seeds (means of the seeds). */
export interface MethodResult {
  /** Points a task. */
  scores: number[];
  /** Sample standard deviation over seeds per task; null with one seed. */
  scoresSpread: number[] | null;
  /** ΔI in per cent. */
  deltaI: number | null;
  /** Sample standard deviation of ΔI over seeds; null with one. */
  deltaISpread: number | null;
  /** ΔE in per cent. */
  deltaE: number | null;
  /** Sample standard deviation of ΔE over seeds; null with one. */
  deltaESpread: number | null;
  /** Wall-clock seconds. */
  seconds: number;
  /** Training tokens, passes counted. */
  tokens: number;
  /** The results of each seed. */
  seeds: MethodOfSeed[];
}

/** results.json. */
export interface Results {
  /** Names of the tasks, in the order in which they are shown. */
  tasks: string[];
  /** How each task is scored. */
  metrics: MetricName[];
  /** Every seed that is run. */
  seeds: number[];
  /** In the order they are shown. Neither the untuned base nor the blank-image run is among them. */
  methods: Record<string, MethodResult>;
  /** The method ΔI and ΔE are taken against: "stl" if it ran, else "ew", else null. */
  base: string | null;
  /** A sentence that says so. */
  baseNote: string;
  /** Scores that need no model. */
  references: References;
  /** Test scores of the untuned base checkpoint (zero-shot), points per task. */
  zeroShot: number[];
  /** Test scores of EW with every image blank, points per task, mean over seeds; null if EW did not run. */
  blank: number[] | null;
  /** λ of CoTBal per task over seeds; null if no probes ran. */
  lambda: Spread[] | null;
  /** Questions a task asked in a test. */
  questions: number[];
  /** Every part with its cost, in the order of the plan. */
  costs: PartCost[];
  /** Seconds and tokens of the probes (with their validation), of the final tunings, and of all, summed over seeds. */
  totals: { probes: Total; methods: Total; all: Total };
  /** What to know before trusting the results, one sentence each. */
  warnings: string[];
}

/** A sum of costs. */
export interface Total {
  /** Wall-clock seconds. */
  seconds: number;
  /** Training tokens, passes counted. */
  tokens: number;
}

/**
 * A question of the test split with every method's answer, for the report. Answers are those of the first seed.
 */
export interface Example {
  /** Name of the task. */
  task: string;
  /** How the task is scored. */
  metric: MetricName;
  /** Its place among the questions of the task's test, from 0: ids need not be unique. */
  index: number;
  /** The sample's id. */
  id: string;
  /** Index of the question in the conversation. */
  turn: number;
  /** Earlier questions and true answers of the conversation that the model saw, if any. */
  before: { question: string; answer: string }[];
  /** The question. */
  question: string;
  /** The true answer. */
  truth: string;
  /**
   * The images in order, as the model sees them: padded to a square (LLaVA's way), PNG in a data: URL, at most 256
   * pixels wide. Boxes `[x1, y1, x2, y2]` are in [0,1] of this square.
   */
  images: { url: string; size: number }[];
  /** By method name; "base" is the untuned checkpoint. Filled by `loadRun`; empty in examples.json. */
  answers: Record<string, { answer: string; score: number }>;
}

/** Loss curve of a part. */
export interface LossCurve {
  /** "probes/mini", "methods/cotbal", "methods/stl/vqa", ... without the seed's folder. */
  part: string;
  /** The seed. */
  seed: number;
  /** One line a step. */
  lines: MetricsLine[];
}

/** What the probes of one seed gave. */
export interface Balance {
  /** The seed. */
  seed: number;
  /** V of the probes. */
  validation: ValidationTable;
  /** What follows from it. */
  weights: WeightsFile;
}

/** profile.json: where the time of a training step goes; the kernels are the mean of some steps. */
export interface StepProfile extends KernelProfile {
  /** Version of this file's form. */
  format: 1;
  /** The part whose steps were timed. */
  part: string;
  /** The first of them, from 1. */
  from: number;
  /** How many. */
  steps: number;
  /** What computed. */
  adapter: AdapterDescription;
  /** What the adapter can do at most. */
  roofline: Roofline;
  /** Bytes of the arena, in which all intermediate tensors lie. */
  arenaBytes: number;
  /** Bytes of the textures that operands are copied into. */
  textureBytes: number;
  /** Bytes of all buffers and textures on the device. */
  liveBytes: number;
}

/** A finished run folder in memory: all that a report needs. */
export interface LoadedRun {
  /** Where it was read from. */
  folder: string;
  /** run.json. */
  run: RunInfo;
  /** results.json. */
  results: Results;
  /** One a seed, in the order of `results.seeds`; empty if no probes ran. */
  balances: Balance[];
  /** The loss of every part that was trained. */
  curves: LossCurve[];
  /** Questions with pictures and answers. */
  examples: Example[];
  /** Where the time of a step goes; null where the run was not profiled. */
  profile: StepProfile | null;
}
