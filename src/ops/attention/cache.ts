/** The key-value cache of generation. @module */
import { type Heads, paddedHead } from "./attention.ts";
import { resizeColumns } from "../resize_columns.ts";
import { type Kernel, spread } from "../../gpu/kernel/kernel.ts";
import type { Tape } from "../../autograd/tape.ts";
import { expectShape, type Tensor } from "../../autograd/tensor.ts";
import cacheWgsl from "../../../kernels/cache.wgsl" with { type: "text" };

/** Into the cache. */
export const cacheKernel: Kernel<{ rows: number; skip: number; width: number }> = {
  name: "cache",
  wgsl: cacheWgsl,
  constants: () => ({}),
  bindings: () => ["qkv", "place", "kept"],
  params: ({ rows, skip, width }) => [rows, skip, width],
  workgroup: () => 64,
  groups: ({ rows, width }, workgroup) => spread(rows * width, workgroup),
};

/** Floats of a row of the cache: keys and values of a token, each head as long as kernels take it. */
export function cacheWidth({ groups, headSize }: Pick<Heads, "groups" | "headSize">): number {
  return 2 * groups * paddedHead(headSize);
}

/**
 * Copies keys and values of each row into the cache.
 *
 * @param qkv [rows, (heads + 2·groups)·headSize], rotated.
 * @param place [rows] int32 row of the cache, negative for none.
 * @param kept The cache, [places, {@linkcode cacheWidth}].
 */
export function keep(tape: Tape, qkv: Tensor, place: Tensor, kept: Tensor, layout: Heads) {
  const { heads, groups, headSize } = layout, size = paddedHead(headSize);
  const [rows = 0] = qkv.shape;
  const width = cacheWidth(layout);
  expectShape("cache", "qkv", qkv.shape, [rows, (heads + 2 * groups) * headSize]);
  expectShape("cache", "cache", kept.shape, [-1, width]);
  expectShape("cache", "place", place.shape, [rows]);
  const from = size === headSize ? qkv : resizeColumns(tape, qkv, headSize, size);
  tape.dispatch(cacheKernel, { rows, skip: heads * size, width }, [from, place, kept]);
}
