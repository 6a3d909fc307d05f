/** Matrix products in the three layouts of a layer, with endings: the binding of kernels/gemm.wgsl. @module */
import { type Kernel, line } from "../gpu/kernel.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import activations from "../../kernels/activations.wgsl" with { type: "text" };
import wgsl from "../../kernels/gemm.wgsl" with { type: "text" };

/** NT: A·Bᵀ (forward), NN: A·B (input gradient), TN: Aᵀ·B (weight gradient). */
export type Layout = "NT" | "NN" | "TN";

/** Activations that a product can end with. */
export type Activation = "gelu" | "quick_gelu" | "silu";

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

interface Shape {
  layout: Layout;
  m: number;
  n: number;
  k: number;
  bias: boolean;
  save: boolean;
  residual: boolean;
  activation: Activation | undefined;
  add: boolean;
}

/** Longest inner size: K/4 loop trips must stay under 65,535, where a known driver cuts loops. */
const MAX_K = 262_140;

/** Whether all loads and stores can be vec4. */
function vector({ layout, m, n, k }: Shape): boolean {
  return n % 4 === 0 && k % 4 === 0 && (layout !== "TN" || m % 4 === 0);
}

/** Rows and columns of one invocation's register tile. */
function tile(shape: Shape): { rows: number; cols: number } {
  if (!vector(shape)) return { rows: 4, cols: 4 };
  // A large tile loads least for each product; a small one keeps enough invocations busy.
  const large = Math.ceil(shape.m / 16) * Math.ceil(shape.n / 16);
  return large >= 16 ? { rows: 16, cols: 16 } : { rows: 8, cols: 8 };
}

const gemmKernel: Kernel<Shape> = {
  name: "gemm",
  wgsl: activations + wgsl,
  constants(shape) {
    const { rows, cols } = tile(shape);
    const at = optional(shape);
    return {
      NT: Number(shape.layout === "NT"),
      TN: Number(shape.layout === "TN"),
      VECTOR: Number(vector(shape)),
      ROWS: rows,
      VROWS: rows / 4,
      COLS: cols,
      VCOLS: cols / 4,
      BIAS: at.indexOf("bias") + 1 && at.indexOf("bias"),
      SAVE: at.indexOf("saved") + 1 && at.indexOf("saved"),
      RESIDUAL: at.indexOf("residual") + 1 && at.indexOf("residual"),
      PARAMS: at.length,
      ACTIVATION: Number(shape.activation !== undefined),
      GELU: Number(shape.activation === "gelu"),
      QUICK_GELU: Number(shape.activation === "quick_gelu"),
      SILU: Number(shape.activation === "silu"),
    };
  },
  bindings: optional,
  params: ({ m, n, k, add }) => [m, n, k, Number(add)],
  groups(shape) {
    const { rows, cols } = tile(shape);
    return line(Math.ceil(shape.m / rows) * Math.ceil(shape.n / cols), 8);
  },
};

function optional({ bias, save, residual }: Shape): string[] {
  const names = ["a", "b", "y"];
  if (bias) names.push("bias");
  if (save) names.push("saved");
  if (residual) names.push("residual");
  return names;
}

/**
 * Records Y = op(A)·op(B) with an ending. All tensors are taken as matrices: leading sizes are rows.
 *
 * @param layout NT: A [M,K], B [N,K]; NN: A [M,K], B [K,N]; TN: A [K,M], B [K,N].
 * @param y The output, [M, N].
 * @throws {Error} If the inner sizes differ or K is over 262,140.
 */
export function gemm(tape: Tape, layout: Layout, a: Tensor, b: Tensor, y: Tensor, ending: Ending = {}) {
  const [aRows, aCols] = matrix(a), [bRows, bCols] = matrix(b);
  const m = layout === "TN" ? aCols : aRows;
  const k = layout === "TN" ? aRows : aCols;
  const n = layout === "NT" ? bRows : bCols;
  const inner = layout === "NT" ? bCols : bRows;
  if (k !== inner || y.size !== m * n) {
    throw new Error(`gemm ${layout}: shapes do not fit: A [${a.shape}], B [${b.shape}], Y [${y.shape}]`);
  }
  if (k > MAX_K) throw new Error(`gemm ${layout}: inner size ${k} is over ${MAX_K}; split the batch`);
  const { bias, save, residual, activation, add = false } = ending;
  const shape = {
    layout,
    m,
    n,
    k,
    bias: !!bias,
    save: !!save,
    residual: !!residual,
    activation,
    add,
  };
  const tensors = [a, b, y, bias, save, residual].filter((t) => t !== undefined);
  tape.dispatch(gemmKernel, shape, tensors);
}

/** A tensor's sizes as a matrix: all leading sizes are rows. */
export function matrix(t: Tensor): [rows: number, columns: number] {
  const columns = t.shape.at(-1) ?? 1;
  return [t.size / columns, columns];
}
