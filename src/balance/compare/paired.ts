/**
 * Methods compared with one of them, seed by seed: paired differences, their intervals, corrected for their number.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { holm } from "./holm.ts";
import { type MeanInterval, meanInterval } from "./statistics.ts";
import { studentWithin } from "./student.ts";

/** A mean paired difference, and how sure it is. */
export interface PairedDifference extends MeanInterval {
  /** P(a mean difference as far from 0 or farther), were there none: two-sided t-test; `null` for one seed. */
  p: number | null;
}

/**
 * The mean difference of two methods over the seeds that both ran with, its t-interval and its p-value.
 *
 * ```
 * d_s = a_s − b_s,  t = mean(d) / (deviation(d) / √n),  p = P(|t'| ≥ |t|) with n − 1 degrees of freedom
 * ```
 *
 * Student's paired t-test ("The probable error of a mean", Biometrika 6, 1908). It takes the differences for normal,
 * which means over hundreds of questions nearly are. Where all differences are equal and not 0, p is 0.
 *
 * @param a One score a seed.
 * @param b The other method's scores, of the same seeds in the same order.
 * @param level Level of the interval; 0.95 if left out.
 * @returns The difference a − b.
 * @throws {InputError} If the lists differ in length, are empty or hold a value that is not finite.
 *
 * @example Three seeds
 * ```ts
 * import { pairedDifference } from "./paired.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { mean, p } = pairedDifference([51, 53, 55], [50, 51, 52]);
 * assertAlmostEquals(mean, 2);
 * assertAlmostEquals(p!, 0.0742, 1e-4); // t = 2√3
 * ```
 */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  level = 0.95,
): PairedDifference {
  if (a.length !== b.length) {
    throw new InputError(
      `paired differences: expected as many scores of both methods, found ${a.length} and ${b.length}; ` +
        "give those of the seeds that both ran with",
    );
  }
  const found = meanInterval(a.map((x, i) => x - b[i]!), level);
  const { mean, deviation, n } = found;
  if (deviation === null) return { ...found, p: null };
  if (deviation === 0) return { ...found, p: mean === 0 ? 1 : 0 };
  return { ...found, p: 1 - studentWithin(n - 1, Math.abs(mean) / (deviation / Math.sqrt(n))) };
}

/** One of several differences that are looked at together. */
export interface CorrectedDifference extends PairedDifference {
  /** Ends of the simultaneous interval: all of the family hold their true differences with the level at once. */
  wide: { low: number; high: number } | null;
  /** p after Holm's correction; `null` for one seed. */
  corrected: number | null;
}

/**
 * Differences that are looked at together, corrected for their number m.
 *
 * ```
 * wide interval: Student's at the level 1 − (1 − level) / m           (Bonferroni)
 * corrected p:   Holm's step-down, see holm()
 * ```
 *
 * Both keep the chance of one wrong claim or more among the m below 1 − level, whatever hangs together. Holm's is the
 * sharper test, and has no interval of its own: now and then it finds a difference whose wide interval just holds 0.
 *
 * @param pairs Scores of two methods each, one a seed.
 * @param level The level; 0.95 if left out.
 * @returns One difference a pair, in their order.
 * @throws {InputError} As {@linkcode pairedDifference}.
 *
 * @example The same difference counts for less where two are looked at
 * ```ts
 * import { correctedDifferences } from "./paired.ts";
 * import { assert } from "@std/assert";
 *
 * const [first, second] = correctedDifferences([[[3, 5, 4], [1, 2, 1]], [[1, 2, 1], [1, 1, 2]]]);
 * assert(first!.p! < 0.05 && first!.corrected === 2 * first!.p!);
 * assert(second!.wide!.high > second!.high!);
 * ```
 */
export function correctedDifferences(
  pairs: readonly (readonly [a: readonly number[], b: readonly number[]])[],
  level = 0.95,
): CorrectedDifference[] {
  const found = pairs.map(([a, b]) => pairedDifference(a, b, level));
  const m = found.filter(({ p }) => p !== null).length;
  const corrected = holm(found.map(({ p }) => p));
  return found.map((one, i) => {
    if (one.p === null) return { ...one, wide: null, corrected: null };
    const [a, b] = pairs[i]!;
    const { low, high } = pairedDifference(a, b, 1 - (1 - level) / m);
    return { ...one, wide: { low: low!, high: high! }, corrected: corrected[i]! };
  });
}
