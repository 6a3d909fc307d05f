/** Attention over the key-value cache. @module */
import { type Heads, paddedHead } from "./attention.ts";
import { cacheWidth } from "./cache.ts";
import { resizeColumns } from "../resize_columns.ts";
import { blockConstants } from "./attention_pass.ts";
import type { Tape } from "../../autograd/tape.ts";
import { expectShape, type Tensor } from "../../autograd/tensor.ts";
import { type AdapterKind, adapterKind } from "../../gpu/kernel/adapter_kind.ts";
import { f32, type Kernel, spread } from "../../gpu/kernel/kernel.ts";
import attentionWgsl from "../../../kernels/cached_attention.wgsl" with { type: "text" };
import joinWgsl from "../../../kernels/cached_attention_join.wgsl" with { type: "text" };

/** Attention over the cache, and how it is dealt to invocations. */
export interface CachedAttention extends Heads {
  /** New rows. */
  rows: number;
  /** Heads an invocation, of those that share keys. */
  tile: number;
  /** Invocations among which a sequence's cached rows are dealt. */
  splits: number;
  /** Most cached rows that a row may see. */
  length: number;
  /** By which scores are multiplied; 1/√headSize if left out. */
  scale?: number;
}

/** The whole of it, or parts of it. */
export const cachedAttentionKernel: Kernel<CachedAttention> = {
  name: "cached_attention",
  wgsl: attentionWgsl,
  constants: ({ headSize, tile, splits, length }) => ({
    D4: headSize / 4,
    HEADS: tile,
    SPLIT: Number(splits > 1),
    ...blockConstants(Math.ceil(length / splits), splits > 1 ? SPLIT_BLOCK : undefined),
  }),
  bindings: ({ splits }) => ["qkv", "kept", "position", "place", ...(splits > 1 ? ["parts", "sums"] : ["o"])],
  params: (
    { rows, heads, groups, headSize, splits, scale = 1 / Math.sqrt(headSize) },
  ) => [rows, heads, groups, splits, f32(scale)],
  groups: ({ rows, heads, groups, tile, splits }, workgroup) =>
    spread(rows * groups * Math.ceil(heads / groups / tile) * splits, workgroup),
};

/** The parts put together. */
export const cachedAttentionJoin: Kernel<CachedAttention> = {
  name: "cached_attention_join",
  wgsl: joinWgsl,
  constants: ({ headSize }) => ({ D4: headSize / 4 }),
  bindings: () => ["parts", "sums", "o"],
  params: ({ rows, heads, headSize, splits }) => [rows * heads * headSize / 4, splits],
  groups: ({ rows, heads, headSize }, workgroup) => spread(rows * heads * headSize / 4, workgroup),
};

/** Rows that are added up before they go into a second sum, where few rows see a cache so long that it is dealt. */
const SPLIT_BLOCK = 256;

/** Values of queries that an invocation of a CPU driver holds: as many as attention_forward.wgsl's. */
const HELD = 256;

/**
 * Invocations that a device wants at least, and among how many a sequence is dealt to get there. On a CPU driver loads
 * take the time, so that two vectors of lanes, one a core, are enough.
 */
const SPLITS = { cpu: { enough: 64, splits: 16 }, gpu: { enough: 2048, splits: 64 } } as const;

/**
 * Deals attention over the cache to invocations; by the shape alone, so that the same shape gives the same bits.
 *
 * @param kind A CPU driver, where loads are dear: an invocation takes several heads that share keys. Or a GPU.
 */
export function dealCachedAttention(
  layout: Heads & { rows: number; length: number },
  kind: AdapterKind,
): CachedAttention {
  const { rows, heads, groups, headSize } = layout;
  const shared = heads / groups;
  const most = kind === "cpu" ? Math.max(1, Math.floor(HELD / headSize)) : 1;
  const tiles = Math.ceil(shared / most);
  const { enough, splits } = SPLITS[kind];
  return {
    ...layout,
    tile: Math.ceil(shared / tiles),
    splits: rows * groups * tiles >= enough ? 1 : splits,
  };
}

/** Rows that an invocation may walk over: with two trips a block they stay under 65,535, where a known driver cuts loops. */
const LOOP_LIMIT = 65_000;

/**
 * Attention of new rows over the cache; no gradient. A row sees its sequence up to itself: several new rows of one
 * sequence see each other as in {@linkcode attention}, once all of them are kept.
 *
 * @param qkv [rows, (heads + 2·groups)·headSize], rotated, already kept.
 * @param kept [places, cacheWidth of cache.ts]
 * @param at `position` [rows] int32: places of the rows in their sequences; `place` [rows] int32: their rows of the
 * cache, negative for padding. A sequence lies in one piece, so that it begins at place − position.
 * @param length Most cached rows that a row may see.
 * @returns [rows, heads·headSize]; 0 in padding.
 * @throws {Error} If shapes do not fit, or a sequence is so long that a driver would cut the loop over it.
 */
export function cachedAttention(
  tape: Tape,
  qkv: Tensor,
  kept: Tensor,
  at: { position: Tensor; place: Tensor },
  layout: Heads,
  length: number,
): Tensor {
  const { heads, groups, headSize } = layout;
  const [rows = 0] = qkv.shape, [places = 0] = kept.shape;
  expectShape("cached attention", "qkv", qkv.shape, [rows, (heads + 2 * groups) * headSize]);
  expectShape("cached attention", "cache", kept.shape, [places, cacheWidth(layout)]);
  expectShape("cached attention", "position", at.position.shape, [rows]);
  expectShape("cached attention", "place", at.place.shape, [rows]);
  const size = paddedHead(headSize);
  if (size !== headSize) {
    const padded = resizeColumns(tape, qkv, headSize, size);
    const own = { ...layout, headSize: size, rows, length, scale: 1 / Math.sqrt(headSize) };
    const o = attend(tape, [padded, kept, at.position, at.place], own);
    return resizeColumns(tape, o, size, headSize).view([rows, heads * headSize]);
  }
  return attend(tape, [qkv, kept, at.position, at.place], { ...layout, rows, length });
}

function attend(
  tape: Tape,
  from: readonly Tensor[],
  own: Heads & Pick<CachedAttention, "rows" | "length" | "scale">,
): Tensor {
  const { rows, heads, headSize, length } = own;
  const shape = { ...dealCachedAttention(own, adapterKind(tape.gpu)), ...own };
  const { splits } = shape;
  if (Math.ceil(length / splits) > LOOP_LIMIT) {
    throw new Error(`cached attention: ${length} rows are over ${LOOP_LIMIT * splits}; shorten the sequence`);
  }
  const o = tape.empty([rows, heads * headSize], "attention");
  if (splits === 1) {
    tape.dispatch(cachedAttentionKernel, shape, [...from, o]);
    return o;
  }
  const parts = tape.empty([rows * heads, splits, headSize], "attention parts");
  const sums = tape.empty([rows * heads, splits, 2], "attention sums");
  tape.dispatch(cachedAttentionKernel, shape, [...from, parts, sums]);
  tape.dispatch(cachedAttentionJoin, shape, [parts, sums, o]);
  return o;
}
