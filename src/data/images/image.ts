/**
 * Reads image files.
 *
 * The codecs are `@jsquash`'s: libraries in wide use (Rust's `png`, mozjpeg, libwebp) compiled to WebAssembly. They
 * run in Deno, Node and browsers, need no permission but to read their own files, and gave the very pixels that
 * Pillow gives on every kind of file tried. Compared with: `sharp` (faster, but native: `--allow-ffi`, a binary a
 * platform, no browsers), `image-in-browser` (plain TypeScript; JPEG colours up to 14 of 255 off, WebP's and PNG's
 * transparency lost in conversion, a 12-megapixel photograph 2.7 s instead of 0.3 s), photon (2 MB, all formats in
 * one; a file it cannot read is a panic).
 *
 * @module
 */

import decodePng from "@jsquash/png/decode.js";
import decodeJpeg, { init as initJpeg } from "@jsquash/jpeg/decode.js";
import decodeWebp, { init as initWebp } from "@jsquash/webp/decode.js";
import { InputError } from "../../errors.ts";

/** An image in memory. */
export interface Image {
  /** Pixels a row. */
  width: number;
  /** Rows. */
  height: number;
  /** Red, green, blue, 0 to 255: row after row, three numbers a pixel. */
  data: Uint8Array;
}

/** What a codec gives: four numbers a pixel. */
interface Rgba {
  width: number;
  height: number;
  data: ArrayLike<number>;
}

/** What the codecs' C code said about the file being read; they would print it. */
let complaints: string[] = [];
/** The last decoding asked for. They take turns, so that complaints are about one file. */
let turn: Promise<unknown> = Promise.resolve();
let ready = false;

/** Opens the C codecs, told to keep quiet. */
function openCodecs(): void {
  if (ready) return;
  const options = { print: () => {}, printErr: (text: string) => complaints.push(text) };
  // The types only know the form with a compiled module first; a lone second argument is the documented other form.
  (initJpeg as (options: object) => void)(options);
  (initWebp as (options: object) => void)(options);
  ready = true;
}

/**
 * The format that a file's first bytes announce.
 *
 * @param bytes The file, or its beginning.
 * @returns The format; undefined where it is none of those that are read here.
 */
export function imageFormat(bytes: Uint8Array): "PNG" | "JPEG" | "WebP" | undefined {
  const starts = (at: number, text: string) => [...text].every((c, i) => bytes[at + i] === c.charCodeAt(0));
  if (starts(0, "\x89PNG")) return "PNG";
  if (starts(0, "\xff\xd8\xff")) return "JPEG";
  if (starts(0, "RIFF") && starts(8, "WEBP")) return "WebP";
  return undefined;
}

/** Drops the alpha channel: what shines through is white, rounded as Pillow's `alpha_composite` rounds. */
function overWhite({ width, height, data }: Rgba): Image {
  const rgb = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    const alpha = data[from + 3]!;
    for (let c = 0; c < 3; c++) {
      const value = data[from + c]!;
      const sum = 128 * (value * alpha + 255 * (255 - alpha) + 128);
      rgb[to + c] = alpha === 255 ? value : (((sum >> 8) + sum) >> 8) >> 7;
    }
  }
  return { width, height, data: rgb };
}

/**
 * Reads a PNG, JPEG or WebP file: gray, palette, 16 bits a channel, interlaced, progressive, of any size. What is
 * transparent becomes white. A photograph's orientation tag is not followed: neither do LLaVA's own preprocessing nor
 * transformers' processors, given an opened picture.
 *
 * @param bytes The file's bytes.
 * @returns The image.
 * @throws {InputError} If the file is of another kind, or broken or cut off.
 *
 * @example Read what was written
 * ```ts
 * import { decodeImage, encodePng } from "../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const rgb = Uint8Array.of(255, 0, 0, 0, 0, 255);
 * assertEquals(await decodeImage(encodePng(rgb, 2, 1)), { width: 2, height: 1, data: rgb });
 * ```
 */
export function decodeImage(bytes: Uint8Array): Promise<Image> {
  const image = turn.then(() => decode(bytes));
  turn = image.catch(() => {});
  return image;
}

async function decode(bytes: Uint8Array): Promise<Image> {
  const format = imageFormat(bytes);
  if (format === undefined) {
    const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new InputError(
      `expected a PNG, JPEG or WebP image, found ${
        bytes.length === 0 ? "an empty file" : `a file that starts with ${start}`
      }; convert it`,
    );
  }
  openCodecs();
  complaints = [];
  const buffer = bytes.slice().buffer;
  let image: Rgba;
  try {
    image = format === "PNG"
      ? await decodePng(buffer)
      : format === "JPEG"
      ? await decodeJpeg(buffer)
      : await decodeWebp(buffer);
  } catch {
    // A codec's own message ("unwrap_throw failed", "exit(1)") helps nobody; what it would have printed may.
    throw unreadable(format, bytes);
  }
  // mozjpeg fills the rest of a cut-off file with gray and goes on.
  if (complaints.some((text) => text.startsWith("Premature end"))) throw unreadable(format, bytes);
  return overWhite(image);
}

function unreadable(format: string, bytes: Uint8Array): InputError {
  const said = complaints.length > 0 ? ` (${complaints.join("; ")})` : "";
  const colours = complaints.some((text) => text.includes("color conversion"));
  return new InputError(
    `expected a whole ${format} image, found one of ${bytes.length} bytes that cannot be decoded${said}; ` +
      (colours ? "convert it to RGB" : "replace the file or remove the sample"),
  );
}
