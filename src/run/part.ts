/**
 * The parts of a run's plan: what each does, what it needs and which file says that it is finished.
 *
 * @module
 */

import type {
  Sampling,
  ScoreFiles,
  Share,
  TriedWeights,
  Weighting,
} from "../balance/methods/plan_builder.ts";
import type { Split } from "../data/types.ts";

/** What all parts have. */
export interface PartBase {
  /** Its folder in the run, which is its name too. */
  id: string;
  /** The seed it belongs to. */
  seed: number;
  /** The file, relative to the run, that appears when the part is finished. */
  file: string;
  /** Files of other parts that it reads. */
  needs: string[];
}

/** Tune a copy of the base checkpoint, or of another part's model, then score it. */
export interface TunePart extends PartBase {
  /** Tells the kinds of parts apart. */
  kind: "tune";
  /** Task -> share; a task that is not named is left out. */
  data: Record<string, Share>;
  /** The method that weights its answer tokens, and the weights it is given (a file relative to the run). */
  weighting: Weighting;
  /** How often each task is drawn; by the run's mixing weights without it. */
  sampling?: Sampling;
  /** The split whose questions are asked. */
  split: Split;
  /** The tasks it is scored on. */
  tasks: string[];
  /** Whether the tuned model is kept, in `<id>/checkpoint`. */
  keep: boolean;
  /** It makes as many passes more as these probes of the run read; `true`: as CoTBal's full probes would. */
  withProbes?: true | PlannedProbe[];
  /** Decides subsets and order; the part's seed without it. */
  drawSeed?: number;
  /** The part whose kept model it starts from; the base checkpoint without it. */
  from?: string;
  /** Passes over its samples, times those of the run; 1 without it. */
  passes?: number;
  /** Whether it ends once its loss on validation questions no longer falls, and has the parameters of the lowest. */
  early?: true;
}

/** What tells how much a probe reads; where it may end early, its result tells how much of that it did. */
export type PlannedProbe = Pick<TunePart, "id" | "file" | "seed" | "data" | "passes" | "early">;

/** Score a model that is there already. */
export interface EvaluatePart extends PartBase {
  /** Tells the kinds of parts apart. */
  kind: "evaluate";
  /** Folder of the model relative to the run; null = the base checkpoint. */
  checkpoint: string | null;
  /** The split whose questions are asked. */
  split: Split;
  /** The tasks it is scored on. */
  tasks: string[];
  /** Every image is replaced by a blank one. */
  blank: boolean;
  /** Its tasks are those that are never tuned on. */
  zeroShot?: true;
}

/** Scores -> a table of them (validation.json), weights (weights.json, the part's file) and their intervals. */
export interface BalancePart extends PartBase {
  /** Tells the kinds of parts apart. */
  kind: "balance";
  /** Id of the method that makes weights of the table. */
  method: string;
  /** The table's file, relative to the run. */
  table: string;
  /** The file of the weights' intervals, relative to the run; none without it. */
  intervals?: string;
  /** The scores it holds, by name: the file of a model's result, one such file a row, or one a task. */
  scores: Record<string, ScoreFiles>;
  /** Weights that were tried, if its method asks for them; see `TrialTable`. */
  tried?: readonly TriedWeights[];
}

/** Merge models and score the merged one. */
export interface MergePart extends PartBase {
  /** Tells the kinds of parts apart. */
  kind: "merge";
  /** Folders of the models relative to the run, one a task. */
  models: string[];
  /** λ, one a task, or its file relative to the run; the shares of the merge are λ / N. */
  weights: string | readonly number[];
  /** The split whose questions are asked. */
  split: Split;
  /** The tasks it is scored on. */
  tasks: string[];
}

/** Choose the weights to be tried next from the scores of those tried; the part's file holds them. */
export interface ProposePart extends PartBase {
  /** Tells the kinds of parts apart. */
  kind: "propose";
  /** Id of the method that chooses. */
  method: string;
  /** What was tried before, λ = 1 first. */
  tried: readonly TriedWeights[];
}

/** Join the results of models of single tasks. */
export interface JoinPart extends PartBase {
  /** Tells the kinds of parts apart. */
  kind: "join";
}

/** One part of a run. */
export type Part = TunePart | EvaluatePart | MergePart | ProposePart | BalancePart | JoinPart;

/** A part that asks a model questions. */
export type ScoringPart = TunePart | EvaluatePart | MergePart;

/**
 * Whether a part asks a model questions.
 *
 * @param part The part.
 * @returns True if it does.
 */
export function isScoring(part: Part): part is ScoringPart {
  return part.kind === "tune" || part.kind === "evaluate" || part.kind === "merge";
}

/**
 * The files that a tuning's weights come from: those of its loss, and those that it draws tasks by.
 *
 * @param tuning The part, or what it is made of.
 * @returns Files relative to the run, each once.
 */
export function weightFiles(
  { weighting, sampling }: {
    weighting: { weights?: Weighting["weights"] | undefined };
    sampling?: Sampling | undefined;
  },
): string[] {
  const named = [weighting.weights, typeof sampling === "object" ? sampling.lambda : undefined];
  return [...new Set(named.filter((weights) => typeof weights === "string"))];
}
