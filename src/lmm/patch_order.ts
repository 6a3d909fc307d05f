/** In which order patches of a tile are read, and which position each has. @module */

/**
 * Idefics3's position of each patch of a whole square tile, in reading order: a patch at the fraction i/side of a side
 * has the position that the fractions 1/side, 2/side, … put it into. In float32 as PyTorch computes it, whose rounding
 * shifts some positions by one for sides such as 19, 25 or 29.
 *
 * @param side Patches of a side.
 * @returns side² positions.
 */
export function positionIds(side: number): Int32Array {
  const f = Math.fround;
  const step = 1 / side;
  const boundaries = fractions(side);
  const most = f(1 - 1e-6);
  const bucket = Array.from({ length: side }, (_, i) => {
    const fraction = Math.min(f(f(i) * f(step)), most);
    return boundaries.filter((boundary) => boundary <= fraction).length;
  });
  return Int32Array.from(
    { length: side * side },
    (_, i) => bucket[Math.floor(i / side)]! * side + bucket[i % side]!,
  );
}

/**
 * torch.arange(1/side, 1, 1/side) in float32, as PyTorch computes it on a CPU: vectors of eight, two at a time, each
 * counted from a start that is rounded to float32 first; what is left over is counted in float64.
 */
function fractions(side: number): number[] {
  const step = 1 / side, count = Math.ceil((1 - step) / step);
  const whole = Math.floor(count / 16) * 16;
  return Array.from({ length: count }, (_, i) => {
    if (i >= whole) return Math.fround(step + step * i);
    return Math.fround(Math.fround(step + step * (i - i % 8)) + (i % 8) * step);
  });
}

/**
 * Pixel shuffle as a choice of rows: place (tile, r, c, dh, dw) of the result is patch (scale·r + dh, scale·c + dw).
 *
 * @param tiles How many tiles.
 * @param side Patches of a side; a multiple of `scale`.
 * @param scale Patches of a side that become one row.
 * @returns For each place, in order, its row of [tiles·side²].
 */
export function shuffledRows(tiles: number, side: number, scale: number): Int32Array {
  const rows = new Int32Array(tiles * side * side);
  const across = side / scale;
  let place = 0;
  for (let tile = 0; tile < tiles; tile++) {
    for (let r = 0; r < across; r++) {
      for (let c = 0; c < across; c++) {
        for (let d = 0; d < scale * scale; d++) {
          const y = scale * r + Math.floor(d / scale), x = scale * c + d % scale;
          rows[place++] = (tile * side + y) * side + x;
        }
      }
    }
  }
  return rows;
}
