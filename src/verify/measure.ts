/** How far a result is from a stored one. @module */

/** A quantity that was compared. */
export interface Quantity {
  /** Its name: "logits", "gradients", … */
  name: string;
  /** How far the worst of it is off, in `unit`; not a number where the result was none. */
  error: number;
  /** What `error` counts: "relative" is the norm of the difference over the norm of what was stored. */
  unit: "relative" | "tokens" | "of 255";
  /** The greatest error that passes. */
  tolerance: number;
  /** Where the worst is: a parameter, a row and its token, a file. Empty where nothing differs. */
  where: string;
  /** Whether it passes. */
  ok: boolean;
  /** How many things were compared one by one: parameters, steps, rows, files. */
  count: number;
  /** The median of their errors, where each has its own. */
  median?: number;
}

/** Where two lists differ most; −1 where they are equal. */
export function widest(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let at = -1, most = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(found[i]! - expected[i]!);
    if (Number.isNaN(difference)) return i;
    if (difference > most) [at, most] = [i, difference];
  }
  return at;
}

/**
 * A quantity from the errors of its parts.
 *
 * @param name Its name.
 * @param parts The error of each and where it is.
 * @param tolerance The greatest error that passes.
 * @param unit What errors count.
 */
export function quantity(
  name: string,
  parts: readonly { error: number; where: string }[],
  tolerance: number,
  unit: Quantity["unit"] = "relative",
): Quantity {
  // What is not a number is worse than any.
  const worse = (a: number, b: number) => Number.isNaN(a) ? !Number.isNaN(b) : a > b;
  const sorted = parts.toSorted((a, b) => worse(a.error, b.error) ? 1 : worse(b.error, a.error) ? -1 : 0);
  const { error, where } = sorted.at(-1) ?? { error: 0, where: "" };
  return {
    name,
    error,
    unit,
    tolerance,
    where: error === 0 ? "" : where,
    ok: error <= tolerance,
    count: parts.length,
    ...(parts.length > 1 && { median: sorted[sorted.length >> 1]!.error }),
  };
}
