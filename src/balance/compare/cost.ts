/**
 * What CoTBal's probes cost beside the tuning that uses their weights.
 *
 * @module
 */

import { InputError } from "../../errors.ts";

/** What the cost of the probes follows from. */
export interface ProbeShares {
  /** Part of a task's training samples in its large subset, 0 to 1. */
  large: number;
  /** Part of a task's training samples in its mini subset, 0 to 1. */
  mini: number;
  /** Number of tasks. */
  tasks: number;
}

/**
 * The probes' training as a multiple of the final run's, as CoTBal's paper estimates it (arXiv 2403.04343).
 *
 * ```
 * cost = R_large + N·R_mini
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | R_large, R_mini | the sampling rates |
 * | N | number of tasks |
 *
 * In samples this is exact but for rounding: over the N probes plus-i every task is read once in full R_large and
 * N − 1 times R_mini, and once more by the mini probe. It leaves out what the probes' validation takes.
 *
 * @param shares Sampling rates and number of tasks.
 * @returns The multiple.
 * @throws {InputError} If a rate is not between 0 and 1, or the number of tasks is not 1 or more.
 *
 * @example Seven tasks, minis of an eighth, large subsets of a half
 * ```ts
 * import { probeCost } from "./cost.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(probeCost({ large: 1 / 2, mini: 1 / 8, tasks: 7 }), 1.375);
 * ```
 */
export function probeCost({ large, mini, tasks }: ProbeShares): number {
  for (const [name, share] of Object.entries({ large, mini })) {
    if (!(share >= 0 && share <= 1)) {
      throw new InputError(`probe cost: expected the ${name} share to be from 0 to 1, found ${share}`);
    }
  }
  if (!(Number.isInteger(tasks) && tasks >= 1)) {
    throw new InputError(`probe cost: expected a whole number of tasks from 1 on, found ${tasks}`);
  }
  return large + tasks * mini;
}
