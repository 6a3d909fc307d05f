/**
 * WebP files, by libwebp; of moving ones the first frame.
 *
 * @module
 */

import decodeWebp, { init } from "@jsquash/webp/decode.js";
import { type Codec, CodecError, type Rgba } from "./codec.ts";
import { emscriptenCodec } from "./emscripten.ts";

const libwebp = emscriptenCodec(
  { init: init as (options: object) => unknown, decode: (file) => decodeWebp(file) },
  () => false,
);

/** Reads WebP files. */
export const webp: Codec = async (bytes) => {
  const frame = firstFrame(bytes);
  if (frame === undefined) return await libwebp(bytes);
  const picture = await libwebp(frame.file);
  return onCanvas(picture, frame);
};

/** A chunk of a RIFF file. */
interface Chunk {
  name: string;
  data: Uint8Array;
}

function* chunks(bytes: Uint8Array, from: number): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    yield { name, data: bytes.subarray(at + 8, Math.min(bytes.length, at + 8 + size)) };
    at += 8 + size + (size & 1);
  }
}

/** The first frame of a moving picture as a file of its own, and where it stands on the canvas. */
interface Frame {
  file: Uint8Array;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The first frame; undefined if the picture does not move. */
function firstFrame(bytes: Uint8Array): Frame | undefined {
  const all = chunks(bytes, 12);
  const head = all.next().value as Chunk | undefined;
  if (head?.name !== "VP8X" || head.data.length < 10 || (head.data[0]! & 2) === 0) return undefined;
  const three = (data: Uint8Array, at: number) => data[at]! + 256 * data[at + 1]! + 65536 * data[at + 2]!;
  for (const { name, data } of all) {
    if (name !== "ANMF" || data.length < 16) continue;
    const inner = [...chunks(data, 16)];
    const alpha = inner.find(({ name }) => name === "ALPH");
    const image = inner.find(({ name }) => name === "VP8 " || name === "VP8L");
    if (image === undefined) break;
    // Transparency beside a lossy picture needs the long form of file, with the size of the frame.
    const size = data.slice(6, 12);
    const long = alpha === undefined
      ? []
      : [{ name: "VP8X", data: Uint8Array.of(16, 0, 0, 0, ...size) }, alpha];
    return {
      file: riff([...long, image]),
      x: 2 * three(data, 0),
      y: 2 * three(data, 3),
      width: three(head.data, 4) + 1,
      height: three(head.data, 7) + 1,
    };
  }
  throw new CodecError("a moving picture without a frame");
}

function riff(parts: readonly Chunk[]): Uint8Array {
  const size = parts.reduce((sum, { data }) => sum + 8 + data.length + (data.length & 1), 4);
  const out = new Uint8Array(8 + size);
  const view = new DataView(out.buffer);
  const write = (at: number, text: string) => [...text].forEach((c, i) => out[at + i] = c.charCodeAt(0));
  write(0, "RIFF");
  view.setUint32(4, size, true);
  write(8, "WEBP");
  let at = 12;
  for (const { name, data } of parts) {
    write(at, name);
    view.setUint32(at + 4, data.length, true);
    out.set(data, at + 8);
    at += 8 + data.length + (data.length & 1);
  }
  return out;
}

/** A frame on its canvas, which is transparent elsewhere. */
function onCanvas(picture: Rgba, { x, y, width, height }: Frame): Rgba {
  if (x === 0 && y === 0 && picture.width === width && picture.height === height) return picture;
  if (x + picture.width > width || y + picture.height > height) {
    throw new CodecError("a first frame that is larger than the picture");
  }
  const data = new Uint8Array(4 * width * height);
  for (let row = 0; row < picture.height; row++) {
    const to = 4 * ((y + row) * width + x), from = 4 * row * picture.width;
    for (let i = 0; i < 4 * picture.width; i++) data[to + i] = picture.data[from + i]!;
  }
  return { width, height, data };
}
