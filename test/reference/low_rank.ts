/** A low-rank addition to a matrix in float64, by way of the whole matrix. @module */
import { product } from "./matrix.ts";

/** A part: scale·B·A added to the rows from `first` on; b [rows, rank], a [rank, inputs]. */
export interface Part {
  a: ArrayLike<number>;
  b: ArrayLike<number>;
  rank: number;
  first: number;
  rows: number;
  scale: number;
}

/** W + Σ scale·B·A, [outputs, inputs]. */
export function withLowRank(weight: ArrayLike<number>, inputs: number, parts: readonly Part[]): Float64Array {
  const sum = Float64Array.from(weight);
  for (const { a, b, rank, first, rows, scale } of parts) {
    product("NN", b, a, rows, inputs, rank).forEach((value, i) => sum[first * inputs + i]! += scale * value);
  }
  return sum;
}

/** The gradients of a part's A and B, from that of the whole matrix. */
export function lowRankGradients(
  weight: Float64Array,
  inputs: number,
  { a, b, rank, first, rows, scale }: Part,
) {
  const own = weight.subarray(first * inputs, (first + rows) * inputs).map((x) => scale * x);
  return {
    a: product("TN", b, own, rank, inputs, rows),
    b: product("NT", own, a, rows, rank, inputs),
  };
}
