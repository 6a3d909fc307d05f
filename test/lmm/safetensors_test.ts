import { assert, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { readSafetensors, writeSafetensors } from "../../src/lmm/safetensors.ts";
import { Random } from "../../src/random.ts";

/** A file of the given header and bytes. */
function file(header: unknown, bytes: Uint8Array | number = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const body = typeof bytes === "number" ? new Uint8Array(bytes) : bytes;
  const all = new Uint8Array(8 + text.length + body.length);
  new DataView(all.buffer).setBigUint64(0, BigInt(text.length), true);
  all.set(text, 8);
  all.set(body, 8 + text.length);
  return all;
}

/** One tensor of a type, read back. */
function read(dtype: string, array: ArrayBufferView, count: number): number[] {
  const bytes = new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
  const header = { x: { dtype, shape: [count], data_offsets: [0, bytes.length] } };
  return [...readSafetensors(file(header, bytes)).get("x")!.values];
}

Deno.test("safetensors: what is written is read, in order and to the bit", () => {
  const values = Float32Array.of(0, -0, 1 / 3, 3.4e38, -1e-45, Infinity, NaN);
  const tensors = new Map([
    ["b", { shape: [7], values }],
    ["a", { shape: [2, 1, 3], values: values.subarray(0, 6) }],
    ["none", { shape: [0, 4], values: new Float32Array(0) }],
    ["ein Name mit Ümlaut", { shape: [], values: Float32Array.of(5) }],
  ]);
  const bytes = writeSafetensors(tensors);
  const found = readSafetensors(bytes);
  assertEquals([...found], [...tensors]);
  assertEquals(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8, 0, "tensors start aligned");
  // As a part of a larger array, at an odd place.
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  assertEquals([...readSafetensors(shifted.subarray(3))], [...tensors]);
});

Deno.test("safetensors: every type", () => {
  assertEquals(
    read(
      "F16",
      Uint16Array.of(0, 0x8000, 0x3c00, 0xc000, 1, 0x03ff, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x3555),
      12,
    ),
    [0, -0, 1, -2, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, Infinity, -Infinity, NaN, 0.333251953125],
  );
  assertEquals(
    read("BF16", Uint16Array.of(0, 0x8000, 0x3f80, 0xc000, 1, 0x7f7f, 0x7f80, 0xff80, 0x7fc0, 0x3eab), 10),
    [0, -0, 1, -2, 2 ** -133, 3.3895313892515355e38, Infinity, -Infinity, NaN, 0.333984375],
  );
  assertEquals(read("F64", Float64Array.of(0.1, -1e300, 2 ** -149), 3), [
    Math.fround(0.1),
    -Infinity,
    2 ** -149,
  ]);
  assertEquals(read("I64", BigInt64Array.of(-1n, 16_777_216n), 2), [-1, 16_777_216]);
  assertEquals(read("I32", Int32Array.of(-7, 32_000), 2), [-7, 32_000]);
  assertEquals(read("I16", Int16Array.of(-7, 32_000), 2), [-7, 32_000]);
  assertEquals(read("I8", Int8Array.of(-7, 127), 2), [-7, 127]);
  assertEquals(read("U8", Uint8Array.of(7, 255), 2), [7, 255]);
  assertEquals(read("BOOL", Uint8Array.of(0, 1), 2), [0, 1]);
});

Deno.test("safetensors: broken files are named", () => {
  const good = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
  const broken: [Uint8Array, string][] = [
    [new Uint8Array(0), "m.safetensors: the file is empty"],
    [new Uint8Array(7), "expected a header, found 7 bytes"],
    [new Uint8Array(16).fill(255), "it is cut short or of another kind"],
    [file({ x: good }, 8).subarray(0, 20), "cut short"],
    [file("{"), "the header is not JSON"],
    [file("[1]"), "the header is not an object"],
    [file("null"), "the header is not an object"],
    [file({ x: null }), "tensor x: expected an object"],
    [file({ x: 3 }), "tensor x: expected an object"],
    [file({ x: {} }), "tensor x: shape or data_offsets are missing"],
    [file({ x: { ...good, shape: [2.5] } }, 8), "tensor x: shape or data_offsets are missing"],
    [file({ x: { ...good, shape: [-2] } }, 8), "tensor x: shape or data_offsets are missing"],
    [file({ x: { ...good, data_offsets: [0] } }, 8), "tensor x: F32 [2] takes 8 bytes, found 0 to 0"],
    [file({ x: { ...good, data_offsets: [0, 8, 9] } }, 8), "tensor x: F32 [2] takes 8 bytes"],
    [file({ x: { ...good, dtype: "F8_E4M3" } }, 8), 'found "F8_E4M3"'],
    [file({ x: { ...good, dtype: "constructor" } }, 8), 'found "constructor"'],
    [file({ x: { ...good, dtype: undefined } }, 8), "found undefined"],
    [file({ x: good }, 7), "tensor x: F32 [2] takes 8 bytes, found 0 to 8"],
    [file({ x: { ...good, shape: [1e9, 1e9] } }, 8), "tensor x: F32 [1000000000,1000000000] takes"],
  ];
  for (const [bytes, message] of broken) {
    assertThrows(() => readSafetensors(bytes, "m.safetensors"), InputError, message);
  }
});

Deno.test("safetensors: no damage leads to anything but an InputError", () => {
  const random = new Random("damage");
  const names = ["language_model.model.norm.weight", "a", "b"];
  const whole = writeSafetensors(
    new Map(
      names.map((name, i) => [name, { shape: [i + 1, 2], values: new Float32Array(2 * i + 2).fill(i) }]),
    ),
  );
  let refused = 0;
  for (let round = 0; round < 3000; round++) {
    const bytes = whole.slice(0, random.next() < 0.3 ? random.int(whole.length) : whole.length);
    for (let n = random.int(4); n > 0 && bytes.length > 0; n--) {
      bytes[random.int(bytes.length)] = random.int(256);
    }
    try {
      for (const { shape, values } of readSafetensors(bytes).values()) {
        assertEquals(values.length, shape.reduce((product, size) => product * size, 1));
      }
    } catch (error) {
      assert(error instanceof InputError, `${error}`);
      refused++;
    }
  }
  assert(refused > 1000, `${refused} of 3000 refused`);
});
