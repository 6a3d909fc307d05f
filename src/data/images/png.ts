/**
 * Writes PNG files.
 *
 * @module
 */

import { constants, deflateSync } from "node:zlib";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/** CRC-32 of a chunk's type and data (PNG specification, annex D). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Length, type, data, checksum. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}

/**
 * Each row behind the byte of its filter. Of "none", "left" and "up" a row takes the one with the smallest sum of
 * absolute differences, the specification's own advice; the other two filters gain nothing on drawn images.
 */
function filterRows(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const stride = width * 3;
  const out = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const row = y * stride;
    const sums: [number, number, number] = [0, 0, 0];
    for (let x = 0; x < stride; x++) {
      const value = rgb[row + x]!;
      const left = x >= 3 ? rgb[row + x - 3]! : 0;
      const up = y > 0 ? rgb[row + x - stride]! : 0;
      sums[0] += Math.abs(value << 24 >> 24);
      sums[1] += Math.abs((value - left) << 24 >> 24);
      sums[2] += Math.abs((value - up) << 24 >> 24);
    }
    const filter = sums.indexOf(Math.min(...sums));
    const to = y * (stride + 1);
    out[to] = filter;
    for (let x = 0; x < stride; x++) {
      const left = x >= 3 ? rgb[row + x - 3]! : 0;
      const up = y > 0 ? rgb[row + x - stride]! : 0;
      out[to + 1 + x] = rgb[row + x]! - (filter === 1 ? left : filter === 2 ? up : 0);
    }
  }
  return out;
}

/**
 * Writes an RGB image as PNG, 8 bits a channel, without loss. Written here because the benchmark needs one small
 * colour type and thousands of small files a second, which the codec's calls into WebAssembly do not reach.
 *
 * @param rgb Colours, 0 to 255: row after row, three numbers a pixel.
 * @param width Pixels a row.
 * @param height Rows.
 * @returns The file's bytes.
 * @throws {RangeError} If the number of colours is not `3 * width * height`.
 *
 * @example One red pixel
 * ```ts
 * import { decodeImage, encodePng } from "../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const png = encodePng(Uint8Array.of(255, 0, 0), 1, 1);
 * assertEquals([...(await decodeImage(png)).data], [255, 0, 0]);
 * ```
 */
export function encodePng(rgb: Uint8Array, width: number, height: number): Uint8Array {
  if (!(width > 0 && height > 0) || rgb.length !== 3 * width * height) {
    throw new RangeError(
      `encodePng: expected ${width} x ${height} x 3 = ${3 * width * height} colours, found ${rgb.length}`,
    );
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2, 0, 0, 0], 8); // bits a channel, RGB, the only compression and filter method, not interlaced
  const parts = [
    SIGNATURE,
    chunk("IHDR", header),
    // What is left of filtered rows repeats in runs of one byte at most: to look for more takes twice the time.
    chunk("IDAT", deflateSync(filterRows(rgb, width, height), { strategy: constants.Z_RLE })),
    chunk("IEND", new Uint8Array()),
  ];
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}
