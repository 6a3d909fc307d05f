/**
 * Three weights a task to one: equation (8).
 *
 * @module
 */

import { InputError } from "../../errors.ts";

/** How much each of the three weights counts: the α of equation (8). They sum to 1. */
export interface Alpha {
  /** Share of λ_out (4). The paper uses 0.25. */
  out: number;
  /** Share of λ_in (5). The paper uses 0.25. */
  in: number;
  /** Share of λ_D (7). The paper uses 0.5. */
  difficulty: number;
}

/** The three weights of every task, each list with sum N. */
export interface ThreeWeights {
  /** λ_out (4). */
  out: readonly number[];
  /** λ_in (5). */
  in: readonly number[];
  /** λ_D (7). */
  difficulty: readonly number[];
}

/**
 * The weight of every task.
 *
 * ```
 * λ = α_out·λ_out + α_in·λ_in + α_D·λ_D,   Σα = 1,  so  Σλ = N      (8)
 * ```
 *
 * @param weights λ_out, λ_in and λ_D, one weight a task each.
 * @param alpha The shares.
 * @returns One weight a task.
 * @throws {InputError} If a share is negative, the shares do not sum to 1, or the lists differ in length.
 *
 * @example
 * ```ts
 * import { mixWeights } from "./mix_weights.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const weights = { out: [0.8, 1.2], in: [1.2, 0.8], difficulty: [0.5, 1.5] };
 * assertEquals(mixWeights(weights, { out: 0.25, in: 0.25, difficulty: 0.5 }), [0.75, 1.25]);
 * ```
 */
export function mixWeights(weights: ThreeWeights, alpha: Alpha): number[] {
  checkAlpha(alpha);
  const n = weights.out.length;
  if (weights.in.length !== n || weights.difficulty.length !== n) {
    throw new InputError(
      `expected three lists of weights of one length, ` +
        `found ${n} (out), ${weights.in.length} (in), ${weights.difficulty.length} (difficulty)`,
    );
  }
  return weights.out.map((out, i) =>
    alpha.out * out + alpha.in * weights.in[i]! + alpha.difficulty * weights.difficulty[i]!
  );
}

/**
 * Checks that shares are usable.
 *
 * @param alpha The shares.
 * @throws {InputError} If a share is negative or not a number, or the shares do not sum to 1 (within 1e-6).
 *
 * @example
 * ```ts
 * import { checkAlpha } from "./mix_weights.ts";
 * import { assertThrows } from "@std/assert";
 *
 * checkAlpha({ out: 1 / 3, in: 1 / 3, difficulty: 1 / 3 });
 * assertThrows(() => checkAlpha({ out: 1, in: 1, difficulty: 1 }), Error, "sum to 1");
 * ```
 */
export function checkAlpha(alpha: Alpha): void {
  const shares = [alpha.out, alpha.in, alpha.difficulty];
  const found = shares.join(", ");
  if (shares.some((x) => !(x >= 0))) {
    throw new InputError(`alpha: expected three shares of 0 or more (out, in, difficulty), found ${found}`);
  }
  if (Math.abs(shares.reduce((a, b) => a + b, 0) - 1) > 1e-6) {
    throw new InputError(`alpha: expected three shares (out, in, difficulty) that sum to 1, found ${found}`);
  }
}
