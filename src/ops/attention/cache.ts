/** The key-value cache of generation. @module */
import type { Heads } from "./attention.ts";
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

/**
 * Copies keys and values of each row into the cache.
 *
 * @param qkv [rows, (heads + 2·groups)·headSize], rotated.
 * @param place [rows] int32 row of the cache, negative for none.
 * @param kept The cache, [places, 2·groups·headSize].
 */
export function keep(tape: Tape, qkv: Tensor, place: Tensor, kept: Tensor, { heads, headSize }: Heads) {
  const [rows = 0] = qkv.shape;
  const width = kept.shape[1] ?? 0, skip = heads * headSize;
  expectShape("cache", "qkv", qkv.shape, [rows, skip + width]);
  expectShape("cache", "place", place.shape, [rows]);
  tape.dispatch(cacheKernel, { rows, skip, width }, [qkv, place, kept]);
}
