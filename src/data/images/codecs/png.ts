/**
 * PNG files, by Rust's `png` as `@jsquash/png` compiles it.
 *
 * The package opens its WebAssembly once for all time, and a file that is refused never gives its memory back: after
 * some hundred of them nothing can be decoded. So its WebAssembly is opened here, anew after each failure.
 *
 * @module
 */

import { type Codec, CodecError, type Rgba } from "./codec.ts";

interface Exports {
  memory: WebAssembly.Memory;
  __wbindgen_malloc(bytes: number, alignment: number): number;
  __wbindgen_free(at: number, bytes: number, alignment: number): void;
  decode(at: number, bytes: number): number;
}

let compiled: Promise<WebAssembly.Module> | undefined;
let open: { exports: Exports; take: () => Rgba | undefined } | undefined;

/** The compiled code, read once. */
function code(): Promise<WebAssembly.Module> {
  const file = new URL("codec/pkg/squoosh_png_bg.wasm", import.meta.resolve("@jsquash/png/decode.js"));
  return compiled ??= fetch(file).then(async (response) => WebAssembly.compile(await response.arrayBuffer()));
}

/** A fresh instance. The one function of JavaScript's that decoding calls makes the picture. */
async function instance() {
  const module = await code();
  let picture: Rgba | undefined;
  const imports: Record<string, (...args: number[]) => number> = {};
  for (const { name } of WebAssembly.Module.imports(module)) {
    imports[name] = name.includes("u8clampedarray")
      ? (at, bytes, width, height) => {
        const data = new Uint8Array(exports.memory.buffer, at, bytes).slice();
        exports.__wbindgen_free(at!, bytes!, 1);
        picture = { width: width! >>> 0, height: height! >>> 0, data };
        return 0;
      }
      : () => {
        throw new CodecError("");
      };
  }
  const exports = (await WebAssembly.instantiate(module, { wbg: imports })).exports as unknown as Exports;
  return {
    exports,
    take() {
      const taken = picture;
      picture = undefined;
      return taken;
    },
  };
}

/** Reads PNG files: gray, palette, 16 bits a channel, interlaced. */
export const png: Codec = async (bytes) => {
  const { exports, take } = open ??= await instance();
  try {
    const at = exports.__wbindgen_malloc(bytes.length, 1);
    new Uint8Array(exports.memory.buffer).set(bytes, at >>> 0);
    exports.decode(at, bytes.length);
    const picture = take();
    if (picture !== undefined) return picture;
  } catch {
    // Its own message ("unwrap_throw failed", "unreachable") helps nobody.
  }
  open = undefined;
  throw new CodecError("");
};
