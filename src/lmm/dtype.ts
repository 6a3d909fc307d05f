/** Element types of weight files, and their way to float32 and back. @module */

/** Bytes of an element, by the names that safetensors gives the types. */
export const WIDTH: ReadonlyMap<string, number> = new Map([
  ["F32", 4],
  ["F16", 2],
  ["BF16", 2],
  ["F64", 8],
  ["I64", 8],
  ["U64", 8],
  ["I32", 4],
  ["U32", 4],
  ["I16", 2],
  ["U16", 2],
  ["I8", 1],
  ["U8", 1],
  ["BOOL", 1],
]);

/** What `transformers` calls the types that a model is saved in. */
export const TORCH_NAMES: Readonly<Record<string, string>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
};

/**
 * Elements as float32. Integers up to 2²⁴ are exact; float64 is rounded, to infinity where it is too large.
 *
 * @param bytes Of whole elements; an F32's are not copied where they begin at a word.
 * @param dtype A type of {@linkcode WIDTH}.
 */
export function decode(bytes: Uint8Array<ArrayBuffer>, dtype: string): Float32Array<ArrayBuffer> {
  const width = WIDTH.get(dtype) ?? 1;
  const { buffer, byteOffset: at, length } = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  const count = length / width;
  if (dtype === "F32") return new Float32Array(buffer, at, count);
  if (dtype === "BF16") return fromBrain(new Uint16Array(buffer, at, count));
  if (dtype === "F16") return new Float32Array(new Float16Array(buffer, at, count));
  if (dtype === "F64") return new Float32Array(new Float64Array(buffer, at, count));
  if (dtype === "I64") return Float32Array.from(new BigInt64Array(buffer, at, count), Number);
  if (dtype === "U64") return Float32Array.from(new BigUint64Array(buffer, at, count), Number);
  if (dtype === "I32") return new Float32Array(new Int32Array(buffer, at, count));
  if (dtype === "U32") return new Float32Array(new Uint32Array(buffer, at, count));
  if (dtype === "I16") return new Float32Array(new Int16Array(buffer, at, count));
  if (dtype === "U16") return new Float32Array(new Uint16Array(buffer, at, count));
  if (dtype === "I8") return new Float32Array(new Int8Array(buffer, at, count));
  return new Float32Array(new Uint8Array(buffer, at, count));
}

/** bfloat16 is the upper half of a float32. */
function fromBrain(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const { length } = halves;
  const bits = new Uint32Array(length);
  for (let i = 0; i < length; i++) bits[i] = halves[i]! << 16;
  return new Float32Array(bits.buffer);
}

/**
 * Float32 as elements of a floating-point type, rounded to the nearest, ties to even; beyond its range to infinity.
 *
 * @param values The values.
 * @param dtype F64, F32, F16 or BF16.
 */
export function encode(values: Float32Array<ArrayBuffer>, dtype: string): Uint8Array<ArrayBuffer> {
  const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  if (dtype === "F16") return bytes(new Float16Array(values));
  if (dtype === "F64") return bytes(new Float64Array(values));
  if (dtype === "BF16") return bytes(toBrain(values));
  return bytes(values);
}

function toBrain(values: Float32Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  const { length } = values;
  const bits = new Uint32Array(values.buffer, values.byteOffset, length);
  const halves = new Uint16Array(length);
  for (let i = 0; i < length; i++) {
    const x = bits[i]!;
    const nan = (x & 0x7fffffff) > 0x7f800000;
    halves[i] = nan ? x >>> 16 | 0x40 : (x + 0x7fff + (x >>> 16 & 1)) >>> 16;
  }
  return halves;
}

/** How many of some values are NaN or infinite. */
export function countNonFinite(values: Float32Array): number {
  const { length } = values;
  const bits = new Uint32Array(values.buffer, values.byteOffset, length);
  let count = 0;
  for (let i = 0; i < length; i++) if ((bits[i]! & 0x7f800000) === 0x7f800000) count++;
  return count;
}

/** The largest magnitude of some finite values. */
export function largest(values: Float32Array): number {
  const { length } = values;
  const bits = new Uint32Array(values.buffer, values.byteOffset, length);
  let most = 0;
  // Without their sign, the bits of floats are in the floats' order.
  for (let i = 0; i < length; i++) {
    const x = bits[i]! & 0x7fffffff;
    if (x > most) most = x;
  }
  return new Float32Array(Uint32Array.of(most).buffer)[0]!;
}
