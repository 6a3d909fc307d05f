/** Matrix products in the three layouts of a layer, with endings. @module */
import type { Tape } from "../../autograd/tape.ts";
import type { Tensor } from "../../autograd/tensor.ts";
import { fewRows } from "./gemv.ts";
import { bindPiece, cutProduct, type Range } from "./pieces.ts";
import type { Activation, Layout, Product } from "./product.ts";
import { MAX_K, registers } from "./registers.ts";
import { type Choice, select } from "./select.ts";
import { endProduct, plainEnding, tiled } from "./tiled.ts";

export type { Activation, Layout } from "./product.ts";

/** What happens to a product before it is stored. */
export interface Ending {
  /** Added to every row. [N] */
  bias?: Tensor | undefined;
  /** Receives the value before the activation. [M, N] */
  save?: Tensor | undefined;
  /** Applied after the bias. */
  activation?: Activation | undefined;
  /** Added after the activation. [M, N] */
  residual?: Tensor | undefined;
  /** Adds to what the output holds. */
  add?: boolean | undefined;
  /** A factor on the product, before all else. */
  scale?: number | undefined;
}

/** Which columns of the matrices take part; all of those that are not named. */
export type ColumnsOf = Partial<Record<"a" | "b" | "y", Range>>;

/**
 * Records Y = op(A)·op(B) with an ending. All tensors are taken as matrices: leading sizes are rows. Where one is
 * larger than a binding may be, or a driver would cut the loop over the inner size, the product is made in pieces.
 *
 * @param layout NT: A [M,K], B [N,K]; NN: A [M,K], B [K,N]; TN: A [K,M], B [K,N].
 * @param y The output, [M, N].
 * @param choice The kernel; by adapter and shape if left out.
 * @param columns Columns that take part, where not all do; an ending of such columns of Y has neither `save` nor `residual`.
 * @throws {Error} If the inner sizes differ.
 */
export function gemm(
  tape: Tape,
  layout: Layout,
  a: Tensor,
  b: Tensor,
  y: Tensor,
  ending: Ending = {},
  choice?: Choice,
  columns: ColumnsOf = {},
) {
  const [aRows, aCols] = taking(a, columns.a), [bRows, bCols] = taking(b, columns.b);
  const [yRows, yCols] = taking(y, columns.y);
  const m = layout === "TN" ? aCols : aRows;
  const k = layout === "TN" ? aRows : aCols;
  const n = layout === "NT" ? bRows : bCols;
  const inner = layout === "NT" ? bCols : bRows;
  if (k !== inner || (columns.y ? yRows !== m || yCols !== n : y.size !== m * n)) {
    throw new Error(`gemm ${layout}: shapes do not fit: A [${a.shape}], B [${b.shape}], Y [${y.shape}]`);
  }
  const { bias, save, residual, activation, add = false, scale } = ending;
  const product = {
    layout,
    m,
    n,
    k,
    bias: !!bias,
    save: !!save,
    residual: !!residual,
    activation,
    add,
    scale,
  };
  const chosen = choice ?? select(tape.gpu, { ...product, cut: Object.keys(columns).length > 0 });
  const matrices = { a, b, y, others: [save, residual].filter((t) => t !== undefined), columns };
  const [longest, splits] = chosen.form === "tiled" ? [Infinity, chosen.splits] : [MAX_K, 1];
  const pieces = cutProduct(product, matrices, tape.gpu.largestBinding, longest, splits);
  // Of a product that is added up in pieces only the sum can be ended, unless all of the ending is added too.
  const apart = activation !== undefined || save !== undefined || y.dtype !== "f32";
  let sum: Tensor | undefined;
  for (const piece of pieces) {
    const { pitches, ...bound } = bindPiece(product, matrices, piece);
    const own = { ...product, m: piece.m.count, n: piece.n.count, k: piece.k.count, pitches };
    const ending = [bound.y, ...bias ? [bias] : [], ...bound.others];
    const of = [bound.a, bound.b];
    const first = piece.k.first === 0, last = piece.k.first + piece.k.count === k;
    if (first && last) record(tape, own, chosen, [...of, ...ending]);
    else if (apart) {
      if (first) sum = tape.empty([own.m, own.n], "sum of products");
      record(tape, { ...own, ...plainEnding(own), add: !first }, chosen, [...of, sum!]);
      if (last) endProduct(tape, own, [sum!, ...ending]);
    } else if (first) record(tape, own, chosen, [...of, ...ending]);
    else {
      const adding = { bias: false, residual: false, add: true };
      record(tape, { ...own, ...adding }, chosen, [...of, bound.y]);
    }
  }
}

function record(tape: Tape, product: Product, choice: Choice, tensors: readonly Tensor[]) {
  if (choice.form === "tiled") tiled(tape, product, choice, tensors);
  else if (choice.form === "gemv") fewRows(tape, product, tensors);
  else registers(tape, product, tensors);
}

/** Rows, and how many of the columns take part. */
function taking(t: Tensor, columns: Range | undefined): [rows: number, columns: number] {
  const [rows, all] = matrix(t);
  if (!columns) return [rows, all];
  if (columns.first + columns.count <= all) return [rows, columns.count];
  throw new Error(`gemm: columns ${columns.first} to ${columns.first + columns.count} of [${t.shape}]`);
}

/** A tensor's sizes as a matrix: all leading sizes are rows. */
export function matrix(t: Tensor): [rows: number, columns: number] {
  const columns = t.shape.at(-1) ?? 1;
  return [t.size / columns, columns];
}
