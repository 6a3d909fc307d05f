/**
 * JPEG files, by mozjpeg; those in CMYK, which it gives no picture of, by `jpeg-js`.
 *
 * @module
 */

import decodeJpeg, { init } from "@jsquash/jpeg/decode.js";
import { decode as decodeCmyk } from "jpeg-js";
import type { Codec } from "./codec.ts";
import { CodecError } from "./codec.ts";
import { emscriptenCodec } from "./emscripten.ts";

/** The types only know the form with a compiled module first; a lone argument is the documented other form. */
const mozjpeg = emscriptenCodec(
  { init: init as (options: object) => unknown, decode: (file) => decodeJpeg(file) },
  // It fills the rest of a cut-off file with gray and goes on.
  (printed) => printed.startsWith("Premature end"),
);

/** Reads JPEG files. */
export const jpeg: Codec = (bytes) => componentsOf(bytes) === 4 ? cmyk(bytes) : mozjpeg(bytes);

/** Most memory that CMYK may take, in MB. */
const MEMORY = 4096;

function cmyk(bytes: Uint8Array) {
  try {
    return decodeCmyk(bytes, {
      useTArray: true,
      tolerantDecoding: false,
      maxMemoryUsageInMB: MEMORY,
      maxResolutionInMP: MEMORY,
    });
  } catch (error) {
    throw new CodecError(error instanceof Error ? error.message : String(error));
  }
}

/** Colours of a JPEG file: 1 gray, 3 YCbCr or RGB, 4 CMYK; 0 if its head does not say. */
function componentsOf(bytes: Uint8Array): number {
  const frame = jpegFrame(bytes);
  return frame === undefined ? 0 : bytes[frame.at + 9] ?? 0;
}

/**
 * Finds the start of frame of a JPEG file.
 *
 * @param bytes The file, or its beginning.
 * @returns Where its marker stands, and its second byte; undefined if it is not in these bytes.
 */
export function jpegFrame(bytes: Uint8Array): { at: number; marker: number } | undefined {
  for (let at = 2; at + 9 <= bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++; // filling
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2; // no length
    } else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { at, marker };
    } else if (marker === 0xd9 || marker === 0xda) {
      return undefined; // the picture begins, or ends, without a frame
    } else {
      at += 2 + Math.max(2, bytes[at + 2]! * 256 + bytes[at + 3]!);
    }
  }
  return undefined;
}
