/** How far values are apart. @module */

/** The Euclidean norm. */
export function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}

/**
 * Norm of the difference over a scale.
 *
 * @param found What was computed.
 * @param expected What is stored.
 * @param scale The norm of what is stored, unless given.
 * @throws {Error} If there are more or fewer values than expected.
 */
export function distance(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  scale: number = norm(expected),
): number {
  if (found.length !== expected.length) {
    throw new Error(`${found.length} values, expected ${expected.length}`);
  }
  let sum = 0;
  for (let i = 0; i < expected.length; i++) sum += (found[i]! - expected[i]!) ** 2;
  return sum === 0 ? 0 : Math.sqrt(sum) / scale;
}
