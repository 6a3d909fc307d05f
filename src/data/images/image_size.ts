/**
 * The size of a picture from the first bytes of its file, so that image tokens are counted without decoding.
 *
 * @module
 */

import { imageFormat } from "./image.ts";

/** Pixels a row, and rows. */
export interface ImageSize {
  /** Pixels a row. */
  width: number;
  /** Rows. */
  height: number;
}

/**
 * Reads width and height from the head of a PNG, JPEG or WebP file. A photograph's orientation tag is not followed, as
 * {@linkcode decodeImage} does not.
 *
 * @param bytes The file, or its beginning: 32 bytes suffice for PNG and WebP, JPEG may keep its size behind a preview.
 * @returns The size; undefined if it does not stand in these bytes.
 *
 * @example The size of a PNG file
 * ```ts
 * import { encodePng, readImageSize } from "../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const png = encodePng(new Uint8Array(3 * 5 * 2), 5, 2);
 * assertEquals(readImageSize(png.subarray(0, 32)), { width: 5, height: 2 });
 * ```
 */
export function readImageSize(bytes: Uint8Array): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = imageFormat(bytes);
  const size = format === "PNG"
    ? pngSize(view)
    : format === "JPEG"
    ? jpegSize(view)
    : format === "WebP"
    ? webpSize(view)
    : undefined;
  return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
}

/** The first chunk holds it. */
function pngSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 24) return undefined;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** The start of frame holds it, behind segments that say their length. */
function jpegSize(view: DataView): ImageSize | undefined {
  for (let at = 2; at + 9 <= view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++; // filling
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2; // no length
    } else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    } else if (marker === 0xd9 || marker === 0xda) {
      return undefined; // the picture begins, or ends, without a frame
    } else {
      at += 2 + Math.max(2, view.getUint16(at + 2));
    }
  }
  return undefined;
}

/** The first chunk holds it, in one of three forms. */
function webpSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 30) return undefined;
  const kind = String.fromCharCode(...[12, 13, 14, 15].map((at) => view.getUint8(at)));
  if (kind === "VP8 ") {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (kind === "VP8L") {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (kind !== "VP8X") return undefined;
  const three = (at: number) => view.getUint16(at, true) + 2 ** 16 * view.getUint8(at + 2);
  return { width: three(24) + 1, height: three(27) + 1 };
}
