/** Matrix products in float64; matrices are row-major. @module */

/** op(A)·op(B), [m, n]: NT A [m,k] B [n,k], NN A [m,k] B [k,n], TN A [k,m] B [k,n]. */
export function product(
  layout: "NT" | "NN" | "TN",
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  m: number,
  n: number,
  k: number,
): Float64Array {
  const y = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) {
        sum += (layout === "TN" ? a[l * m + i]! : a[i * k + l]!) *
          (layout === "NT" ? b[j * k + l]! : b[l * n + j]!);
      }
      y[i * n + j] = sum;
    }
  }
  return y;
}

/** Sums over the rows of a matrix. */
export function columnSums(x: ArrayLike<number>, width: number): Float64Array {
  const y = new Float64Array(width);
  for (let i = 0; i < x.length; i++) y[i % width]! += x[i]!;
  return y;
}

/** a + b, element by element. */
export function plus(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: a.length }, (_, i) => a[i]! + b[i]!);
}
