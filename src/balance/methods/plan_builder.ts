/**
 * What a weighting method may ask of a run's plan: models to tune, to score, to join, and weights to compute.
 *
 * The plan answers with parts, which are data; what a method gets back are names of files, to be handed on. `src/run`
 * holds the builder itself, this file only says what it can do, so that methods stay free of files and devices.
 *
 * @module
 */

import type { MethodSettings } from "./method_settings.ts";

/** Which share of a task's training samples a model is tuned on; `rest`: the large subset without its mini. */
export type Share = "all" | "large" | "mini" | "rest";

/** How the answer tokens of a model's tuning are weighted. */
export interface Weighting {
  /** Id of the method whose balancer gives the weights. */
  method: string;
  /** What the balancer gets as weights: a file that {@linkcode PlanBuilder.weigh} gave, or the weights themselves. */
  weights?: string | readonly number[];
}

/**
 * How often conversations of each task are drawn, where a model is tuned on all of several tasks: `size`, in proportion
 * to their numbers whatever the run's mixing weights are; or in proportion to the shares that they would have times λ,
 * given or as a file of weights. Without either the run's mixing weights hold.
 */
export type Sampling = "size" | { lambda: string | readonly number[] };

/** A model to be tuned from the base checkpoint or another model, and then scored. */
export interface ModelRequest {
  /**
   * Its folder within the seed's: `probes/…` for what is measured before the tunings, `methods/<id>` for a method's
   * result, `methods/<id>/…` for a piece of it. Two methods that ask for one folder share the model.
   */
  folder: string;
  /** Task -> share; a task that is not named is left out. */
  data: Readonly<Record<string, Share>>;
  /** Whose questions it is asked: `val` for what is measured, `test` for a result. */
  split: "val" | "test";
  /** The tasks it is scored on; all without it. */
  tasks?: readonly string[];
  /** Equal weights without it. */
  weighting?: Weighting;
  /** How often each task is drawn; by the run's mixing weights without it. */
  sampling?: Sampling;
  /** Whether the tuned model is kept. */
  keep?: boolean;
  /** Folder of the model it starts from, which must be tuned and kept; the base checkpoint without it. */
  from?: string;
  /** Passes over its samples, times those of the run; 1 without it. */
  passes?: number;
  /** Whether it ends once its loss on validation questions no longer falls. */
  early?: true;
  /**
   * Whether it is tuned for as much longer as CoTBal's probes take: `probeCost` more passes by full probes of single
   * tasks; by cheaper ones, groups or fixed weights what the run's own N + 1 probes read, where it has them. Probes that
   * may end early are then tuned before it.
   */
  withProbes?: true;
  /** Decides its subsets and their order in place of the run's seed: for models that are tuned several times over. */
  drawSeed?: number;
}

/** A kept model to be scored once more. */
export interface ScoreRequest {
  /** The model: the folder it was tuned in, and kept. */
  model: string;
  /** Name of the part, and where its scores go. */
  folder: string;
  /** Whose questions it is asked. */
  split: "val" | "test";
  /** The tasks it is scored on; all without it. */
  tasks?: readonly string[];
}

/** Models that were tuned and kept, to be merged by weights and scored. */
export interface MergeRequest {
  /** The folders they were tuned in, one a task. */
  models: readonly string[];
  /** Name of the part, and where its scores go. */
  folder: string;
  /** λ, one a task, or the file that holds it; the shares of the merge are λ / N. */
  weights: string | readonly number[];
  /** Whose questions it is asked. */
  split: "val" | "test";
}

/** Weights that were tried. */
export interface TriedWeights {
  /** λ, one a task, or the file that holds it. */
  weights: string | readonly number[];
  /** The file of the scores that came of it. */
  scores: string;
}

/** Weights to be tried next, chosen by the `propose` of a method. */
export interface ProposeRequest {
  /** Id of the method. */
  method: string;
  /** The folder that weights.json is written to. */
  folder: string;
  /** What was tried before, λ = 1 first. */
  tried: readonly TriedWeights[];
}

/**
 * Scores of a table, from files that the builder gave: one number a task from one file; one such row a file; or one
 * number a task, each from its own file (task -> file).
 */
