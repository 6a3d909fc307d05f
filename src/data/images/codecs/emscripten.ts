/**
 * Codecs that Emscripten compiled. They print, and after a failure they keep its memory or are dead.
 *
 * @module
 */

import { type Codec, CodecError } from "./codec.ts";

/** One of `@jsquash`'s decoders. */
interface Package {
  init: (options: object) => unknown;
  decode: (file: ArrayBuffer) => Promise<{ width: number; height: number; data: ArrayLike<number> } | null>;
}

/**
 * A codec that is opened when it is needed first, and anew after each failure.
 *
 * @param pack The package's two functions.
 * @param isFatal Which printed words mean that the file is broken, though a picture comes of it.
 * @returns The codec. Calls must take turns, so that what is printed is about one file.
 */
export function emscriptenCodec({ init, decode }: Package, isFatal: (printed: string) => boolean): Codec {
  let printed: string[] = [];
  let open = false;
  return async (bytes) => {
    if (!open) await init({ print: () => {}, printErr: (text: string) => printed.push(text) });
    open = true;
    printed = [];
    try {
      // A view's buffer may hold more than the file.
      const image = await decode(bytes.slice().buffer);
      if (image !== null && !printed.some(isFatal)) return image;
    } catch {
      // Its own message ("exit(1)") helps nobody; what it would have printed may.
    }
    open = false;
    throw new CodecError(printed.join("; "));
  };
}
