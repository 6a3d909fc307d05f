/**
 * Pictures cut to a size or padded to a square.
 *
 * @module
 */

import { filterWeights } from "./filters.ts";
import type { Image } from "./image.ts";
import { resize, resizeColumns, resizeRow } from "./resize.ts";

/** A colour, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/**
 * The middle of a picture; where the picture is smaller, what is missing is black, one more pixel at the top and left
 * than at the bottom and right, as in transformers.
 *
 * @param image The picture.
 * @param width Pixels a row of the result.
 * @param height Rows of the result.
 * @returns The middle.
 */
export function centreCrop(image: Image, width: number, height: number): Image {
  if (image.width === width && image.height === height) return image;
  const left = Math.floor((image.width - width) / 2), top = Math.floor((image.height - height) / 2);
  return window(image, left, top, width, height);
}

/**
 * A part of a picture.
 *
 * @param image The picture.
 * @param left Its first column; may lie outside.
 * @param top Its first row; may lie outside.
 * @param width Pixels a row of the part.
 * @param height Rows of the part.
 * @returns The part; black where it lies outside of the picture.
 */
export function window(image: Image, left: number, top: number, width: number, height: number): Image {
  const out = new Uint8Array(3 * width * height);
  const from = Math.max(0, left), until = Math.min(image.width, left + width);
  for (let y = Math.max(0, top); y < Math.min(image.height, top + height) && from < until; y++) {
    const row = image.data.subarray(3 * (y * image.width + from), 3 * (y * image.width + until));
    out.set(row, 3 * ((y - top) * width + from - left));
  }
  return { width, height, data: out };
}

/**
 * A picture in the middle of a square of one colour, resized.
 *
 * @param image The picture.
 * @param colour The colour of the bars.
 * @param size Side of the result; left out, that of the picture's longer side.
 * @param filter Pillow's number of the filter.
 * @returns The square.
 */
export function padToSquare(image: Image, colour: Colour, size: number | undefined, filter: number): Image {
  const { width, height, data } = image;
  const side = Math.max(width, height);
  const to = size ?? side;
  const top = Math.floor((side - height) / 2), left = Math.floor((side - width) / 2);
  const row = flat(colour, side);
  const filtered = filter !== 0 && to !== side;
  // The square of a large photograph is never built: its rows are resized one by one; rows of one colour keep it.
  const out = new Uint8ClampedArray(flat(colour, (filtered ? to : side) * side).buffer);
  const weights = filtered ? filterWeights(filter, side, to) : undefined;
  for (let y = 0; y < height; y++) {
    row.set(data.subarray(3 * y * width, 3 * (y + 1) * width), 3 * left);
    if (weights === undefined) out.set(row, 3 * side * (y + top));
    else resizeRow(out, 3 * to * (y + top), row, 0, weights);
  }
  const padded = { width: filtered ? to : side, height: side, data: new Uint8Array(out.buffer) };
  return filtered ? resizeColumns(padded, to, filter) : resize(padded, to, to, filter);
}

/** `count` pixels of one colour. */
function flat(colour: Colour, count: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(3 * count);
  out.set(colour);
  for (let done = 3; done < out.length; done *= 2) out.copyWithin(done, 0, Math.min(done, out.length - done));
  return out;
}
