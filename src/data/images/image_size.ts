/**
 * The size of a picture from the first bytes of its file, so that image tokens are counted without decoding.
 *
 * @module
 */

import { jpegFrame } from "./codecs/jpeg.ts";
import { tiffHead } from "./codecs/tiff_head.ts";
import { fileKind } from "./file_kind.ts";
import { orientation, swapsSides } from "./orientation.ts";

/** Pixels a row, and rows. */
export interface ImageSize {
  /** Pixels a row. */
  width: number;
  /** Rows. */
  height: number;
}

const READERS: Readonly<Record<string, (view: DataView, bytes: Uint8Array) => ImageSize | undefined>> = {
  PNG: pngSize,
  JPEG: jpegSize,
  WebP: webpSize,
  GIF: gifSize,
  BMP: bmpSize,
  TIFF: tiffSize,
  AVIF: avifSize,
};

/**
 * Reads width and height from the head of an image file. A photograph's orientation tag is not followed unless asked for,
 * as {@linkcode decodeImage} does.
 *
 * @param bytes The file, or its beginning: 32 bytes suffice for PNG, WebP, GIF and BMP; JPEG may keep its size behind a
 * preview, TIFF at the end.
 * @param options Whether the orientation tag is followed.
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
export function readImageSize(bytes: Uint8Array, { exif = false } = {}): ImageSize | undefined {
  const format = fileKind(bytes)?.name ?? "";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = READERS[format]?.(view, bytes);
  if (size === undefined || !(size.width > 0 && size.height > 0)) return undefined;
  const { width, height } = size;
  return (exif || format === "TIFF") && swapsSides(orientation(bytes))
    ? { width: height, height: width }
    : size;
}

/**
 * The fewest bytes in which a picture can be packed: a file that claims more pixels than it can hold is cut off, or made
 * to fill the memory.
 *
 * @param bytes The file, or its beginning.
 * @param size The size that it claims.
 * @returns Bytes; 0 for formats that pack almost without bound.
 */
export function leastBytes(bytes: Uint8Array, { width, height }: ImageSize): number {
  switch (fileKind(bytes)?.name) {
    case "PNG": {
      const samples = [1, 0, 3, 1, 2, 0, 4][bytes[25] ?? 0] ?? 0;
      // Deflate packs 1,032 bytes in one at best.
      return height * (1 + Math.ceil(width * (bytes[24] ?? 0) * samples / 8)) / 1032;
    }
    case "JPEG": {
      // Huffman codes take a bit a block at least; arithmetic ones (from 0xc9 on) may take less.
      const frame = jpegFrame(bytes);
      return frame === undefined || frame.marker >= 0xc9
        ? 0
        : Math.ceil(width / 8) * Math.ceil(height / 8) / 8;
    }
    case "TIFF": {
      const head = tiffHead(bytes);
      // The best that no packing, LZW, deflate and PackBits can do; others pack without bound.
      const best = { 1: 1, 5: 2731, 8: 1032, 32946: 1032, 32773: 64 }[head?.number(259) ?? 1];
      const bits = (head?.number(258) ?? 1) * (head?.number(277) ?? 1);
      return best === undefined ? 0 : Math.floor(width * height * bits / 8 / best);
    }
    default:
      return 0;
  }
}

/** The first chunk holds it. */
function pngSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 24) return undefined;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** The start of frame holds it, behind segments that say their length. */
function jpegSize(view: DataView, bytes: Uint8Array): ImageSize | undefined {
  const frame = jpegFrame(bytes);
  if (frame === undefined) return undefined;
  return { width: view.getUint16(frame.at + 7), height: view.getUint16(frame.at + 5) };
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

/** The canvas, whatever the frames on it. */
function gifSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 10) return undefined;
  return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** Rows are negative where the first is the top one. */
function bmpSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 26) return undefined;
  if (view.getUint32(14, true) === 12) {
    return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  }
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}

function tiffSize(_: DataView, bytes: Uint8Array): ImageSize | undefined {
  const head = tiffHead(bytes);
  const [width, height] = [head?.number(256), head?.number(257)];
  return width === undefined || height === undefined ? undefined : { width, height };
}

/** Boxes `ispe` hold it: one for every item, the picture and its tiles, its transparency, a preview. The largest is it. */
function avifSize(view: DataView, bytes: Uint8Array): ImageSize | undefined {
  let largest: ImageSize | undefined;
  const sign = [..."ispe"].map((c) => c.charCodeAt(0));
  for (
    let at = bytes.indexOf(sign[0]!);
    at >= 0 && at + 16 <= bytes.length;
    at = bytes.indexOf(sign[0]!, at + 1)
  ) {
    if (!sign.every((byte, i) => bytes[at + i] === byte)) continue;
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (largest === undefined || size.width * size.height > largest.width * largest.height) largest = size;
    if (at > 4096) break;
  }
  return largest;
}
