/** LayerNorm and RMSNorm in float64. @module */

/** y = (x − mean)/√(variance + eps)·weight + bias; without a bias RMSNorm: mean 0. x [rows, width]. */
export function norm(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number> | undefined,
  eps: number,
) {
  const width = weight.length, rows = x.length / width;
  const y = new Float64Array(x.length), hat = new Float64Array(x.length), rstd = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let mean = 0, square = 0;
    for (let i = 0; bias && i < width; i++) mean += x[row * width + i]! / width;
    for (let i = 0; i < width; i++) square += (x[row * width + i]! - mean) ** 2 / width;
    rstd[row] = 1 / Math.sqrt(square + eps);
    for (let i = 0; i < width; i++) {
      const at = row * width + i;
      hat[at] = (x[at]! - mean) * rstd[row]!;
      y[at] = hat[at]! * weight[i]! + (bias?.[i] ?? 0);
    }
  }
  const backward = (dy: Float64Array) => {
    const dx = new Float64Array(x.length), dWeight = new Float64Array(width), dBias = new Float64Array(width);
    for (let row = 0; row < rows; row++) {
      let g = 0, gHat = 0;
      for (let i = 0; i < width; i++) {
        const at = row * width + i;
        dWeight[i]! += dy[at]! * hat[at]!;
        dBias[i]! += dy[at]!;
        if (bias) g += dy[at]! * weight[i]! / width;
        gHat += dy[at]! * weight[i]! * hat[at]! / width;
      }
      for (let i = 0; i < width; i++) {
        const at = row * width + i;
        dx[at] = rstd[row]! * (dy[at]! * weight[i]! - g - hat[at]! * gHat);
      }
    }
    return { x: dx, weight: dWeight, bias: dBias };
  };
  return { y, backward };
}
