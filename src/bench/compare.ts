/** How far two results are apart. @module */
import type { Results } from "./contestant.ts";

/**
 * The largest difference of two arrays, relative to the largest expected value; or the relative difference of their
 * l2 norms if that is larger.
 *
 * @param found What is checked.
 * @param expected What it should be.
 * @returns The difference: 0 if equal, infinite if the lengths differ, NaN if a value found is not finite.
 *
 * @example One value in three is off
 * ```ts
 * import { difference } from "./compare.ts";
 * if (difference([1, 2, 4.04], [1, 2, 4]) > 0.011) throw new Error("too large");
 * ```
 */
export function difference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let apart = 0, top = 0, foundSquare = 0, expectedSquare = 0;
  for (let i = 0; i < found.length; i++) {
    const x = found[i]!, y = expected[i]!;
    if (!Number.isFinite(x)) return NaN;
    apart = Math.max(apart, Math.abs(x - y));
    top = Math.max(top, Math.abs(y));
    foundSquare += x * x;
    expectedSquare += y * y;
  }
  if (apart === 0) return 0;
  const norms = Math.abs(Math.sqrt(foundSquare) - Math.sqrt(expectedSquare)) / Math.sqrt(expectedSquare);
  return Math.max(apart / top, norms);
}

/**
 * The worst {@linkcode difference} of a peer's results from ours.
 *
 * @param found Results of the peer; it need not have all of ours.
 * @param expected Ours.
 * @returns The difference, and the result in which it was found; infinite if the peer has a result that we have not.
 */
export function worstDifference(found: Results, expected: Results): { error: number; where: string } {
  let worst = { error: 0, where: "" };
  for (const [where, values] of Object.entries(found)) {
    const error = difference(values, expected[where] ?? []);
    if (Number.isNaN(error)) return { error, where };
    if (error > worst.error) worst = { error, where };
  }
  return worst;
}
