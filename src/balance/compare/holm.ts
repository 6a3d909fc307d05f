/**
 * Holm's correction: p-values of several tests that are looked at together.
 *
 * @module
 */

import { InputError } from "../../errors.ts";

/**
 * Corrects p-values for their number by Holm's step-down method.
 *
 * ```
 * p_(1) ≤ … ≤ p_(m);  p̃_(k) = max over j ≤ k of min(1, (m − j + 1)·p_(j))
 * ```
 *
 * Who claims what has p̃ < α makes a wrong claim with a probability of at most α, whichever of the m claims are true
 * and however they hang together. Source: S. Holm, "A simple sequentially rejective multiple test procedure",
 * Scandinavian Journal of Statistics 6 (1979).
 *
 * @param values p-values; `null` where a test could not be made, which then does not count.
 * @returns The corrected ones, in the same order.
 * @throws {InputError} If a value is not between 0 and 1.
 *
 * @example Three tests
 * ```ts
 * import { holm } from "./holm.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(holm([0.25, 0.125, 0.5]), [0.5, 0.375, 0.5]);
 * ```
 */
export function holm(values: readonly (number | null)[]): (number | null)[] {
  const wrong = values.find((p) => p !== null && !(p >= 0 && p <= 1));
  if (wrong !== undefined) throw new InputError(`holm: expected p-values from 0 to 1, found ${wrong}`);
  const order = values.flatMap((p, i) => p === null ? [] : [{ p, i }]).sort((a, b) => a.p - b.p);
  const corrected: (number | null)[] = values.map(() => null);
  let highest = 0;
  for (const [k, { p, i }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, (order.length - k) * p));
    corrected[i] = highest;
  }
  return corrected;
}
