import { assert, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import {
  batchArrays,
  batchSize,
  checkSequence,
  joinImages,
  roundUp,
  type Sequence,
} from "../../src/lmm/batch.ts";
import type { Lmm } from "../../src/lmm/lmm.ts";

const IMAGE = 3;
const sequence = (ids: number[], images: number[][] = []): Sequence => ({
  ids: Int32Array.from(ids),
  images: images.map((image) => Float32Array.from(image)),
});

Deno.test("sizes that programs are made for", () => {
  assertEquals([0, 1, 32, 33, 100, 256, 257].map(roundUp), [32, 32, 32, 64, 128, 256, 288]);
  let sizes = new Set<number>();
  for (let n = 1; n <= 10_000; n++) {
    const size = roundUp(n);
    assert(size >= n && size <= Math.max(32, n + Math.max(32, n / 8)), `${n} -> ${size}`);
    sizes = sizes.add(size);
  }
  assert(sizes.size < 60, `${sizes.size} programs`);
  assertEquals(batchSize([sequence([1, 2])]), { rows: 32, images: 1 });
  assertEquals(batchSize([sequence([IMAGE, 2], [[1]]), sequence([IMAGE, IMAGE], [[1], [2]])]), {
    rows: 32,
    images: 3,
  });
});

const SIZES = { imageTokens: 2, imageId: IMAGE, paddingId: undefined };

Deno.test("a batch's arrays: packed, images in order", () => {
  const sequences = [
    sequence([5, IMAGE, IMAGE, 7], [[1, 2]]),
    sequence([7, 5, 5]),
    sequence([IMAGE, IMAGE], [[3, 4]]),
  ];
  const size = { rows: 11, images: 3 };
  const arrays = batchArrays(sequences, size, SIZES);
  assertEquals([...arrays.ids], [5, -1, -1, 7, 7, 5, 5, -1, -1, -1, -1]);
  assertEquals([...arrays.image], [-1, 0, 1, -1, -1, -1, -1, 2, 3, -1, -1]);
  assertEquals([...arrays.place], [1, 2, 7, 8, -1, -1]);
  assertEquals([...arrays.positions], [0, 1, 2, 3, 0, 1, 2, 0, 1, 0, 0]);
  assertEquals([...arrays.span.subarray(0, 8)], [0, 4, 0, 4, 0, 4, 0, 4]);
  assertEquals([...arrays.span.subarray(18)], [0, 0, 0, 0]);
  assertEquals([...arrays.held.subarray(0, 9)], [5, 0, 3, 7, 3, 5, 0, 0, 0]);
  assertEquals([...arrays.rows.subarray(0, 5)], [0, 5, 6, 3, 4]);
  assertEquals([...joinImages(sequences, 3, 2)], [1, 2, 3, 4, 0, 0]);
});

Deno.test("placeholders and images must match", () => {
  const size = { rows: 8, images: 1 };
  assertThrows(
    () => batchArrays([sequence([IMAGE], [[1]])], size, SIZES),
    Error,
    "expected 2 image placeholders",
  );
  assertThrows(
    () => batchArrays([sequence([IMAGE, 4])], size, SIZES),
    Error,
    "expected 0 image placeholders",
  );
  assertThrows(
    () => joinImages([sequence([IMAGE], [[1]])], 1, 2),
    Error,
    "expected 2 values an image, found 1",
  );
});

Deno.test("a sequence that makes attention loop too long on a CPU driver is refused, with its name", () => {
  const sizes = { vocabulary: 10, maxPositions: 20_000, imageId: IMAGE, imageTokens: 4 };
  const heads = { heads: 4, groups: 1, headSize: 4 };
  const long = sequence(new Array<number>(8192).fill(5));
  const check = (isFallbackAdapter: boolean) => {
    const seen = { ...sizes, heads, gpu: { facts: { isFallbackAdapter } } } as Lmm;
    checkSequence(seen, long, 1, "sample vqa/7");
  };
  assertThrows(() => check(true), InputError, "sample vqa/7: 8192 tokens make attention loop 65536 times");
  check(false);
});
