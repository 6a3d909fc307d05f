/**
 * Resizing, bit for bit as Pillow 13 does it on pictures of 8 bits a colour.
 *
 * The resizing of torchvision that transformers' default ("fast") processors use widens the filters alike, but rounds
 * elsewhere: see {@linkcode readProcessor} for how far that lies from this.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { filterWeights, FRACTION_BITS, type Weights } from "./filters.ts";
import type { Image } from "./image.ts";

/** Colours a resized picture may have at most; a thin line stretched to a wide square would have billions. */
const MAX_COLOURS = 2 ** 30;

/**
 * Resizes a picture.
 *
 * Rows and columns are resized one after the other, rounded to 8 bits in between. Rows come first, but for pictures
 * that lose more than twice as many rows as columns: so does Pillow 13. (Earlier versions began with the rows of all
 * but the very tallest; the roundings then fall differently, on noise by several of 255.)
 *
 * @param image The picture.
 * @param width Pixels a row of the result.
 * @param height Rows of the result.
 * @param filter Pillow's number: 0 nearest, 1 Lanczos, 2 bilinear, 3 bicubic, 4 box, 5 Hamming.
 * @returns The resized picture; the picture itself where it has the size.
 * @throws {InputError} If the result would have no pixels, or be too large to hold.
 */
export function resize(image: Image, width: number, height: number, filter: number): Image {
  if (image.width === width && image.height === height) return image;
  const columnsFirst = height < image.height && image.height - height > 2 * (image.width - width);
  const between = 3 * (columnsFirst ? image.width * height : width * image.height);
  const largest = Math.max(3 * width * height, filter === 0 ? 0 : between);
  if (width < 1 || height < 1 || largest > MAX_COLOURS) {
    throw new InputError(
      `expected a picture that is not too narrow to be resized, found ${image.width} x ${image.height} pixels, which ` +
        `would become ${width} x ${height}; crop it or remove the sample`,
    );
  }
  if (filter === 0) return nearest(image, width, height);
  return columnsFirst
    ? resizeRows(resizeColumns(image, height, filter), width, filter)
    : resizeColumns(resizeRows(image, width, filter), height, filter);
}

/** Each pixel from where its centre falls; positions are summed up step by step, as Pillow does. */
function nearest({ width: from, height: rows, data }: Image, width: number, height: number): Image {
  const places = (size: number, to: number) => {
    const step = size / to;
    let at = step * 0.5;
    return Int32Array.from({ length: to }, () => {
      const place = Math.trunc(at);
      at += step;
      return place;
    });
  };
  const xs = places(from, width), ys = places(rows, height);
  const out = new Uint8Array(3 * width * height);
  for (const [y, row] of ys.entries()) {
    if (row >= rows) continue;
    for (const [x, column] of xs.entries()) {
      if (column >= from) continue;
      const source = 3 * (row * from + column), to = 3 * (y * width + x);
      out[to] = data[source]!;
      out[to + 1] = data[source + 1]!;
      out[to + 2] = data[source + 2]!;
    }
  }
  return { width, height, data: out };
}

/** Resizes the rows alone. */
function resizeRows(image: Image, width: number, filter: number): Image {
  const { width: from, height, data } = image;
  if (from === width) return image;
  const weights = filterWeights(filter, from, width);
  const out = new Uint8ClampedArray(3 * width * height);
  for (let y = 0; y < height; y++) resizeRow(out, 3 * y * width, data, 3 * y * from, weights);
  return { width, height, data: new Uint8Array(out.buffer) };
}

/**
 * Resizes one row.
 *
 * @param out Where the result goes.
 * @param to Its first place there.
 * @param data Pixels, three numbers each.
 * @param start Where the row begins there.
 * @param weights Weights of {@linkcode filterWeights}.
 */
export function resizeRow(
  out: Uint8ClampedArray,
  to: number,
  data: Uint8Array,
  start: number,
  weights: Weights,
): void {
  for (let x = 0; x < weights.first.length; x++) {
    weighPixels(out, to + 3 * x, data, start + 3 * weights.first[x]!, 3, weights, x);
  }
}

/**
 * Resizes the columns alone.
 *
 * @param image The picture.
 * @param height Rows of the result.
 * @param filter Pillow's number, 1 to 5.
 * @returns The resized picture.
 */
export function resizeColumns(image: Image, height: number, filter: number): Image {
  const { width, height: from, data } = image;
  if (from === height) return image;
  const weights = filterWeights(filter, from, height);
  const out = new Uint8ClampedArray(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const start = 3 * (weights.first[y]! * width + x);
      weighPixels(out, 3 * (y * width + x), data, start, 3 * width, weights, y);
    }
  }
  return { width, height, data: new Uint8Array(out.buffer) };
}

/** One pixel of the result: the weighted sum of `count` pixels that stand `stride` numbers apart. */
function weighPixels(
  out: Uint8ClampedArray,
  to: number,
  data: Uint8Array,
  start: number,
  stride: number,
  { weights, count, taps }: Weights,
  index: number,
): void {
  // 32-bit integers, as in Pillow: weights of 22 bits leave room for the filters' negative parts.
  let r = 1 << (FRACTION_BITS - 1), g = r, b = r;
  const base = index * taps, end = base + count[index]!;
  for (let k = base, at = start; k < end; k++, at += stride) {
    const weight = weights[k]!;
    r = (r + data[at]! * weight) | 0;
    g = (g + data[at + 1]! * weight) | 0;
    b = (b + data[at + 2]! * weight) | 0;
  }
  out[to] = r >> FRACTION_BITS;
  out[to + 1] = g >> FRACTION_BITS;
  out[to + 2] = b >> FRACTION_BITS;
}
