/**
 * Reads image files.
 *
 * The codecs of PNG, JPEG, WebP and AVIF are `@jsquash`'s: libraries in wide use (Rust's `png`, mozjpeg, libwebp,
 * libavif) compiled to WebAssembly. They
 * run in Deno, Node and browsers, need no permission but to read their own files, and gave the very pixels that
 * Pillow gives on every kind of file tried (AVIF's colours but for rounding). Compared with: `sharp` (faster, but native:
 * `--allow-ffi`, a binary a platform, no browsers), `image-in-browser` (plain TypeScript; JPEG colours up to 14 of 255
 * off, WebP's and PNG's transparency lost in conversion, a 12-megapixel photograph 2.7 s instead of 0.3 s), photon (2 MB,
 * all formats in one; a file it cannot read is a panic). TIFF is read by `utif2` (`tiff` knows no scans packed by PackBits or
 * CCITT, no CMYK), CMYK in JPEG by `jpeg-js` (1 of 255 from Pillow), GIF and BMP here.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { avif } from "./codecs/avif.ts";
import { bmp } from "./codecs/bmp.ts";
import { type Codec, CodecError, type Rgba } from "./codecs/codec.ts";
import { gif } from "./codecs/gif.ts";
import { jpeg } from "./codecs/jpeg.ts";
import { png } from "./codecs/png.ts";
import { tiff } from "./codecs/tiff.ts";
import { webp } from "./codecs/webp.ts";
import { describeKind, fileKind } from "./file_kind.ts";
import { leastBytes, readImageSize } from "./image_size.ts";
import { orientation, turned } from "./orientation.ts";
import { overWhite } from "./over_white.ts";

/** An image in memory. */
export interface Image {
  /** Pixels a row. */
  width: number;
  /** Rows. */
  height: number;
  /** Red, green, blue, 0 to 255: row after row, three numbers a pixel. */
  data: Uint8Array;
}

/** How image files are read. */
export interface DecodeOptions {
  /** Whether pictures are turned as their orientation tag says; TIFF files always are. */
  exif?: boolean;
  /** The most pixels that a picture may have; {@linkcode MAX_PIXELS} if left out. */
  maxPixels?: number | undefined;
}

/** The most pixels that are decoded if nothing else is said: Pillow's limit. A file of a few bytes may claim to hold any number. */
export const MAX_PIXELS = 178_956_970;

const CODECS: Readonly<Record<string, Codec>> = {
  PNG: png,
  JPEG: jpeg,
  WebP: webp,
  GIF: gif,
  BMP: bmp,
  TIFF: tiff,
  AVIF: avif,
};

/** The formats that are read, for messages. */
export const FORMATS = `${Object.keys(CODECS).slice(0, -1).join(", ")} or ${Object.keys(CODECS).at(-1)}`;

/** The last decoding asked for. They take turns, so that what a codec prints is about one file. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Reads a PNG, JPEG, WebP, GIF, BMP, TIFF or AVIF file: gray, palette, CMYK, 16 bits a channel, interlaced,
 * progressive; of moving pictures and of several pages the first. The kind is told by the content, not by the name.
 * What is transparent becomes white. A photograph's orientation tag is not followed, unless asked for: neither do LLaVA's
 * own preprocessing nor transformers' processors, given an opened picture.
 *
 * @param bytes The file's bytes.
 * @param options Orientation, and the limit of pixels.
 * @returns The image.
 * @throws {InputError} If the file is of another kind, broken or cut off, or has too many pixels.
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
export function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Image> {
  const image = turn.then(() => decode(bytes, options));
  turn = image.catch(() => {});
  return image;
}

/**
 * Checks the head of an image file: its kind and its size.
 *
 * @param bytes The file, or its beginning.
 * @param size Bytes of the whole file.
 * @param maxPixels The most pixels that it may have.
 * @returns The format's name.
 * @throws {InputError} If it is no image that is read here, or too large.
 */
export function checkImageHead(bytes: Uint8Array, size: number, maxPixels = MAX_PIXELS): string {
  const kind = fileKind(bytes);
  if (kind === undefined || !kind.read) {
    const { found, todo } = describeKind(bytes);
    throw new InputError(`expected a ${FORMATS} image, found ${found}; ${todo}`);
  }
  const found = readImageSize(bytes);
  if (found !== undefined) {
    const { width, height } = found;
    if (width * height > maxPixels) {
      throw new InputError(
        `expected an image of at most ${maxPixels} pixels, found one of ${width} x ${height}; scale it down, or raise the limit ` +
          `with --max-pixels`,
      );
    }
    if (size < leastBytes(bytes, found)) {
      throw unreadable(kind.name, size, `${width} x ${height} pixels need more`);
    }
  }
  return kind.name;
}

async function decode(
  bytes: Uint8Array,
  { exif = false, maxPixels = MAX_PIXELS }: DecodeOptions,
): Promise<Image> {
  const format = checkImageHead(bytes, bytes.length, maxPixels);
  let image: Rgba;
  try {
    image = await CODECS[format]!(bytes);
  } catch (error) {
    if (!(error instanceof CodecError) && !(error instanceof RangeError) && !(error instanceof TypeError)) {
      throw error;
    }
    const todo = error instanceof CodecError ? error.todo : undefined;
    throw unreadable(format, bytes.length, error instanceof CodecError ? error.message : "", todo);
  }
  if (image.width * image.height === 0) throw unreadable(format, bytes.length, "it has no pixels");
  return overWhite(exif && format !== "TIFF" ? turned(image, orientation(bytes)) : image);
}

function unreadable(
  format: string,
  size: number,
  said: string,
  todo = "replace the file or remove the sample",
): InputError {
  return new InputError(
    `expected a whole ${format} image, found one of ${size} bytes that cannot be decoded${
      said && ` (${said})`
    }; ${todo}`,
  );
}
