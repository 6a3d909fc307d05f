/** Products whose matrices are larger than a binding may be, cut into pieces. @module */
import type { Tensor } from "../../autograd/tensor.ts";
import { alignedRows, ALIGNMENT } from "../../autograd/pieces.ts";
import { BYTES } from "../../autograd/tensor.ts";
import type { Layout, Pitches, Product } from "./product.ts";

/** A part of a size. */
export interface Range {
  /** Where it begins. */
  first: number;
  /** How long it is. */
  count: number;
}

/** A part of a product: rows and columns of Y, and of the inner size. */
export type Piece = Readonly<Record<"m" | "n" | "k", Range>>;

/** Which sizes the rows and columns of a matrix are. */
type Lie = readonly [rows: keyof Piece, columns: keyof Piece];

const LIES: Readonly<Record<Layout, { a: Lie; b: Lie }>> = {
  NT: { a: ["m", "k"], b: ["n", "k"] },
  NN: { a: ["m", "k"], b: ["k", "n"] },
  TN: { a: ["k", "m"], b: ["k", "n"] },
};
const Y: Lie = ["m", "n"];

/** A product's matrices; `others` lie as Y does. */
export interface Matrices {
  a: Tensor;
  b: Tensor;
  y: Tensor;
  others: readonly Tensor[];
  /** Columns that take part, where not all do. */
  columns?: Partial<Record<"a" | "b" | "y", Range>>;
}

/** How wide a matrix is, and which of its columns is the first that takes part. */
function reach(columns: Range | undefined, t: Tensor, own: number): { width: number; first: number } {
  return columns ? { width: t.shape.at(-1)!, first: columns.first } : { width: own, first: 0 };
}

/**
 * Cuts a product so that no piece binds more than it may. Matrices are cut between rows, at offsets where a binding may
 * begin; a piece that takes some columns of a matrix binds all of them.
 *
 * @param most Bytes of the largest binding.
 * @param longest Longest inner size of a piece.
 * @param splits Parts of the inner size, each of which leaves a sum of its own for every element of Y.
 * @returns The pieces, those of one part of Y one after the other; one piece where all fits.
 */
export function cutProduct(
  { layout, m, n, k }: Pick<Product, "layout" | "m" | "n" | "k">,
  { a, b, y, others, columns = {} }: Matrices,
  most: number,
  longest: number,
  splits = 1,
): Piece[] {
  const sizes = { m, n, k };
  const limit = { m, n, k: Math.min(k, longest) };
  const step = { m: 4, n: 4, k: 4 };
  const consider = (tensors: readonly Tensor[], [rows, across]: Lie, cut?: Range, least = 0) => {
    if (tensors.every(({ bytes }) => bytes <= most)) return;
    for (const tensor of tensors) {
      const bytes = reach(cut, tensor, sizes[across]).width * BYTES[tensor.dtype];
      step[rows] = Math.max(step[rows], alignedRows(bytes));
      if (tensor.bytes > most) limit[rows] = Math.min(limit[rows], Math.floor(most / Math.max(bytes, least)));
    }
  };
  consider([a], LIES[layout].a, columns.a);
  consider([b], LIES[layout].b, columns.b);
  consider([y, ...others], Y, columns.y, 4 * n); // sums of pieces are in 32 bits
  if (splits > 1 && 4 * splits * m * n > most) {
    limit.m = Math.min(limit.m, Math.floor(most / (4 * splits * n)));
  }
  const ranges = (size: keyof Piece): Range[] => {
    if (limit[size] >= sizes[size]) return [{ first: 0, count: sizes[size] }];
    const count = Math.max(step[size], Math.floor(limit[size] / step[size]) * step[size]);
    return Array.from({ length: Math.ceil(sizes[size] / count) }, (_, i) => ({
      first: i * count,
      count: Math.min(count, sizes[size] - i * count),
    }));
  };
  return ranges("m").flatMap((m) => ranges("n").flatMap((n) => ranges("k").map((k) => ({ m, n, k }))));
}

/** What a piece binds of a product's matrices, in their order, and how these lie in it. */
export interface Bound extends Omit<Matrices, "columns"> {
  /** Undefined where all lie as in a product of its own. */
  pitches: Pitches | undefined;
}

/** What a piece binds: of each matrix its own rows, where a binding may begin there, else all. */
export function bindPiece(
  { layout, m, n, k }: Pick<Product, "layout" | "m" | "n" | "k">,
  { a, b, y, others, columns = {} }: Matrices,
  piece: Piece,
): Bound {
  const sizes = { m, n, k };
  const bind = (tensors: readonly Tensor[], [rows, across]: Lie, columns?: Range) => {
    const { width: row, first: left } = reach(columns, tensors[0]!, sizes[across]);
    const { first, count } = piece[rows];
    const aligned = tensors.every(({ dtype }) => first * row * BYTES[dtype] % ALIGNMENT === 0);
    const cut = aligned && count < sizes[rows];
    return {
      tensors: cut ? tensors.map((t) => t.view([sizes[rows], row]).rows(first, count)) : tensors,
      pitch: { row, first: left + piece[across].first + (aligned ? 0 : first * row) },
      own: aligned && piece[across].count === row,
    };
  };
  const ofA = bind([a], LIES[layout].a, columns.a), ofB = bind([b], LIES[layout].b, columns.b);
  const ofY = bind([y, ...others], Y, columns.y);
  const [ownY, ...ownOthers] = ofY.tensors;
  const own = ofA.own && ofB.own && ofY.own;
  return {
    a: ofA.tensors[0]!,
    b: ofB.tensors[0]!,
    y: ownY!,
    others: ownOthers,
    pitches: own ? undefined : { a: ofA.pitch, b: ofB.pitch, y: ofY.pitch },
  };
}
