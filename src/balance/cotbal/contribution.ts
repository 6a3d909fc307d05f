/**
 * What tuning on one task does for another: equations (3), (4) and (5).
 *
 * @module
 */

import { InputError } from "../../errors.ts";

/** The contributions of every task to every other, and why some are missing. */
export interface Contributions {
  /** Row i, column j: C[i→j]. `null` on the diagonal and where it is undefined. */
  matrix: (number | null)[][];
  /** Indices j of the tasks whose own gain is too small: their column is undefined. */
  undefinedInto: number[];
}

/**
 * Inter-task contribution.
 *
 * ```
 * C[i→j] = (V_j(i+mini) − V_j(mini)) / (V_j(j+mini) − V_j(mini)),   i ≠ j      (3)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | V_j(X) | validation score on task j of the model tuned on X; higher is better |
 * | mini | a small random subset of every task |
 * | i+mini | a large subset of task i, and the minis of all the others |
 * | V_j(j+mini) − V_j(mini) | the own gain of j: what more data of j does for j |
 *
 * So C[i→j] is the share of its own gain that j gets from i's data instead. It divides by the own gain, which
 * means nothing where that gain is zero, negative or lost in noise; the paper does not say what to do then. Here
 * such a column j is undefined: it is `null`, it is left out of the means, and its task is named in
 * `undefinedInto`. The same holds where a quotient of such a column is too large for a number. Nothing is clipped.
 *
 * The chat form of the paper (10) has no minis. It is the same function: give V(base), the scores of the untuned
 * model, as `before`, and the models tuned on one task each as `after`.
 *
 * @param before V_j(mini), one score a task.
 * @param after Row i: V_j(i+mini), one score a task.
 * @param leastGain Own gains at or below this leave C undefined: one number, or one a task, in the scores' own
 * units. Without it the gain must only be above rounding errors (1e-9 of the scores).
 * @returns The matrix, and the tasks whose column is undefined.
 * @throws {InputError} If the shapes do not fit, or a least gain is negative.
 *
 * @example Task 0 brings task 1 half of what task 1's own data brings
 * ```ts
 * import { contributions } from "./contribution.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { matrix } = contributions([20, 40], [[60, 45], [30, 50]]);
 * assertEquals(matrix, [[null, 0.5], [0.25, null]]);
 * ```
 */
export function contributions(
  before: readonly number[],
  after: readonly (readonly number[])[],
  leastGain: number | readonly number[] = 0,
): Contributions {
  const n = before.length;
  checkSquare(after, n);
  const least = typeof leastGain === "number" ? before.map(() => leastGain) : leastGain;
  if (least.length !== n) {
    throw new InputError(`expected one least gain, or one a task (${n}), found ${least.length}`);
  }
  const negative = least.find((x) => !(x >= 0));
  if (negative !== undefined) throw new InputError(`expected least gains of 0 or more, found ${negative}`);

  const share = (i: number, j: number) => (after[i]![j]! - before[j]!) / (after[j]![j]! - before[j]!);
  const undefinedInto = before.flatMap((v, j) => {
    const own = after[j]![j]!;
    const rounding = 1e-9 * Math.max(Math.abs(own), Math.abs(v));
    const enough = own - v > Math.max(least[j]!, rounding);
    return enough && before.every((_, i) => Number.isFinite(share(i, j))) ? [] : [j];
  });
  const matrix = after.map((row, i) =>
    row.map((_, j) => i === j || undefinedInto.includes(j) ? null : share(i, j))
  );
  return { matrix, undefinedInto };
}

/**
 * Outward contribution: how much a task helps the others.
 *
 * ```
 * C_out[i] = mean over j ≠ i of C[i→j]      (4)
 * ```
 *
 * The mean runs over the contributions that are defined.
 *
 * @param matrix Row i, column j: C[i→j]; `null` where undefined.
 * @returns One mean a task; `null` where the whole row is undefined.
 * @throws {InputError} If the matrix is not square.
 *
 * @example
 * ```ts
 * import { contributionOut } from "./contribution.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(contributionOut([[null, 0.5, null], [0.2, null, null], [0.4, 0.6, null]]), [0.5, 0.2, 0.5]);
 * ```
 */
export function contributionOut(matrix: readonly (readonly (number | null)[])[]): (number | null)[] {
  checkSquare(matrix, matrix.length);
  return matrix.map((row, i) => meanOfKnown(row.filter((_, j) => j !== i)));
}

/**
 * Inward contribution: how much a task is helped by the others.
 *
 * ```
 * C_in[i] = mean over j ≠ i of C[j→i]      (5)
 * ```
 *
 * The mean runs over the contributions that are defined. A task that others help needs less weight of its own,
 * so (5) weights the tasks by −C_in.
 *
 * @param matrix Row i, column j: C[i→j]; `null` where undefined.
 * @returns One mean a task; `null` where the whole column is undefined.
 * @throws {InputError} If the matrix is not square.
 *
 * @example
 * ```ts
 * import { contributionIn } from "./contribution.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(contributionIn([[null, 0.5, null], [0.25, null, null], [0.75, 1, null]]), [0.5, 0.75, null]);
 * ```
 */
export function contributionIn(matrix: readonly (readonly (number | null)[])[]): (number | null)[] {
  checkSquare(matrix, matrix.length);
  return matrix.map((_, i) => meanOfKnown(matrix.filter((_, j) => j !== i).map((row) => row[i]!)));
}

function meanOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((x) => x !== null);
  if (known.length === 0) return null;
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  // Where the sum is too large for a number, its pieces are not.
  return Number.isFinite(mean) ? mean : known.reduce((a, b) => a + b / known.length, 0);
}

function checkSquare(matrix: readonly (readonly unknown[])[], n: number) {
  if (matrix.length !== n) throw new InputError(`expected ${n} rows, one a task, found ${matrix.length}`);
  const row = matrix.findIndex((row) => row.length !== n);
  if (row >= 0) {
    throw new InputError(`row ${row + 1}: expected ${n} scores, one a task, found ${matrix[row]!.length}`);
  }
}
