/** Operations of generation: the key-value cache, attention over it, and taking the next token. @module */
import type { Heads } from "./attention.ts";
import { f32, type Kernel, line } from "../gpu/kernel.ts";
import type { Tape } from "../autograd/tape.ts";
import { expectShape, type Tensor } from "../autograd/tensor.ts";
import advanceWgsl from "../../kernels/advance.wgsl" with { type: "text" };
import attentionWgsl from "../../kernels/cached_attention.wgsl" with { type: "text" };
import cacheWgsl from "../../kernels/cache.wgsl" with { type: "text" };

const cacheKernel: Kernel<{ rows: number; skip: number; width: number }> = {
  name: "cache",
  wgsl: cacheWgsl,
  constants: () => ({}),
  bindings: () => ["qkv", "place", "kept"],
  params: ({ rows, skip, width }) => [rows, skip, width],
  groups: ({ rows, width }) => line(rows * width, 64),
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
  expectShape("cache", "place", place.shape, [rows]);
  const width = kept.shape[1] ?? 0;
  tape.dispatch(cacheKernel, { rows, skip: heads * headSize, width }, [qkv, place, kept]);
}

const cachedAttentionKernel: Kernel<Heads & { rows: number; length: number }> = {
  name: "cached_attention",
  wgsl: attentionWgsl,
  constants: ({ headSize }) => ({ D4: headSize / 4, D4MORE: headSize / 4 - 1 }),
  bindings: () => ["qkv", "kept", "position", "o"],
  params: ({ rows, heads, groups, headSize, length }) => [rows, heads, groups, length, f32(1 / Math.sqrt(headSize))],
  groups: ({ rows, heads }) => line(rows * heads, 8),
};

/**
 * Attention of one row a sequence over its cache; no gradient.
 *
 * @param qkv [rows, (heads + 2·groups)·headSize], rotated, already kept.
 * @param kept [rows·length, 2·groups·headSize]
 * @param position [rows] int32: the row's own place, the last it sees.
 * @returns [rows, heads·headSize]
 */
export function cachedAttention(tape: Tape, qkv: Tensor, kept: Tensor, position: Tensor, layout: Heads): Tensor {
  const [rows = 0] = qkv.shape;
  const length = (kept.shape[0] ?? 0) / rows;
  const o = tape.empty([rows, layout.heads * layout.headSize], "attention");
  tape.dispatch(cachedAttentionKernel, { ...layout, rows, length }, [qkv, kept, position, o]);
  return o;
}

/** What moves on with every generated token; all int32, with buffers of their own. */
export interface GenerationState {
  /** [rows] the last token. */
  token: Tensor;
  /** [rows] its place in the sequence. */
  position: Tensor;
  /** [rows] its row of the cache. */
  place: Tensor;
  /** [rows, 2] tokens taken; done or not. */
  state: Tensor;
  /** [rows, most] the tokens. */
  output: Tensor;
}

const advanceKernel: Kernel<{ rows: number; vocab: number; stop: number; most: number; chosen: boolean }> = {
  name: "advance",
  wgsl: advanceWgsl,
  constants: ({ chosen }) => ({ CHOSEN: Number(chosen) }),
  bindings: ({ chosen }) => ["token", "position", "place", "state", "output", ...(chosen ? [] : ["z"])],
  params: ({ rows, vocab, stop, most }) => [rows, vocab, stop, most],
  groups: ({ rows }) => [Math.ceil(rows / 8), 1, 1],
};

/**
 * Takes the next token of every row and moves on.
 *
 * @param z Logits [rows, vocabulary] for the greedy choice; left out, `token` holds what the host chose.
 * @param stop The token that ends a sequence.
 */
export function advance(tape: Tape, s: GenerationState, stop: number, z?: Tensor) {
  const [rows = 0, most = 0] = s.output.shape;
  const shape = { rows, vocab: z?.shape[1] ?? 0, stop, most, chosen: z === undefined };
  const tensors = [s.token, s.position, s.place, s.state, s.output];
  tape.dispatch(advanceKernel, shape, z ? [...tensors, z] : tensors);
}
