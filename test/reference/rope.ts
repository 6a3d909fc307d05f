/** Rotary position embedding in float64. @module */

/** Turns the pair (i, i + D/2) of the first `rotated` heads by position·theta^(−2i/D). x [rows, heads·D]. */
export function rope(
  x: ArrayLike<number>,
  positions: ArrayLike<number>,
  heads: number,
  rotated: number,
  theta: number,
) {
  const width = x.length / positions.length, size = width / heads, half = size / 2;
  const turn = (from: ArrayLike<number>, sign: number) => {
    const y = Float64Array.from(from);
    for (let row = 0; row < positions.length; row++) {
      for (let head = 0; head < rotated; head++) {
        for (let i = 0; i < half; i++) {
          const angle = sign * positions[row]! * theta ** (-2 * i / size);
          const at = row * width + head * size + i;
          const [a, b] = [from[at]!, from[at + half]!];
          y[at] = a * Math.cos(angle) - b * Math.sin(angle);
          y[at + half] = b * Math.cos(angle) + a * Math.sin(angle);
        }
      }
    }
    return y;
  };
  return { y: turn(x, 1), backward: (dy: Float64Array) => ({ x: turn(dy, -1) }) };
}
