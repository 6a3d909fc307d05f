/**
 * Weights to begin with: equal ones, those that CoTBal measured, one task alone.
 *
 * @module
 */

import measured from "../../data/results/scenes-seeds-1-2-3/weights.json" with { type: "json" };
import type { Preset } from "./page/train_section.ts";

/**
 * The presets for some tasks; CoTBal's where they were measured on these very tasks.
 *
 * @param tasks Names of the tasks.
 * @returns Equal weights first.
 *
 * @example Tasks that nobody measured
 * ```ts
 * import { presetsFor } from "./presets.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(presetsFor(["cats", "dogs"]), [
 *   { name: "equal weights", weights: [1, 1] },
 *   { name: "cats alone", weights: [1, 0] },
 *   { name: "dogs alone", weights: [0, 1] },
 * ]);
 * ```
 */
export function presetsFor(tasks: readonly string[]): Preset[] {
  const known = measured.tasks.join("\n") === tasks.join("\n");
  return [
    { name: "equal weights", weights: tasks.map(() => 1) },
    ...known
      ? [{ name: "CoTBal’s, as measured on this benchmark", weights: measured.lambda.map(rounded) }]
      : [],
    ...tasks.map((task, t) => ({ name: `${task} alone`, weights: tasks.map((_, i) => i === t ? 1 : 0) })),
  ];
}

/** As sliders can be set. */
function rounded(weight: number): number {
  return Math.round(20 * weight) / 20;
}
