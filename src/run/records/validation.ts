/**
 * validation.json and weights.json: what the probes of one seed gave.
 *
 * @module
 */

import type { AloneTable } from "../../balance/cotbal/table.ts";
import type { WeightsReport } from "../../balance/cotbal/weights_from_scores.ts";
import type { MetricName } from "../../data/types.ts";

/** What the tables of all forms hold. */
interface TableBase {
  /** The seed. */
  seed: number;
  /** Names of the tasks, in the order in which they are shown. */
  tasks: string[];
  /** How each task is scored. */
  metrics: MetricName[];
  /** Questions a task asked. */
  questions: number[];
  /** V_j(base): the untuned base checkpoint. */
  base: number[];
}

/**
 * validation.json: V of the method, in points. It is valid input of `deno task weights`.
 */
export interface ValidationTable extends TableBase {
  /** V_j(mini). */
  mini: number[];
  /** Row i: V_j(i+mini). */
  plus: number[][];
  /** For the precise difficulty: V_i of the models tuned on a mini subset of i alone. */
  miniAlone?: number[];
  /** The same on the large subset of i alone. */
  largeAlone?: number[];
}

/** The validation.json of the chat form. It is valid input of `deno task weights`. */
export interface ChatTable extends TableBase, Pick<AloneTable, "alone" | "mini"> {}

/** weights.json. Holds no times, so that equal runs give equal bytes. */
export type WeightsFile = WeightsReport;

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
}
