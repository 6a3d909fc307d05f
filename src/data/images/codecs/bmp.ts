/**
 * BMP files: 1, 4, 8, 16, 24 and 32 bits a pixel, plain, run-length packed or with masks (Microsoft's "Bitmap Storage").
 * Written here: of the packages on npm one reads few of these, the other gives wrong colours for palettes.
 *
 * @module
 */

import { type Codec, CodecError } from "./codec.ts";

/** How a file says that its pixels are packed. */
const PLAIN = 0, RUNS_8 = 1, RUNS_4 = 2, MASKS = 3, ALPHA_MASKS = 6;

interface Head {
  width: number;
  height: number;
  /** Whether the first row is the top one. */
  topDown: boolean;
  bits: number;
  packing: number;
  /** Where pixels begin. */
  pixels: number;
  palette: Uint8Array;
  /** Bytes a colour of the palette. */
  entry: number;
  /** Masks of red, green, blue, alpha. */
  masks: [number, number, number, number];
}

/** Reads BMP files. */
export const bmp: Codec = (bytes) => {
  const head = readHead(bytes);
  const { width, height, topDown, bits, packing } = head;
  const runs = packing === RUNS_8 || packing === RUNS_4;
  const indices = runs ? unpackRuns(bytes, head) : undefined;
  const stride = Math.ceil(width * bits / 32) * 4;
  if (!runs && head.pixels + stride * (height - 1) + Math.ceil(width * bits / 8) > bytes.length) {
    throw new CodecError("the file ends early");
  }
  const data = new Uint8Array(4 * width * height);
  const channels = head.masks.map(channelOf);
  let anyAlpha = false;
  for (let row = 0; row < height; row++) {
    const y = topDown ? row : height - 1 - row;
    const from = head.pixels + stride * row;
    for (let x = 0; x < width; x++) {
      const to = 4 * (y * width + x);
      if (bits <= 8) {
        const index = indices?.[row * width + x] ??
          bytes[from + (x * bits >> 3)]! >> (8 - bits - (x * bits & 7)) &
            ((1 << bits) - 1);
        for (let c = 0; c < 3; c++) data[to + c] = head.palette[head.entry * index + 2 - c] ?? 0;
        data[to + 3] = 255;
      } else if (bits === 24) {
        for (let c = 0; c < 3; c++) data[to + c] = bytes[from + 3 * x + 2 - c]!;
        data[to + 3] = 255;
      } else {
        const at = from + x * bits / 8;
        const value = bits === 16
          ? bytes[at]! | bytes[at + 1]! << 8
          : (bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24) >>> 0;
        channels.forEach((channel, c) => data[to + c] = channel(value));
        anyAlpha ||= data[to + 3] !== 0;
      }
    }
  }
  // Without a mask, or with an alpha of zero everywhere, pictures are meant to be seen.
  if (bits > 8 && bits !== 24 && (head.masks[3] === 0 || !anyAlpha)) {
    for (let at = 3; at < data.length; at += 4) data[at] = 255;
  }
  return { width, height, data };
};

function readHead(bytes: Uint8Array): Head {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 26) throw new CodecError("the file ends early");
  const size = view.getUint32(14, true);
  const old = size === 12;
  if (!old && (size < 40 || 14 + size > bytes.length)) throw new CodecError(`a head of ${size} bytes`);
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const rows = old ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(old ? 24 : 28, true);
  const packing = old ? PLAIN : view.getUint32(30, true);
  const fits = packing === PLAIN
    ? [1, 4, 8, 16, 24, 32]
    : packing === RUNS_8
    ? [8]
    : packing === RUNS_4
    ? [4]
    : packing === MASKS || packing === ALPHA_MASKS
    ? [16, 32]
    : [];
  if (!fits.includes(bits)) {
    throw new CodecError(`${bits} bits a pixel, packed in way ${packing}`, "convert it to PNG");
  }
  const masked = packing === MASKS || packing === ALPHA_MASKS;
  const apart = masked && size === 40 ? (packing === MASKS ? 12 : 16) : 0; // masks behind the head
  const mask = (i: number) => 54 + 4 * i + 4 <= 14 + size + apart ? view.getUint32(54 + 4 * i, true) : 0;
  if (14 + size + apart > bytes.length) throw new CodecError("the file ends early");
  const masks: Head["masks"] = masked
    ? [mask(0), mask(1), mask(2), mask(3)]
    : bits === 16
    ? [0x7c00, 0x03e0, 0x001f, 0]
    : [0xff0000, 0xff00, 0xff, 0];
  const entry = old ? 3 : 4;
  const start = 14 + size + apart;
  const pixels = view.getUint32(10, true);
  const colours = old ? 1 << bits : view.getUint32(46, true) || 1 << bits;
  const palette = bits > 8 ? new Uint8Array() : bytes.subarray(start, start + entry * Math.min(256, colours));
  return { width, height: Math.abs(rows), topDown: rows < 0, bits, packing, pixels, palette, entry, masks };
}

/** Takes one colour out of a pixel, on a scale of 0 to 255. */
function channelOf(mask: number): (value: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (value) => Math.trunc(((value & mask) >>> shift) * 255 / most);
}

/** Undoes run-length packing: indices row by row, the lowest first. */
function unpackRuns(bytes: Uint8Array, { width, height, pixels, packing }: Head): Uint8Array {
  const out = new Uint8Array(width * height);
  const half = packing === RUNS_4;
  let at = pixels, x = 0, y = 0;
  const put = (index: number) => {
    if (x < width && y < height) out[y * width + x] = index;
    x++;
  };
  const nibble = (byte: number, i: number) => half ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte;
  while (y < height) {
    if (at + 2 > bytes.length) throw new CodecError("the file ends early");
    const count = bytes[at++]!, value = bytes[at++]!;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(nibble(value, i));
    } else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 1) break;
    else if (value === 2) {
      x += bytes[at++] ?? 0;
      y += bytes[at++] ?? 0;
    } else {
      const size = half ? Math.ceil(value / 2) : value;
      if (at + size > bytes.length) throw new CodecError("the file ends early");
      for (let i = 0; i < value; i++) put(nibble(bytes[at + (half ? i >> 1 : i)]!, i));
      at += size + (size & 1);
    }
  }
  return out;
}
