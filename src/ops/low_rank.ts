/** A low-rank addition to a matrix: what LoRA (Hu et al. 2021, arXiv 2106.09685) trains in its place. @module */
import { drop, type Dropout } from "./dropout.ts";
import { gemm, matrix } from "./gemm/gemm.ts";
import type { Tape } from "../autograd/tape.ts";
import { expectShape, type Tensor } from "../autograd/tensor.ts";

/** The addition to some of the matrix's rows: scale·B·A. */
export interface LowRankPart {
  /** B. [rows, rank] */
  b: Tensor;
  /** The first row of the matrix that it adds to, that is the first column of the layer's output. */
  first: number;
  /** The factor: α/rank, or α/√rank. */
  scale: number;
}

/** Additions to the parts of a matrix, [outputs, inputs]. */
export interface LowRank {
  /** The A of every part, one under the other. [Σ ranks, inputs] */
  a: Tensor;
  /** The parts, in the order of their rows in `a`. */
  parts: readonly LowRankPart[];
  /** What is dropped of the layer's input on its way into A; left out where nothing is. */
  dropout?: Dropout | undefined;
}

/** What is computed forward and read again backward. */
export interface LowRankPass {
  /** x·Aᵀ. [rows, Σ ranks] */
  u: Tensor;
}

/** All tensors that may be trained. */
export function lowRankParameters({ a, parts }: LowRank): Tensor[] {
  return [a, ...parts.map(({ b }) => b)];
}

/**
 * Records y += scale·(drop(x)·Aᵀ)·Bᵀ in the columns of each part.
 *
 * @param x [rows, inputs]
 * @param y [rows, outputs], which holds what is added to.
 * @returns What {@linkcode lowRankBackward} needs.
 * @throws {Error} If shapes do not fit, naming both.
 */
export function addLowRank(tape: Tape, low: LowRank, x: Tensor, y: Tensor): LowRankPass {
  const [rows, inputs] = matrix(x);
  const ranks = low.parts.reduce((sum, { b }) => sum + b.shape[1]!, 0);
  expectShape("low rank", "A", low.a.shape, [ranks, inputs]);
  const u = tape.empty([rows, ranks], "low rank");
  gemm(tape, "NT", dropped(tape, low, x), low.a, u);
  each(low, ({ b, scale }, own, columns) => {
    gemm(tape, "NT", u, b, y, { scale, add: true }, undefined, { a: own, y: columns });
  });
  return { u };
}

/**
 * Records the gradients of {@linkcode addLowRank}: dB += scale·dyᵀ·u, dA += duᵀ·drop(x) with du = scale·dy·B, and
 * dx += drop(du·A), to which dx must hold something already.
 *
 * @param dy [rows, outputs]
 * @param dx Added to; undefined where x needs no gradient.
 */
export function lowRankBackward(
  tape: Tape,
  low: LowRank,
  { u }: LowRankPass,
  x: Tensor,
  dy: Tensor,
  dx: Tensor | undefined,
) {
  const du = tape.empty(u.shape, "d low rank");
  each(low, ({ b, scale }, own, columns) => {
    gemm(tape, "NN", dy, b, du, { scale }, undefined, { a: columns, y: own });
    const db = tape.target(b);
    if (db) gemm(tape, "TN", dy, u, db.tensor, { scale, add: db.add }, undefined, { a: columns, b: own });
  });
  const da = tape.target(low.a);
  if (da) gemm(tape, "TN", du, dropped(tape, low, x), da.tensor, { add: da.add });
  if (!dx) return;
  if (!low.dropout) return gemm(tape, "NN", du, low.a, dx, { add: true });
  const part = tape.empty(x.shape, "d dropped");
  gemm(tape, "NN", du, low.a, part);
  drop(tape, low.dropout, part, dx, true);
}

/** The input, of which some is dropped: made again backward, so that it is not kept. */
function dropped(tape: Tape, { dropout }: LowRank, x: Tensor): Tensor {
  if (!dropout) return x;
  const y = tape.empty(x.shape, "dropped");
  drop(tape, dropout, x, y);
  return y;
}

/** Calls for each part with its columns of u and those of the output. */
function each(
  { parts }: LowRank,
  record: (
    part: LowRankPart,
    own: { first: number; count: number },
    columns: { first: number; count: number },
  ) => void,
) {
  let first = 0;
  for (const part of parts) {
    const [count = 0, rank = 0] = part.b.shape;
    record(part, { first, count: rank }, { first: part.first, count });
    first += rank;
  }
}
