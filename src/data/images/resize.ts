/**
 * Bicubic resizing, bit for bit as Pillow does it.
 *
 * @module
 */

import type { Image } from "./image.ts";

/** The weights with which one line of pixels becomes another. */
export interface Filter {
  /** First pixel each result reads. */
  first: Int32Array;
  /** How many pixels each result reads. */
  count: Int32Array;
  /** Weights, `taps` places a result: integers of 22 fractional bits. */
  weights: Int32Array;
  /** Places of a result. */
  taps: number;
}

/** One, as a weight. */
const FRACTION = 2 ** 22;

/** The cubic of R. Keys (1981) with a = -0.5, zero beyond 2. */
function cubic(x: number): number {
  const d = Math.abs(x);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  if (d < 2) return ((-0.5 * d + 2.5) * d - 4) * d + 2;
  return 0;
}

/** Pillow's bicubic filter: shrinking, the cubic is widened by the scale, so that every pixel counts (antialias). */
export function bicubicFilter(from: number, to: number): Filter {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const support = 2 * stretch;
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(to), count = new Int32Array(to), weights = new Int32Array(to * taps);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - support + 0.5));
    const high = Math.min(from, Math.trunc(centre + support + 0.5));
    const raw = Array.from({ length: high - low }, (_, k) => cubic((k + low - centre + 0.5) / stretch));
    const sum = raw.reduce((a, b) => a + b, 0);
    first[i] = low;
    count[i] = high - low;
    for (const [k, weight] of raw.entries()) {
      const fixed = weight / sum * FRACTION;
      weights[i * taps + k] = Math.trunc(fixed + (fixed < 0 ? -0.5 : 0.5));
    }
  }
  return { first, count, weights, taps };
}

/**
 * Resizes the rows, then the columns, rounding to 8 bits after each, as Pillow does. (Pillow 13 begins with the
 * columns of some tall images; there its roundings fall differently.)
 */
export function resize(image: Image, width: number, height: number): Image {
  return resizeColumns(resizeRows(image, width), height);
}

/** Resizes the rows alone. */
function resizeRows(image: Image, width: number): Image {
  const { width: from, height, data } = image;
  if (from === width) return image;
  const filter = bicubicFilter(from, width);
  const out = new Uint8ClampedArray(3 * width * height);
  for (let y = 0; y < height; y++) filterRow(out, 3 * y * width, data, 3 * y * from, filter);
  return { width, height, data: new Uint8Array(out.buffer) };
}

/** One row of the result, from a row of pixels that begins at `start`. */
export function filterRow(
  out: Uint8ClampedArray,
  to: number,
  data: Uint8Array,
  start: number,
  filter: Filter,
): void {
  for (let x = 0; x < filter.first.length; x++) {
    filterPixel(out, to + 3 * x, data, start + 3 * filter.first[x]!, 3, filter, x);
  }
}

/** Resizes the columns alone. */
export function resizeColumns(image: Image, height: number): Image {
  const { width, height: from, data } = image;
  if (from === height) return image;
  const filter = bicubicFilter(from, height);
  const out = new Uint8ClampedArray(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const start = 3 * (filter.first[y]! * width + x);
      filterPixel(out, 3 * (y * width + x), data, start, 3 * width, filter, y);
    }
  }
  return { width, height, data: new Uint8Array(out.buffer) };
}

/** One pixel of the result: the weighted sum of `count` pixels that stand `stride` numbers apart. */
function filterPixel(
  out: Uint8ClampedArray,
  to: number,
  data: Uint8Array,
  start: number,
  stride: number,
  filter: Filter,
  index: number,
): void {
  // Numbers, not 32-bit integers: a colour times a 22-bit weight stays below 2^53.
  let r = FRACTION / 2, g = FRACTION / 2, b = FRACTION / 2;
  const base = index * filter.taps;
  const count = filter.count[index]!;
  for (let k = 0, at = start; k < count; k++, at += stride) {
    const weight = filter.weights[base + k]!;
    r += data[at]! * weight;
    g += data[at + 1]! * weight;
    b += data[at + 2]! * weight;
  }
  out[to] = Math.floor(r / FRACTION);
  out[to + 1] = Math.floor(g / FRACTION);
  out[to + 2] = Math.floor(b / FRACTION);
}
