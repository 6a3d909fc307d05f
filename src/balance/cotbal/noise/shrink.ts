/**
 * Values towards their mean, each by its own noise.
 *
 * @module
 */

/** Values that were shrunk. */
export interface Shrunk {
  /** The values; `null` where they were. */
  values: (number | null)[];
  /** w: how much of each value is its own, 0 to 1; `null` where there is none. */
  own: (number | null)[];
  /** μ: the mean that they are drawn to; `null` where nothing is known. */
  mean: number | null;
  /** τ²: the variance of the true values about μ, as estimated. */
  spread: number;
}

/**
 * Shrinks values towards their weighted mean: empirical Bayes with unequal variances.
 *
 * ```
 * x_i ~ N(θ_i, s_i²),   θ_i ~ N(μ, τ²)
 * θ̂_i = μ + w_i·(x_i − μ),     w_i = 1 − (k − 3)/(k − 1) · s_i² / (s_i² + τ²)
 * μ = Σ x_i/(s_i² + τ²) / Σ 1/(s_i² + τ²),     τ² ≥ 0 with Σ (x_i − μ)²/(s_i² + τ²) = k − 1
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | x_i, s_i² | a value and the variance of its error |
 * | θ_i | the true value |
 * | μ, τ² | mean and variance of the true values; τ² = 0 where the x_i differ no more than their errors explain |
 * | k | number of values that are known |
 *
 * w_i and the factor (k − 3)/(k − 1), which pays for the two numbers that are estimated, are those of C. Morris,
 * "Parametric empirical Bayes inference", JASA 78 (1983), 47-55; it makes the rule the estimator of Efron and Morris (JASA
 * 70, 1975, 311-319) where all s_i are equal. Three values or fewer are left as they are. τ² by moments: R. Paule and J.
 * Mandel, J. Res. NBS 87 (1982), 377-385.
 *
 * A variance of 0 (all answers alike) counts as a billionth of the values' squared range, so that the sums exist.
 *
 * @param values x_i, `null` where undefined: such values have no say, and stay `null`.
 * @param variances s_i², 0 or more; looked at where the value is known.
 * @returns The shrunk values.
 *
 * @example The noisy value moves, the sure ones hardly do
 * ```ts
 * import { shrink } from "./shrink.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { values } = shrink([0, 1, 2, 3, 9], [0.01, 0.01, 0.01, 0.01, 100]);
 * assertEquals(values.map((x) => x!.toFixed(2)), ["0.01", "1.00", "2.00", "2.99", "5.32"]);
 * ```
 */
export function shrink(values: readonly (number | null)[], variances: readonly number[]): Shrunk {
  const at = values.flatMap((x, i) => x === null ? [] : [i]);
  const k = at.length;
  if (k === 0) return { values: [...values], own: values.map(() => null), mean: null, spread: 0 };
  const x = at.map((i) => values[i]!);
  const range = Math.max(...x) - Math.min(...x);
  if (range === 0) return { values: [...values], own: ofKnown(() => 1), mean: x[0]!, spread: 0 };
  const s = at.map((i) => Math.max(variances[i]!, 1e-9 * range ** 2));
  const mean = (t: number) => {
    let top = 0, bottom = 0;
    for (let i = 0; i < k; i++) {
      top += x[i]! / (s[i]! + t);
      bottom += 1 / (s[i]! + t);
    }
    return top / bottom;
  };
  const excess = (t: number) => {
    const m = mean(t);
    return x.reduce((sum, v, i) => sum + (v - m) ** 2 / (s[i]! + t), 0) - (k - 1);
  };
  // At the plain variance of the x_i the excess is 0 or less, and it falls with t.
  const plain = x.reduce((a, b) => a + b, 0) / k;
  let low = 0;
  let high = x.reduce((sum, v) => sum + (v - plain) ** 2, 0) / Math.max(1, k - 1);
  if (excess(0) <= 0) high = 0;
  for (let i = 0; i < 60 && high > 0; i++) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  const spread = high;
  const mu = mean(spread);
  const paid = Math.max(0, (k - 3) / (k - 1));
  const own = ofKnown((n) => 1 - paid * s[n]! / (s[n]! + spread));
  return {
    values: values.map((v, i) => v === null ? null : mu + own[i]! * (v - mu)),
    own,
    mean: mu,
    spread,
  };

  function ofKnown(of: (place: number) => number): (number | null)[] {
    return values.map((v, i) => v === null ? null : of(at.indexOf(i)));
  }
}
