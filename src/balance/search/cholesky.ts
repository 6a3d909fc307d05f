/**
 * Symmetric systems of equations.
 *
 * @module
 */

/**
 * The lower triangle L with A = L·Lᵀ.
 *
 * @param matrix A: symmetric, without negative eigenvalues. A column whose pivot is 0 or less (rounding, or a direction
 * without variance) becomes 0, which is right for drawing from a covariance.
 * @returns L, row by row.
 *
 * @example
 * ```ts
 * import { cholesky } from "./cholesky.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(cholesky([[4, 2], [2, 5]]), [[2, 0], [1, 2]]);
 * ```
 */
export function cholesky(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const lower = matrix.map(() => new Array<number>(n).fill(0));
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      if (i === j) lower[i]![j] = sum > 1e-12 * matrix[j]![j]! ? Math.sqrt(sum) : 0;
      else lower[i]![j] = lower[j]![j]! === 0 ? 0 : sum / lower[j]![j]!;
    }
  }
  return lower;
}

/**
 * Solves L·x = b.
 *
 * @param lower L: lower triangle, no 0 on its diagonal.
 * @param right b.
 * @returns x.
 */
export function solveLower(lower: readonly (readonly number[])[], right: readonly number[]): number[] {
  const x: number[] = [];
  for (const [i, row] of lower.entries()) {
    let sum = right[i]!;
    for (let k = 0; k < i; k++) sum -= row[k]! * x[k]!;
    x.push(sum / row[i]!);
  }
  return x;
}
