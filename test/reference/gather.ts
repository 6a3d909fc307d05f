/** Picking rows, in float64. @module */

/** y[i] = x[index[i]], 0 where index[i] is negative. */
export function gatherRows(x: ArrayLike<number>, index: ArrayLike<number>, width: number) {
  const y = new Float64Array(index.length * width);
  const each = (body: (y: number, x: number) => void) => {
    for (let i = 0; i < y.length; i++) {
      const row = index[Math.floor(i / width)]!;
      if (row >= 0) body(i, row * width + i % width);
    }
  };
  each((to, from) => y[to] = x[from]!);
  const backward = (dy: Float64Array) => {
    const dx = new Float64Array(x.length);
    each((to, from) => dx[from]! += dy[to]!);
    return { x: dx };
  };
  return { y, backward };
}
