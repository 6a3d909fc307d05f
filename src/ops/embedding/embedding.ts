/** Token embeddings with image features in their places. @module */
import { type Kernel, spread } from "../../gpu/kernel/kernel.ts";
import type { Tape } from "../../autograd/tape.ts";
import { rowPieces } from "../../autograd/pieces.ts";
import { BYTES, expectShape, type Tensor } from "../../autograd/tensor.ts";
import featuresWgsl from "../../../kernels/embedding_features.wgsl" with { type: "text" };
import forwardWgsl from "../../../kernels/embedding.wgsl" with { type: "text" };
import tableWgsl from "../../../kernels/embedding_table.wgsl" with { type: "text" };

interface Shape {
  /** Rows, features, or entries of `held`. */
  count: number;
  width: number;
  /** Backward: whether to add. */
  add: boolean;
  /** First of the table's entries that are bound. */
  first: number;
  /** End of these (excluded). */
  end: number;
}

function kernel(name: string, wgsl: string, bindings: readonly string[]): Kernel<Shape> {
  return {
    name,
    wgsl,
    constants: () => ({}),
    bindings: () => bindings,
    f16: ["y", "table", "features"],
    params: ({ count, width, add, first, end }) => [count, width, Number(add), first, end],
    workgroup: () => 64,
    groups: ({ count, width }, workgroup) => spread(count * width, workgroup),
  };
}

/** y, of the table and the features. */
export const embeddingForward = kernel("embedding", forwardWgsl, ["y", "table", "ids", "features", "image"]);
/** The gradient of the features. */
export const embeddingFeatures = kernel("embedding_features", featuresWgsl, ["dy", "d_features", "place"]);
/** The gradient of the table. */
export const embeddingTable = kernel("embedding_table", tableWgsl, ["dy", "d_table", "held", "rows"]);

/** Most rows: four are a loop trip of the table's gradient, 1,024 three more, and 65,535 is a known driver's limit. */
const MAX_ROWS = 256_000;

/** Which row shows what; all int32, made by {@linkcode indexTokens}. */
export interface TokenIndex {
  /** [rows] token id, -1 in padding. */
  ids: Tensor;
  /** [rows] image feature shown in the row, or -1. */
  image: Tensor;
  /** [features] the row that shows the feature, or -1. */
  place: Tensor;
  /** [entries, 3] id, first and end in `rows`, for the deterministic gradient of the table. */
  held: Tensor;
  /** [rows] rows sorted by id. */
  rows: Tensor;
}

/**
 * y[r] = features[image[r]] where the row shows an image feature, else table[ids[r]].
 *
 * @param table [vocabulary, width]
 * @param features [features, width]: projected image patches.
 * @returns [rows, width]
 */
export function embedding(tape: Tape, table: Tensor, features: Tensor, index: TokenIndex): Tensor {
  const [rows = 0] = index.ids.shape;
  const [, width = 0] = table.shape;
  const [count = 0] = features.shape;
  const [entries = 0] = index.held.shape;
  if (rows > MAX_ROWS) throw new Error(`embedding: ${rows} rows are over ${MAX_ROWS}; split the batch`);
  expectShape("embedding", "features", features.shape, [-1, width]);
  expectShape("embedding", "image", index.image.shape, [rows]);
  expectShape("embedding", "place", index.place.shape, [count]);
  const y = tape.result([rows, width], "embedding");
  const [vocab = 0] = table.shape;
  /** A table's parts, each of which fits a binding. */
  const parts = (of: Tensor) =>
    rowPieces(tape.gpu, vocab, width * BYTES[of.dtype]).map(({ first, count }) => ({
      part: count === vocab ? of : of.rows(first, count),
      first,
      end: first + count,
    }));
  for (const { part, ...range } of parts(table)) {
    const tensors = [y, part, index.ids, features, index.image];
    tape.dispatch(embeddingForward, { count: rows, width, add: false, ...range }, tensors);
  }
  if (!tape.needsGrad(table, features)) return y;
  tape.differentiable(y, (dy) => {
    const df = tape.target(features);
    if (df) {
      const shape = { count, width, add: df.add, first: 0, end: vocab };
      tape.dispatch(embeddingFeatures, shape, [dy, df.tensor, index.place]);
    }
    const dt = tape.target(table);
    if (!dt) return;
    if (!dt.add) {
      throw new Error("embedding: the table must be a parameter with a gradient tensor of its own");
    }
    for (const { part, ...range } of parts(dt.tensor)) {
      const shape = { count: entries, width, add: true, ...range };
      tape.dispatch(embeddingTable, shape, [dy, part, index.held, index.rows]);
    }
  });
  return y;
}

/** Host arrays for a {@linkcode TokenIndex}. */
export interface TokenIndexArrays {
  /** As {@linkcode TokenIndex.ids}. */
  ids: Int32Array;
  /** As {@linkcode TokenIndex.image}. */
  image: Int32Array;
  /** As {@linkcode TokenIndex.place}. */
  place: Int32Array;
  /** As {@linkcode TokenIndex.held}. */
  held: Int32Array;
  /** As {@linkcode TokenIndex.rows}. */
  rows: Int32Array;
}

/** Options of {@linkcode indexTokens}. */
export interface TokenIndexOptions {
  /** Id of the image placeholder; below 0 for none. */
  imageId: number;
  /** Rows of the tensors, at least as many as tokens; the rest is padding. */
  rows: number;
  /** Number of image feature rows; placeholders take them in order. */
  features: number;
  /** Number of features that are shown; the rest is padding. All if left out. */
  used?: number;
  /** The token whose row of the table gets no gradient, as with PyTorch's padding_idx. */
  padding?: number | undefined;
}

/**
 * Sorts the rows of a batch for {@linkcode embedding}.
 *
 * @param tokens Token ids of all sequences, one after the other; `imageId` marks a place for an image feature.
 * @param options Sizes, and which ids mean something else.
 * @throws {Error} If there are more or fewer placeholders than `used` features, or more tokens than rows.
 */
export function indexTokens(
  tokens: Int32Array,
  { imageId, rows, features, used = features, padding }: TokenIndexOptions,
): TokenIndexArrays {
  if (tokens.length > rows) throw new Error(`${tokens.length} tokens do not fit into ${rows} rows`);
  const ids = new Int32Array(rows).fill(-1), image = new Int32Array(rows).fill(-1);
  const place = new Int32Array(features).fill(-1);
  let next = 0;
  const byId = new Map<number, number[]>();
  tokens.forEach((id, row) => {
    if (id === imageId) {
      if (next < used) place[next] = row;
      image[row] = next++;
      return;
    }
    ids[row] = id;
    if (id === padding) return;
    const list = byId.get(id);
    if (list) list.push(row);
    else byId.set(id, [row]);
  });
  if (next !== used) {
    throw new Error(`expected ${used} image placeholders for as many features, found ${next}`);
  }
  const held = new Int32Array(rows * 3), sorted = new Int32Array(rows);
  let at = 0, entry = 0;
  for (const id of [...byId.keys()].sort((a, b) => a - b)) {
    const list = byId.get(id)!;
    held.set([id, at, at + list.length], 3 * entry++);
    sorted.set(list, at);
    at += list.length;
  }
  return { ids, image, place, held, rows: sorted };
}
