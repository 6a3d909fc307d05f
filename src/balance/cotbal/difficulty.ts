/**
 * How far a small subset is from enough: equation (6).
 *
 * @module
 */

import { InputError } from "../../errors.ts";

/**
 * Intra-task difficulty.
 *
 * ```
 * D[i] = 1 − V_i(mini) / V_i(i+mini)      (6)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | V_i(mini) | validation score on task i after the small subsets only; higher is better |
 * | V_i(i+mini) | the same after a large subset of i and the minis of the others |
 *
 * D is 0 for a task that a small subset teaches in full, 1 for a task on which the small subset teaches nothing,
 * and below 0 where more data hurt. Mind the sign: the ratio itself is the *ease* of the task.
 *
 * Two forms of the paper are the same function with other arguments: the chat form (11) and the "precise
 * difficulty" (12) take models tuned on task i alone, on its mini and on its large subset.
 *
 * With a floor, beside the paper's formula, scores count from the floor up: D[i] = 1 − (V_i(mini) − f_i) /
 * (V_i(i+mini) − f_i). A score that a model reaches without looking (blank image, majority answer) then no longer
 * makes a task look easy. A V_i(mini) below its floor counts as the floor: the difficulty is then 1.
 *
 * @param mini V_i(mini), one score a task.
 * @param plus V_i(i+mini), one score a task.
 * @param floor f_i, one score a task; 0 without it.
 * @returns One difficulty a task; `null` where V_i(i+mini) is not above 0 (or its floor), so that the ratio means
 * nothing, or where it is too large for a number.
 * @throws {InputError} If the numbers of scores differ.
 *
 * @example
 * ```ts
 * import { difficulties } from "./difficulty.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(difficulties([30, 0, 0], [40, 50, 0]), [0.25, 1, null]);
 * assertEquals(difficulties([30], [40], [20]), [0.5]);
 * ```
 */
export function difficulties(
  mini: readonly number[],
  plus: readonly number[],
  floor?: readonly number[],
): (number | null)[] {
  for (const [name, scores] of [["V(i+mini)", plus], ["floor", floor]] as const) {
    if (scores !== undefined && scores.length !== mini.length) {
      throw new InputError(`${name}: expected ${mini.length} scores, one a task, found ${scores.length}`);
    }
  }
  return mini.map((v, i) => {
    const f = floor?.[i];
    const top = f === undefined ? v : Math.max(0, v - f);
    const bottom = plus[i]! - (f ?? 0);
    const difficulty = 1 - top / bottom;
    return bottom > 0 && Number.isFinite(difficulty) ? difficulty : null;
  });
}
