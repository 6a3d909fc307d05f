/**
 * The trainings that a page shows beside each other, and how they are told apart.
 *
 * @module
 */

import { type Look, looks } from "../../report/kit/looks.ts";
import type { LossPoint } from "../../report/kit/loss_panel.ts";
import type { RunName } from "../messages.ts";

/** A training as far as it has come. */
export interface ShownRun {
  /** Which it is. */
  name: RunName;
  /** λ of each task, as it was asked for. */
  weights: readonly number[];
  /** Steps of the whole of it. */
  steps: number;
  /** Decides its order. */
  seed: number;
  /** Held-out losses so far. */
  points: LossPoint[];
}

/** Colours and names: of the model before any training, and of the two trainings. */
export const RUN_LOOKS: ReadonlyMap<string, Look> = new Map([
  ["base", { ...looks([]).get("base")!, name: "before training" }],
  ["equal", { name: "equal weights", color: "@ink", mark: "circle-open", dash: "solid" }],
  ["yours", { name: "your weights", color: "@blue", mark: "circle", dash: "solid" }],
]);

/** Whether all weights are the same. */
export function alike(weights: readonly number[]): boolean {
  return weights.every((weight) => weight === weights[0]);
}

/**
 * Weights as they count: only their ratios do, and by custom their mean is 1.
 *
 * @param weights 0 or more, not all 0.
 *
 * @example
 * ```ts
 * import { meanOne } from "./runs.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(meanOne([2, 0, 1]), [2, 0, 1]);
 * assertEquals(meanOne([3, 3]), [1, 1]);
 * ```
 */
export function meanOne(weights: readonly number[]): number[] {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}
