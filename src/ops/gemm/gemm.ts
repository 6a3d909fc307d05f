/** Matrix products in the three layouts of a layer, with endings. @module */
import type { Tape } from "../../autograd/tape.ts";
import type { Tensor } from "../../autograd/tensor.ts";
import type { Activation, Layout } from "./product.ts";
import { registers } from "./registers.ts";
import { type Choice, select } from "./select.ts";
import { tiled } from "./tiled.ts";

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
}

/**
 * Records Y = op(A)·op(B) with an ending. All tensors are taken as matrices: leading sizes are rows.
 *
 * @param layout NT: A [M,K], B [N,K]; NN: A [M,K], B [K,N]; TN: A [K,M], B [K,N].
 * @param y The output, [M, N].
 * @param choice The kernel; by adapter and shape if left out.
 * @throws {Error} If the inner sizes differ or K is over 252,000 on a CPU driver.
 */
export function gemm(
  tape: Tape,
  layout: Layout,
  a: Tensor,
  b: Tensor,
  y: Tensor,
  ending: Ending = {},
  choice?: Choice,
) {
  const [aRows, aCols] = matrix(a), [bRows, bCols] = matrix(b);
  const m = layout === "TN" ? aCols : aRows;
  const k = layout === "TN" ? aRows : aCols;
  const n = layout === "NT" ? bRows : bCols;
  const inner = layout === "NT" ? bCols : bRows;
  if (k !== inner || y.size !== m * n) {
    throw new Error(`gemm ${layout}: shapes do not fit: A [${a.shape}], B [${b.shape}], Y [${y.shape}]`);
  }
  const { bias, save, residual, activation, add = false } = ending;
  const product = { layout, m, n, k, bias: !!bias, save: !!save, residual: !!residual, activation, add };
  const tensors = [a, b, y, bias, save, residual].filter((t) => t !== undefined);
  const chosen = choice ?? select(tape.gpu, product);
  if (chosen.form === "registers") registers(tape, product, tensors);
  else tiled(tape, product, chosen, tensors);
}

/** A tensor's sizes as a matrix: all leading sizes are rows. */
export function matrix(t: Tensor): [rows: number, columns: number] {
  const columns = t.shape.at(-1) ?? 1;
  return [t.size / columns, columns];
}
