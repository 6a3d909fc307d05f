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
  /** Questions a task asked. */
  questions: number[];
}

/** weights.json. Holds no times, so that equal runs give equal bytes. */
export type WeightsFile = WeightsReport | NoiseWeights;

/** intervals.json: how sure the numbers of weights.json are. */
export type IntervalsFile = WeightIntervals;

/** What the probes of one seed gave. */
export interface Balance {
  /** The seed. */
  seed: number;
  /** V of the probes. */
  validation: ValidationTable;
  /** What follows from it. */
  weights: WeightsFile;
}

/** What a method with probes gave, beside the one that is shown in full. */
export interface FurtherBalance {
  /** Id of the method. */
  method: string;
  /** One a seed. */
  balances: Balance[];
  /** How sure its numbers are, all seeds together; null in older runs. */
  intervals: IntervalsFile | null;
}
