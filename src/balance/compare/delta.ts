/**
 * How much better one method is than another: equation (9).
 *
 * @module
 */

import { InputError } from "../../errors.ts";

/** What a method gains and loses against another, in per cent. */
export interface Delta {
  /** I_i of every task, in per cent; `null` where it is undefined. */
  improvement: (number | null)[];
  /** ΔI%: the mean improvement. `null` where no task defines one. */
  deltaI: number | null;
  /** ΔE%: the mean loss, of tasks that lose; 0 or more. `null` where no task defines one. */
  deltaE: number | null;
  /** One sentence for every score that had to be left out. */
  warnings: string[];
}

/** Whether a metric is better when higher, one a task, or a list of one a metric. */
export type Directions = readonly (boolean | readonly boolean[])[];

/**
 * Mean relative improvement and deterioration of a method against a base method.
 *
 * ```
 * I_i = mean over the task's metrics of ±(M_method − M_base) / M_base
 * ΔI% = 100 · mean_i I_i
 * ΔE% = 100 · mean_i max(0, −I_i)      (9)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | M | a metric of task i; the sign is − where lower is better |
 * | I_i | relative improvement of task i |
 * | base | STL (each task tuned alone) in the paper; EW for tasks never tuned on (ΔI_zero%) |
 *
 * A base score that is not above 0 leaves its improvement undefined: it is left out of the means and named in
 * `warnings`.
 *
 * @param method Scores a task: one number, or a list with one a metric.
 * @param base The base method's scores, of the same shape.
 * @param higherIsBetter Directions in the same shape; a single boolean holds for all metrics of its task. All
 * higher without it.
 * @param tasks Task names, for the warnings.
 * @returns The improvements and their means, in per cent.
 * @throws {InputError} If the shapes differ or a score is not finite.
 *
 * @example Two tasks up by 10%, one down by 5%
 * ```ts
 * import { compareScores } from "./delta.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { deltaI, deltaE } = compareScores([55, 22, 38], [50, 20, 40]);
 * assertAlmostEquals(deltaI!, 5);
 * assertAlmostEquals(deltaE!, 5 / 3);
 * ```
 *
 * @example A task with two metrics, one of them an error
 * ```ts
 * import { compareScores } from "./delta.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { deltaI } = compareScores([[60, 1.5]], [[50, 2]], [[true, false]]);
 * assertAlmostEquals(deltaI!, 22.5); // the mean of 20% and 25%
 * ```
 */
export function compareScores(
  method: readonly (number | readonly number[])[],
  base: readonly (number | readonly number[])[],
  higherIsBetter?: Directions,
  tasks?: readonly string[],
): Delta {
  const n = method.length;
  for (
    const [what, list] of [["base scores", base], ["directions", higherIsBetter], [
      "task names",
      tasks,
    ]] as const
  ) {
    if (list !== undefined && list.length !== n) {
      throw new InputError(`expected ${n} ${what}, one a task, found ${list.length}`);
    }
  }
  const warnings: string[] = [];
  const improvement = method.map((scores, i) => {
    const name = tasks?.[i] ?? `task ${i + 1}`;
    const own = listOf(scores);
    const reference = listOf(base[i]!);
    const up = higherIsBetter?.[i] ?? true;
    const directions = typeof up === "boolean" ? own.map(() => up) : up;
    if (reference.length !== own.length || directions.length !== own.length) {
      throw new InputError(
        `${name}: expected as many base scores and directions as scores (${own.length}), ` +
          `found ${reference.length} and ${directions.length}`,
      );
    }
    const changes = own.flatMap((m, k) => {
      const b = reference[k]!;
      if (!Number.isFinite(m) || !Number.isFinite(b)) {
        throw new InputError(`${name}: expected finite scores, found ${m} against ${b}`);
      }
      if (b > 0) return [(directions[k] ? 1 : -1) * (m - b) / b];
      warnings.push(
        `${name}: the base score is ${b}, so a relative improvement is undefined; it is left out.`,
      );
      return [];
    });
    return changes.length === 0 ? null : 100 * mean(changes);
  });
  const known = improvement.filter((x) => x !== null);
  if (known.length === 0) return { improvement, deltaI: null, deltaE: null, warnings };
  return { improvement, deltaI: mean(known), deltaE: mean(known.map((x) => Math.max(0, -x))), warnings };
}

function listOf(scores: number | readonly number[]): readonly number[] {
  return typeof scores === "number" ? [scores] : scores;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
