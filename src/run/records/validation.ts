/**
 * validation.json and weights.json: what the probes of one seed gave.
 *
 * @module
 */

import type { WeightIntervals } from "../../balance/cotbal/noise/intervals.ts";
import type { NoiseWeights } from "../../balance/cotbal/noise/weights.ts";
import type { WeightsReport } from "../../balance/cotbal/weights_from_scores.ts";
import type { MetricName } from "../../data/types.ts";

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
  /** For the precise difficulty: V_i of the models tuned on a mini subset of i alone. */
  miniAlone?: number[];
  /** The same on the large subset of i alone. */
  largeAlone?: number[];
  /** Questions a task asked. */
  questions: number[];
}

/** The validation.json of the chat form. It is valid input of `deno task weights`. */
export interface ChatTable extends Omit<ValidationTable, "plus" | "miniAlone" | "largeAlone"> {
  /** Row i: V_j(i), of the model tuned on task i alone; `mini` is V_i of that on its mini subset. */
  alone: number[][];
}

/** weights.json. Holds no times, so that equal runs give equal bytes. */
export type WeightsFile = WeightsReport | NoiseWeights;

/** intervals.json: how sure the numbers of weights.json are. */
export type IntervalsFile = WeightIntervals;

/** What the probes of one seed gave. */
export interface Balance {
  /** The seed. */
  seed: number;
  /** V of the probes; of the chat form, `plus` are the models tuned on one task alone. */
  validation: ValidationTable;
  /** Said where it is the chat form. */
  form?: "chat";
  /** What follows from it. */
  weights: WeightsFile;
}

/** What the probes of one method gave. */
export interface MethodBalances {
  /** Id of the method. */
  method: string;
  /** One a seed. */
  balances: Balance[];
  /** How sure its numbers are, all seeds together; left out where it is not known. */
  intervals?: IntervalsFile;
}
