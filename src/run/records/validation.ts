/**
 * validation.json and weights.json: what the probes of one seed gave.
 *
 * @module
 */

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
export type WeightsFile = WeightsReport;

/** What the probes of one seed gave. */
export interface Balance {
  /** The seed. */
  seed: number;
  /** V of the probes. */
  validation: ValidationTable;
  /** What follows from it. */
  weights: WeightsFile;
}
