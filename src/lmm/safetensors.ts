/** The safetensors format in memory: a JSON header, then the bytes of every tensor. @module */
import { decode } from "./dtype.ts";
import { HEADER_START, headerLength, parseHeader } from "./safetensors_header.ts";

/** A tensor of a file, as float32 (integers up to 2²⁴ are exact). */
export interface NamedTensor {
  /** Sizes; empty for a scalar. */
  shape: number[];
  /** Row by row. */
  values: Float32Array;
}

/**
 * Reads a safetensors file. Floats of 16, 32 and 64 bits, integers and booleans become float32.
 *
 * @param bytes The whole file.
 * @param name Its name, for messages.
 * @returns Tensors by name.
 * @throws {InputError} If the file is cut short, its header is broken, or a tensor has another type.
 */
export function readSafetensors(bytes: Uint8Array, name = "model.safetensors"): Map<string, NamedTensor> {
  const length = headerLength(bytes.subarray(0, HEADER_START), bytes.length, name);
  const entries = parseHeader(bytes.subarray(HEADER_START, HEADER_START + length), bytes.length, name);
  return new Map(entries.map(({ name, dtype, shape, start, bytes: size }) => {
    return [name, { shape, values: decode(bytes.slice(start, start + size), dtype) }];
  }));
}

/** What a header says of a tensor that is to be written. */
export interface TensorToWrite {
  /** Its name. */
  name: string;
  /** The type of its elements. */
  dtype: string;
  /** Sizes. */
  shape: readonly number[];
  /** Its bytes. */
  bytes: number;
}

/**
 * The bytes before the tensors of a file.
 *
 * @param tensors In the order in which their bytes follow.
 */
export function writeHeader(tensors: readonly TensorToWrite[]): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  let at = 0;
  for (const { name, dtype, shape, bytes } of tensors) {
    header[name] = { dtype, shape, data_offsets: [at, at += bytes] };
  }
  let text = JSON.stringify(header);
  text += " ".repeat((8 - new TextEncoder().encode(text).length % 8) % 8); // tensors start aligned
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(HEADER_START + json.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, HEADER_START);
  return bytes;
}

/**
 * Writes a safetensors file of float32 tensors, in the order given.
 *
 * @param tensors Tensors by name.
 * @returns The file.
 */
export function writeSafetensors(tensors: ReadonlyMap<string, NamedTensor>): Uint8Array<ArrayBuffer> {
  const header = writeHeader(
    [...tensors].map(([name, { shape, values }]) => ({
      name,
      dtype: "F32",
      shape,
      bytes: values.byteLength,
    })),
  );
  const size = [...tensors.values()].reduce((sum, { values }) => sum + values.byteLength, header.length);
  const bytes = new Uint8Array(size);
  bytes.set(header);
  let at = header.length;
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}
