/** The safetensors format: a JSON header, then the bytes of every tensor. @module */
import { InputError } from "../errors.ts";

/** A tensor of a file, as float32 (integers up to 2²⁴ are exact). */
export interface NamedTensor {
  /** Sizes; empty for a scalar. */
  shape: number[];
  /** Row by row. */
  values: Float32Array;
}

/** Longest header that is read: the format's own limit, 100 MB. */
const MAX_HEADER = 100_000_000;

/**
 * Reads a safetensors file. Floats of 16, 32 and 64 bits, integers and booleans become float32.
 *
 * @param bytes The whole file.
 * @param name Its name, for messages.
 * @returns Tensors by name.
 * @throws {InputError} If the file is cut short, its header is broken, or a tensor has another type.
 */
export function readSafetensors(bytes: Uint8Array, name = "model.safetensors"): Map<string, NamedTensor> {
  const fail = (message: string) => new InputError(`${name}: ${message}`);
  if (bytes.length < 8) throw fail(`expected a header, found ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER || 8 + length > bytes.length) {
    throw fail(
      `the header should take ${length} bytes, the file has ${bytes.length}: it is cut short or of another kind`,
    );
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch (error) {
    throw fail(`the header is not JSON (${(error as Error).message})`);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    throw fail("the header is not an object");
  }
  const tensors = new Map<string, NamedTensor>();
  for (const [tensor, entry] of Object.entries(header)) {
    if (tensor === "__metadata__") continue;
    if (typeof entry !== "object" || entry === null) {
      throw fail(`tensor ${tensor}: expected an object in the header`);
    }
    const { dtype, shape, data_offsets: offsets } = entry as {
      dtype: string;
      shape: number[];
      data_offsets: number[];
    };
    const whole = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= 0;
    if (!Array.isArray(shape) || !shape.every(whole) || !Array.isArray(offsets) || !offsets.every(whole)) {
      throw fail(`tensor ${tensor}: shape or data_offsets are missing`);
    }
    const size = WIDTH.get(dtype);
    if (!size) {
      throw fail(
        `tensor ${tensor}: expected ${[...WIDTH.keys()].join(", ")}, found ${JSON.stringify(dtype)}`,
      );
    }
    const count = shape.reduce((product, n) => product * n, 1);
    const [start = 0, end = 0] = offsets;
    if (offsets.length !== 2 || end - start !== count * size || 8 + length + end > bytes.length) {
      throw fail(
        `tensor ${tensor}: ${dtype} [${shape}] takes ${count * size} bytes, found ${start} to ${end}`,
      );
    }
    tensors.set(tensor, { shape, values: decode(bytes.slice(8 + length + start, 8 + length + end), dtype) });
  }
  return tensors;
}

/** Bytes of an element. */
const WIDTH: ReadonlyMap<string, number> = new Map([
  ["F32", 4],
  ["F16", 2],
  ["BF16", 2],
  ["F64", 8],
  ["I64", 8],
  ["I32", 4],
  ["I16", 2],
  ["I8", 1],
  ["U8", 1],
  ["BOOL", 1],
]);

function decode(bytes: Uint8Array<ArrayBuffer>, dtype: string): Float32Array {
  if (dtype === "F32") return new Float32Array(bytes.buffer);
  if (dtype === "F64") return Float32Array.from(new Float64Array(bytes.buffer));
  if (dtype === "I64") return Float32Array.from(new BigInt64Array(bytes.buffer), Number);
  if (dtype === "I32") return Float32Array.from(new Int32Array(bytes.buffer));
  if (dtype === "I16") return Float32Array.from(new Int16Array(bytes.buffer));
  if (dtype === "I8") return Float32Array.from(new Int8Array(bytes.buffer));
  if (dtype === "U8" || dtype === "BOOL") return Float32Array.from(bytes);
  const halves = new Uint16Array(bytes.buffer);
  if (dtype === "BF16") return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
  return Float32Array.from(halves, (half) => {
    const exponent = half >> 10 & 31, fraction = half & 1023;
    const size = exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
      ? (fraction ? NaN : Infinity)
      : (1 + fraction / 1024) * 2 ** (exponent - 15);
    return half & 0x8000 ? -size : size;
  });
}

/**
 * Writes a safetensors file of float32 tensors, in the order given.
 *
 * @param tensors Tensors by name.
 * @returns The file.
 */
export function writeSafetensors(tensors: ReadonlyMap<string, NamedTensor>): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  let at = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [at, at + values.length * 4] };
    at += values.length * 4;
  }
  let text = JSON.stringify(header);
  text += " ".repeat((8 - new TextEncoder().encode(text).length % 8) % 8); // tensors start aligned
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length + at);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  at = 8 + json.length;
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}
