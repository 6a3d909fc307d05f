/**
 * AVIF files, by libavif.
 *
 * @module
 */

import decodeAvif, { init } from "@jsquash/avif/decode.js";
import type { Codec } from "./codec.ts";
import { emscriptenCodec } from "./emscripten.ts";

/** Reads AVIF files. */
export const avif: Codec = emscriptenCodec(
  { init: init as (options: object) => unknown, decode: (file) => decodeAvif(file) },
  () => false,
);
