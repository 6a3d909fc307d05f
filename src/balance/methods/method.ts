/**
 * What a weighting method is: words, a formula, what it needs of a run's plan, and how it makes weights.
 *
 * @module
 */

import type { Balancer } from "../balancer.ts";
import type { WeightIntervals } from "../cotbal/noise/intervals.ts";
import type { Points } from "../cotbal/noise/points.ts";
import type { TrialTable } from "../search/trial.ts";
import type { MethodSettings } from "./method_settings.ts";
import type { PlanBuilder } from "./plan_builder.ts";

/**
 * A weighting method: all that plan, command line, report and README know of it.
 *
 * The shortest method is words and a `balancer`: one model is then tuned on all tasks with it. A method that must
 * measure first plans that in `measure` and turns the scores into weights in `weigh`; one whose result is another
 * than a single model plans its models in `models`.
 *
 * @example A method whose weights never change
 * ```ts
 * import { constantWeights } from "../constant.ts";
 * import type { WeightingMethod } from "./method.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const smallFirst: WeightingMethod = {
 *   id: "small-first",
 *   name: "small first",
 *   text: "A task weighs the more, the fewer samples it has.",
 *   formula: "λ_i = mean(n) / n_i",
 *   symbols: "n_i: training samples of task i",
 *   source: "an example",
 *   needs: "nothing",
 *   constant: true,
 *   look: { color: "sky", mark: "circle-open", dash: "dot" },
 *   balancer: ({ samples }) => {
 *     const mean = samples.reduce((a, b) => a + b, 0) / samples.length;
 *     return constantWeights("small-first", samples.map((n) => mean / n));
 *   },
 * };
 * const sizes = { tasks: 2, seed: 1, samples: [10, 30], answerTokens: [50, 50] };
 * assertEquals(smallFirst.balancer(sizes).weights(1), [2, 20 / 30]);
 * ```
 */
export interface WeightingMethod {
  /** Its id, on the command line and as its folder in a run: lower-case letters, digits, "-". */
  readonly id: string;
  /** Its name, where people read it. */
  readonly name: string;
  /** What it does, in one sentence. */
  readonly text: string;
  /**
   * Its weights (or its loss) as plain text: `_` before a lower index, `^` before an upper one. The report renders it,
   * see `src/report/kit/formula.ts`.
   */
  readonly formula: string;
  /** The formula's symbols in words, where the sentence leaves them open. */
  readonly symbols?: string;
  /** Who described it, where. */
  readonly source: string;
  /** What a run does for it beside one tuning on all tasks; see {@linkcode MethodNeeds}. */
  readonly needs: MethodNeeds;
  /** Whether its weights are known before the tuning and never change. */
  readonly constant: boolean;
  /** The validation losses its balancer wants while it tunes; see {@linkcode ValidationNeeds}. */
  readonly validation?: ValidationNeeds;
  /**
   * Steps at the beginning of a tuning in which its weights are all 1, whatever the losses; 0 without it. They are more
   * where a task is absent from many steps.
   */
  readonly equalSteps?: number;
  /** True where what it measured says how often tasks are drawn, and no token weighs more than another. */
  readonly samples?: true;
  /** How the report draws it: no two methods alike. */
  readonly look: MethodLook;
  /**
   * For a method that the others may be compared with: what the results say where they are. The first in the registry
   * that ran is taken.
   */
  readonly asBase?: string;
  /** Makes its balancer for one tuning. */
  balancer(context: BalancerContext): Balancer;
  /**
   * Plans what is measured before any method tunes; for methods that need something.
   *
   * @returns The file of the weights that follow, as {@linkcode PlanBuilder.weigh} gave it.
   */
  measure?(plan: PlanBuilder): string;
  /**
   * Turns scores into weights: the arithmetic of what `measure` asked to be weighed.
   *
   * @param tables One table a seed: `tasks`, and the scores by the names that `measure` gave them. A list of one file
   * is one number a task (`null` where the model was not scored on it); a list of files is one such row a file.
   * @param settings What the user set about methods.
   * @param points The points of single questions, one entry a seed, by the same names.
   * @returns The content of the weights' file: at least the fields of {@linkcode TaskWeights}.
   */
  weigh?(tables: readonly object[], settings: MethodSettings, points?: readonly Points[]): TaskWeights;
  /**
   * How sure the weights are; for methods whose `measure` names a file of intervals. Arguments as those of `weigh`.
   *
   * @returns The content of that file.
   */
  intervals?(tables: readonly object[], settings: MethodSettings, points: readonly Points[]): WeightIntervals;
  /**
   * Chooses the weights to be tried next, for a method that looks for them step by step; see
   * {@linkcode PlanBuilder.propose}. May depend on what it is given alone.
   *
   * @param table What was tried so far, λ = 1 first.
   * @param settings What the user set about methods.
   * @returns The weights.
   */
  propose?(table: TrialTable, settings: MethodSettings): TaskWeights;
  /**
   * Plans the models that are its result; without it, one model is tuned on all tasks.
   *
   * @param weights The file that `measure` gave.
   */
  models?(plan: PlanBuilder, weights: string | undefined): void;
}

/**
 * What a run does for a method beside one tuning on all tasks.
 *
 * | value | meaning |
 * |---|---|
 * | nothing | nothing: the weights are made while it tunes, or are given |
 * | probes | CoTBal's probes are tuned and validated first; its tables and weights are CoTBal's, and are shown as such |
 * | own models | models of its own, before its tuning or in its place |
 * | validation | validation losses, again and again while it tunes; see {@linkcode ValidationNeeds} |
 */
export type MethodNeeds = "nothing" | "probes" | "own models" | "validation";

/** Validation losses while a method tunes: its balancer is told of them as `validationLoss` of an observation. */
export interface ValidationNeeds {
  /** Steps from one to the next; the first is that of the base, before step 1. */
  readonly every: number;
  /** Validation questions a task: the loss is that of the answers of their conversations, always the same ones. */
  readonly questions: number;
}

/** What a balancer may be made from. */
export interface BalancerContext {
  /** Number of tasks. */
  tasks: number;
  /** The seed of the tuning. */
  seed: number;
  /** Conversations that are tuned on, one number a task. */
  samples: readonly number[];
  /** Their answer tokens, one number a task. */
  answerTokens: readonly number[];
  /** The weights that the plan named: read from a file, or given; see {@linkcode Weighting}. */
  weights?: readonly number[];
}

/** Weights that were computed from scores: what every weights.json holds. */
export interface TaskWeights {
  /** Names of the tasks. */
  tasks: string[];
  /** λ, one a task. */
  lambda: number[];
  /** What to know before trusting the weights, one sentence each. */
  warnings: string[];
}

/** How a method is drawn: the same in every chart. */
export interface MethodLook {
  /** A colour of the report's style sheet; Okabe and Ito's. */
  color: "blue" | "green" | "vermillion" | "purple" | "orange" | "sky" | "ink" | "grey";
  /** A mark, by Plotly's name. */
  mark:
    | "circle"
    | "diamond"
    | "square"
    | "triangle-up"
    | "triangle-down"
    | "cross"
    | "circle-open"
    | "square-open"
    | "diamond-open"
    | "triangle-up-open";
  /** A line, by Plotly's name. */
  dash: "solid" | "dash" | "dot" | "dashdot";
}
