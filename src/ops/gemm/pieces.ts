/** Products whose matrices are larger than a binding may be, cut into pieces. @module */
import type { Tensor } from "../../autograd/tensor.ts";
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

/** Bytes of which the offset of a binding must be a multiple. */
const ALIGNMENT = 256;

/** A product's matrices; `others` lie as Y does. */
export interface Matrices {
  a: Tensor;
  b: Tensor;
  y: Tensor;
  others: readonly Tensor[];
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
  { a, b, y, others }: Matrices,
  most: number,
  longest: number,
  splits = 1,
): Piece[] {
  const sizes = { m, n, k };
  const limit = { m, n, k: Math.min(k, longest) };
  const step = { m: 4, n: 4, k: 4 };
  const consider = (tensor: Tensor, [rows, columns]: Lie, least: number = 0) => {
    const bytes = sizes[columns] * BYTES[tensor.dtype];
    step[rows] = Math.max(step[rows], ALIGNMENT / greatestPowerOfTwo(bytes, ALIGNMENT));
    if (tensor.bytes <= most) return;
    limit[rows] = Math.min(limit[rows], Math.floor(most / Math.max(bytes, least)));
  };
  consider(a, LIES[layout].a);
  consider(b, LIES[layout].b);
  for (const tensor of [y, ...others]) consider(tensor, Y, 4 * n); // sums of pieces are in 32 bits
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

function greatestPowerOfTwo(divides: number, most: number): number {
  let power = 1;
  while (power < most && divides % (2 * power) === 0) power *= 2;
  return power;
}

/** The rows of a tensor that a piece binds, where the tensor lies as Y does. */
export function rowsOfPiece(tensor: Tensor, { m }: Piece, rows: number): Tensor {
  return part(tensor, rows, m);
}

function part(tensor: Tensor, rows: number, { first, count }: Range): Tensor {
  if (count === rows) return tensor;
  return tensor.view([rows, tensor.size / rows]).rows(first, count);
}

/**
 * What a piece binds.
 *
 * @returns A and B, and how the matrices lie in what is bound; undefined where each is bound whole.
 */
export function operandsOfPiece(
  { layout, m, n, k }: Pick<Product, "layout" | "m" | "n" | "k">,
  { a, b }: Matrices,
  piece: Piece,
): { a: Tensor; b: Tensor; pitches: Pitches | undefined } {
  const sizes = { m, n, k }, { a: lieA, b: lieB } = LIES[layout];
  const pitch = ([, columns]: Lie) => ({ row: sizes[columns], first: piece[columns].first });
  const whole = [lieA, lieB, Y].every(([, columns]) => piece[columns].count === sizes[columns]);
  return {
    a: part(a, sizes[lieA[0]], piece[lieA[0]]),
    b: part(b, sizes[lieB[0]], piece[lieB[0]]),
    pitches: whole ? undefined : { a: pitch(lieA), b: pitch(lieB), y: pitch(Y) },
  };
}
