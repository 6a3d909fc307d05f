/**
 * Whether seeds agree on the tasks: rank correlations between seeds.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { rankCorrelation } from "./statistics.ts";

/** How far lists agree in their ranks. */
export interface Agreement {
  /** Mean rank correlation over all pairs of lists that have one; `null` where none has. */
  mean: number | null;
  /** The lowest of them. */
  low: number | null;
  /** The highest of them. */
  high: number | null;
  /** How many pairs have one. */
  pairs: number;
}

/** A rank correlation of two tasks is 1 or −1, whatever the values: it says nothing. */
const LEAST_TASKS = 3;

/**
 * The rank correlation of every two seeds, and their mean: 1 where all seeds rank the tasks alike, near 0 where what a
 * seed finds is luck.
 *
 * ```
 * ρ = mean over s < s' of Spearman(x_s, x_s')
 * ```
 *
 * For every pair the tasks are left out that one of the two leaves undefined; pairs with fewer than three tasks left,
 * or without two different values, do not count. Seeds are independent, pairs are not: the mean has no simple interval.
 *
 * @param lists One list a seed, one value a task; `null` where it is undefined.
 * @returns Mean, lowest, highest, and the number of pairs.
 * @throws {InputError} If the lists differ in length.
 *
 * @example Two of three seeds agree
 * ```ts
 * import { rankAgreement } from "./agreement.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { mean, low, pairs } = rankAgreement([[1, 2, 3], [2, 4, 9], [3, 2, 1]]);
 * assertAlmostEquals(mean!, -1 / 3); // 1, −1 and −1
 * assertEquals([low, pairs], [-1, 3]);
 * ```
 */
export function rankAgreement(lists: readonly (readonly (number | null)[])[]): Agreement {
  const n = lists[0]?.length ?? 0;
  const other = lists.find((list) => list.length !== n);
  if (other !== undefined) {
    throw new InputError(`rank agreement: expected ${n} values a seed, found ${other.length}`);
  }
  const found: number[] = [];
  for (const [s, a] of lists.entries()) {
    for (const b of lists.slice(s + 1)) {
      const both = a.flatMap((x, i) => x === null || b[i] === null ? [] : [[x, b[i]!] as const]);
      if (both.length < LEAST_TASKS) continue;
      const rho = rankCorrelation(both.map(([x]) => x), both.map(([, y]) => y));
      if (rho !== null) found.push(rho);
    }
  }
  if (found.length === 0) return { mean: null, low: null, high: null, pairs: 0 };
  return {
    mean: found.reduce((sum, x) => sum + x, 0) / found.length,
    low: Math.min(...found),
    high: Math.max(...found),
    pairs: found.length,
  };
}
