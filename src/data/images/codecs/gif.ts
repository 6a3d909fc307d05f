/**
 * The first frame of GIF files (GIF89a specification, W3C). Written here, as the usual packages decode all frames, or
 * print on the console what they find wrong.
 *
 * @module
 */

import { type Codec, CodecError } from "./codec.ts";

/** Reads the first frame of GIF files; what it leaves free of the canvas, and its transparent colour, are transparent. */
export const gif: Codec = (bytes) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const byte = (at: number) => {
    if (at >= bytes.length) throw new CodecError("the file ends early");
    return bytes[at]!;
  };
  byte(12);
  const width = view.getUint16(6, true), height = view.getUint16(8, true);
  let at = 13;
  const table = (flags: number): Uint8Array | undefined => {
    if ((flags & 0x80) === 0) return undefined;
    const size = 3 << ((flags & 7) + 1);
    byte(at + size - 1);
    return bytes.subarray(at, at += size);
  };
  const shared = table(byte(10));
  let transparent = -1;
  for (;;) {
    const block = byte(at++);
    if (block === 0x21) {
      // An extension; that of a picture may name its transparent colour.
      if (byte(at) === 0xf9 && byte(at + 1) >= 4) transparent = byte(at + 2) & 1 ? byte(at + 5) : -1;
      at++;
      while (byte(at) !== 0) at += 1 + byte(at);
      at++;
      continue;
    }
    if (block !== 0x2c) throw new CodecError("no frame");
    break;
  }
  byte(at + 8);
  const [left, top, across, down] = [0, 2, 4, 6].map((i) => view.getUint16(at + i, true)) as [
    number,
    number,
    number,
    number,
  ];
  const flags = byte(at + 8);
  at += 9;
  const colours = table(flags) ?? shared;
  if (colours === undefined) throw new CodecError("no table of colours");
  const indices = unpack(bytes, at, across * down);
  const data = new Uint8Array(4 * width * height);
  const rows = (flags & 0x40) === 0 ? undefined : interlacedRows(down);
  for (let row = 0; row < down; row++) {
    const y = top + (rows?.[row] ?? row);
    for (let column = 0; column < across; column++) {
      const x = left + column, index = indices[row * across + column]!;
      if (x >= width || y >= height || index === transparent) continue;
      const to = 4 * (y * width + x);
      for (let c = 0; c < 3; c++) data[to + c] = colours[3 * index + c] ?? 0;
      data[to + 3] = 255;
    }
  }
  return { width, height, data };
};

/** Where the rows of an interlaced frame belong. */
function interlacedRows(height: number): number[] {
  return [[0, 8], [4, 8], [2, 4], [1, 2]].flatMap(([first, step]) => {
    const rows: number[] = [];
    for (let y = first!; y < height; y += step!) rows.push(y);
    return rows;
  });
}

/** Longest code, in bits. */
const MOST_BITS = 12;

/** Undoes the packing (LZW, codes of growing length, in blocks of up to 255 bytes). */
function unpack(bytes: Uint8Array, start: number, count: number): Uint8Array {
  const first = bytes[start] ?? 0;
  if (first < 1 || first > 8) throw new CodecError("codes of a length that there is not");
  const out = new Uint8Array(count);
  const clear = 1 << first, end = clear + 1;
  const prefix = new Int16Array(1 << MOST_BITS), last = new Uint8Array(1 << MOST_BITS);
  const length = new Uint16Array(1 << MOST_BITS);
  for (let code = 0; code < clear; code++) [last[code], length[code]] = [code, 1];
  let at = start + 1, left = 0, held = 0, bits = 0; // `left` bytes of the block, `bits` bits in `held`
  let size = first + 1, next = end + 1, before = -1, done = 0;
  const firstOf = (code: number) => {
    while (length[code]! > 1) code = prefix[code]!;
    return last[code]!;
  };
  while (done < count) {
    while (bits < size) {
      if (left === 0) {
        left = bytes[at++] ?? 0;
        if (left === 0) throw new CodecError("the file ends early");
      }
      if (at >= bytes.length) throw new CodecError("the file ends early");
      held |= bytes[at++]! << bits;
      bits += 8;
      left--;
    }
    const code = held & ((1 << size) - 1);
    held >>>= size;
    bits -= size;
    if (code === clear) {
      [size, next, before] = [first + 1, end + 1, -1];
      continue;
    }
    if (code === end) throw new CodecError("the frame ends early");
    if (code > next || (code === next && before < 0)) throw new CodecError("a code that there is not");
    if (before >= 0 && next < 1 << MOST_BITS) {
      prefix[next] = before;
      last[next] = firstOf(code === next ? before : code);
      length[next] = length[before]! + 1;
      next++;
      if (next === 1 << size && size < MOST_BITS) size++;
    } else if (code >= next) throw new CodecError("a code that there is not");
    const wanted = length[code]!;
    let from = code;
    for (let i = done + wanted - 1; i >= done; i--) {
      if (i < count) out[i] = last[from]!;
      from = prefix[from]!;
    }
    done += wanted;
    before = code;
  }
  return out;
}