export type ScoreFiles = string | readonly string[] | Readonly<Record<string, string>>;

/**
 * Whether scores are one row a file.
 *
 * @param scores More files than one.
 * @returns Whether they are a list.
 */
export function isList(scores: Exclude<ScoreFiles, string>): scores is readonly string[] {
  return Array.isArray(scores);
}

/** Weights to be computed from scores, by the `weigh` of a method. */
export interface WeighRequest {
  /** Id of the method. */
  method: string;
  /** Name of the part. */
  folder: string;
  /** The scores it reads, by the names that its table gives them. */
  scores: Readonly<Record<string, ScoreFiles>>;
  /** Weights that were tried, λ = 1 first; the table is then a `TrialTable` as well. */
  tried?: readonly TriedWeights[];
  /** Name of the table's file. */
  table: string;
  /** Name of the weights' file. */
  weights: string;
  /** Name of the file of their intervals, by the method's `intervals`; none without it. */
  intervals?: string;
}

/** Collects the parts that methods ask for, with one seed. A part asked for twice is planned once. */
export interface PlanBuilder {
  /** Names of the tasks. */
  readonly tasks: readonly string[];
  /** The seed. */
  readonly seed: number;
  /** What the user set about methods. */
  readonly settings: MethodSettings;
  /** A task's name as the name of a folder. */
  folderOf(task: string): string;
  /** Tunes a model and scores it; gives the file of its scores. */
  tune(model: ModelRequest): string;
  /** Scores the untuned base; gives the file of its scores. */
  scoreBase(split: "val" | "test"): string;
  /** Scores a model that was tuned and kept with every image blank; gives the file of its scores. */
  scoreBlank(folder: string): string;
  /** Scores a model that was tuned and kept once more; gives the file of its scores. */
  score(request: ScoreRequest): string;
  /** Merges models that were tuned and kept, and scores the merged one; gives the file of its scores. */
  merge(request: MergeRequest): string;
  /** Chooses the weights to be tried next from the scores of those tried; gives the file of the weights. */
  propose(request: ProposeRequest): string;
  /** Joins the scores of models of single tasks to those of a method; gives the file of the joined scores. */
  join(folder: string, scores: readonly string[]): string;
  /** Computes weights from scores; gives the file of the weights. */
  weigh(request: WeighRequest): string;
}

/**
 * Shares of every task.
 *
 * @param tasks Names of the tasks.
 * @param share The share of all tasks, or a function of the task.
 * @returns Task -> share.
 *
 * @example
 * ```ts
 * import { shareOfEvery } from "./plan_builder.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shareOfEvery(["vqa", "chart"], "all"), { vqa: "all", chart: "all" });
 * ```
 */
export function shareOfEvery(
  tasks: readonly string[],
  share: Share | ((task: string) => Share),
): Record<string, Share> {
  return Object.fromEntries(tasks.map((task) => [task, typeof share === "string" ? share : share(task)]));
}

/**
 * Plans what most methods are: one model, tuned on all samples of all tasks by the method's balancer, tested and kept
 * in `methods/<id>`.
 *
 * @param plan The plan.
 * @param method Id of the method.
 * @param weights What its balancer gets as weights, if it wants any.
 * @returns The file of the model's scores.
 */
export function tuneOnAll(plan: PlanBuilder, method: string, weights?: string | readonly number[]): string {
  return plan.tune({
    folder: `methods/${method}`,
    data: shareOfEvery(plan.tasks, "all"),
    split: "test",
    weighting: { method, ...(weights !== undefined && { weights }) },
    keep: true,
  });
}

/** Keeps the draws of one seed apart from those of others: no run has as many seeds. */
const APART = 2 ** 20;

/**
 * What decides subsets and orders of a model that is tuned several times over.
 *
 * @param plan The plan.
 * @param draw Which of the times, from 1.
 * @returns The `drawSeed` of its request; the plan's own seed for the first.
 */
export function seedOfDraw({ seed }: Pick<PlanBuilder, "seed">, draw: number): number {
  return seed + APART * (draw - 1);
}
