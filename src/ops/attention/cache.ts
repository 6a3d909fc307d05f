/** Operations of generation: the key-value cache, attention over it, and taking the next token. @module */
import type { Heads } from "./attention.ts";
import { f32, type Kernel, spread } from "../../gpu/kernel/kernel.ts";
import type { Tape } from "../../autograd/tape.ts";
import { expectShape, type Tensor } from "../../autograd/tensor.ts";
import advanceWgsl from "../../../kernels/advance.wgsl" with { type: "text" };
import attentionWgsl from "../../../kernels/cached_attention.wgsl" with { type: "text" };
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

/** Attention over the cache. */
export const cachedAttentionKernel: Kernel<Heads & { rows: number; length: number }> = {
  name: "cached_attention",
  wgsl: attentionWgsl,
  constants: ({ headSize }) => ({ D4: headSize / 4, D4MORE: headSize / 4 - 1 }),
  bindings: () => ["qkv", "kept", "position", "o"],
  params: (
    { rows, heads, groups, headSize, length },
  ) => [rows, heads, groups, length, f32(1 / Math.sqrt(headSize))],
  groups: ({ rows, heads }, workgroup) => spread(rows * heads, workgroup),
};

/**
 * Attention of one row a sequence over its cache; no gradient.
 *
 * @param qkv [rows, (heads + 2·groups)·headSize], rotated, already kept.
 * @param kept [rows·length, 2·groups·headSize]
 * @param position [rows] int32: the row's own place, the last it sees.
 * @returns [rows, heads·headSize]
 * @throws {Error} If shapes do not fit.
 */
export function cachedAttention(
  tape: Tape,
  qkv: Tensor,
  kept: Tensor,
  position: Tensor,
  layout: Heads,
): Tensor {
  const { heads, groups, headSize } = layout;
  const [rows = 0] = qkv.shape, [places = 0] = kept.shape;
  const length = places / rows;
  if (!Number.isInteger(length)) {
    throw new Error(`cached attention: ${places} places are not shared by ${rows} rows`);
  }
  expectShape("cached attention", "qkv", qkv.shape, [rows, (heads + 2 * groups) * headSize]);
  expectShape("cached attention", "cache", kept.shape, [places, 2 * groups * headSize]);
  expectShape("cached attention", "position", position.shape, [rows]);
  const o = tape.empty([rows, heads * headSize], "attention");
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

/** The next token. */
export const advanceKernel: Kernel<
  { rows: number; vocab: number; stop: number; most: number; chosen: boolean }
> = {
  name: "advance",
  wgsl: advanceWgsl,
  constants: ({ chosen }) => ({ CHOSEN: Number(chosen) }),
  bindings: ({ chosen }) => ["token", "position", "place", "state", "output", ...(chosen ? [] : ["z"])],
  params: ({ rows, vocab, stop, most }) => [rows, vocab, stop, most],
  groups: ({ rows }, workgroup) => [Math.ceil(rows / workgroup), 1, 1],
};

/** Largest vocabulary: four entries are one loop trip, and 65,535 trips is a known driver's limit. */
const MAX_VOCAB = 262_140;

/**
 * Takes the next token of every row and moves on.
 *
 * @param stop The token that ends a sequence.
 * @param z Logits [rows, vocabulary] for the greedy choice; left out, `token` holds what the host chose.
 * @throws {Error} If shapes do not fit or the vocabulary is over 262,140.
 */
export function advance(tape: Tape, s: GenerationState, stop: number, z?: Tensor) {
  const [rows = 0, most = 0] = s.output.shape;
  if (z) expectShape("advance", "logits", z.shape, [rows, -1]);
  if (z && z.shape[1]! > MAX_VOCAB) {
    throw new Error(`advance: a vocabulary of ${z.shape[1]} is over ${MAX_VOCAB}`);
  }
  const shape = { rows, vocab: z?.shape[1] ?? 0, stop, most, chosen: z === undefined };
  const tensors = [s.token, s.position, s.place, s.state, s.output];
  tape.dispatch(advanceKernel, shape, z ? [...tensors, z] : tensors);
}
