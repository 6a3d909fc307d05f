/**
 * Mean and spread over seeds.
 *
 * @module
 */

import type { Spread } from "../../run/records/results.ts";

/**
 * Mean and sample standard deviation of the values that are defined.
 *
 * @param values One a seed; null where it is undefined.
 * @returns Both; null if no value is defined. One value has no spread.
 */
export function spreadOf(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((x) => x !== null);
  if (known.length === 0) return null;
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const middle = sum(known) / known.length;
  if (known.length === 1) return { mean: middle, spread: null };
  return { mean: middle, spread: Math.sqrt(sum(known.map((x) => (x - middle) ** 2)) / (known.length - 1)) };
}
