/**
 * The orientation that cameras write into pictures (EXIF 2.3, tag 274).
 *
 * @module
 */

import type { Rgba } from "./codecs/codec.ts";
import { tiffHead } from "./codecs/tiff_head.ts";

const ORIENTATION = 274;

/**
 * How a picture is to be turned, by its own tag.
 *
 * @param bytes A JPEG, PNG, WebP or TIFF file, or its beginning.
 * @returns 1 to 8 as EXIF counts; 1, as it is, where nothing is said.
 */
export function orientation(bytes: Uint8Array): number {
  const exif = exifOf(bytes);
  const value = exif === undefined ? undefined : tiffHead(exif)?.number(ORIENTATION);
  return value !== undefined && value >= 1 && value <= 8 ? value : 1;
}

/** Whether an orientation exchanges width and height. */
export function swapsSides(orientation: number): boolean {
  return orientation >= 5;
}

/**
 * Turns and mirrors a picture.
 *
 * @param picture The picture as stored.
 * @param orientation 1 to 8 as EXIF counts.
 * @returns The picture as it is to be seen.
 */
export function turned(picture: Rgba, orientation: number): Rgba {
  if (orientation === 1) return picture;
  const { width, height, data } = picture;
  const swap = swapsSides(orientation);
  const [across, down] = swap ? [height, width] : [width, height];
  // Where the stored first row and first column lie: 2 right top, 3 right bottom, 4 left bottom, 5 to 8 the same exchanged.
  const fromRight = [2, 3, 7, 8].includes(orientation), fromBottom = [3, 4, 6, 7].includes(orientation);
  const out = new Uint8Array(4 * width * height);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const [column, row] = swap ? [y, x] : [x, y];
      const from = 4 *
        ((fromBottom ? height - 1 - row : row) * width + (fromRight ? width - 1 - column : column));
      const to = 4 * (y * across + x);
      for (let c = 0; c < 4; c++) out[to + c] = data[from + c]!;
    }
  }
  return { width: across, height: down, data: out };
}

/**
 * Undoes {@linkcode turned}.
 *
 * @param picture The picture as it is to be seen.
 * @param orientation 1 to 8 as EXIF counts.
 * @returns The picture as stored.
 */
export function turnedBack(picture: Rgba, orientation: number): Rgba {
  // The two quarter turns undo each other, all else itself.
  return turned(picture, orientation === 6 ? 8 : orientation === 8 ? 6 : orientation);
}

const named = (bytes: Uint8Array, at: number, text: string) =>
  [...text].every((c, i) => bytes[at + i] === c.charCodeAt(0));

/** The directory that holds the tag. */
function exifOf(bytes: Uint8Array): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (named(bytes, 0, "II*\0") || named(bytes, 0, "MM\0*")) return bytes;
  if (named(bytes, 0, "\xff\xd8")) {
    for (let at = 2; at + 10 <= bytes.length && bytes[at] === 0xff;) {
      const marker = bytes[at + 1]!;
      if (marker === 0xda || marker === 0xd9) return undefined;
      const size = Math.max(2, view.getUint16(at + 2));
      if (marker === 0xe1 && named(bytes, at + 4, "Exif\0\0")) return bytes.subarray(at + 10, at + 2 + size);
      at += 2 + size;
    }
  }
  if (named(bytes, 0, "\x89PNG")) {
    for (let at = 8; at + 12 <= bytes.length;) {
      const size = view.getUint32(at);
      if (named(bytes, at + 4, "eXIf")) return bytes.subarray(at + 8, at + 8 + size);
      at += 12 + size;
    }
  }
  if (named(bytes, 0, "RIFF") && named(bytes, 8, "WEBP")) {
    for (let at = 12; at + 8 <= bytes.length;) {
      const size = view.getUint32(at + 4, true);
      if (named(bytes, at, "EXIF")) {
        const from = named(bytes, at + 8, "Exif\0\0") ? 14 : 8;
        return bytes.subarray(at + from, at + 8 + size);
      }
      at += 8 + size + (size & 1);
    }
  }
  return undefined;
}
