/** Products of few rows with a large matrix, as when tokens are generated: the bindings of kernels/gemv.wgsl. @module */
import type { Tape } from "../../autograd/tape.ts";
import type { Tensor } from "../../autograd/tensor.ts";
import { type AdapterKind, adapterKind } from "../../gpu/kernel/adapter_kind.ts";
import { type Kernel, spread } from "../../gpu/kernel/kernel.ts";
import {
  ENDING_F16,
  endingBindings,
  endingConstants,
  label,
  type Product,
  productParams,
  vectorPitch,
} from "./product.ts";
import wgsl from "../../../kernels/gemv.wgsl" with { type: "text" };

/** Most rows. */
const ROWS = 4;
/** Fewest elements of B: smaller ones stay in caches, and what counts is the dispatch. */
const LEAST = 1 << 18;
/** Longest inner size: an invocation of a CPU driver adds up a 32nd of it in one go. */
const LONGEST = 1 << 16;

/** Invocations that share a row of B, and rows of B that they take at a time. */
const DEALS = { cpu: { lanes: 8, columns: 8 }, gpu: { lanes: 32, columns: 4 } } as const;

interface Gemv extends Product {
  lanes: number;
  columns: number;
  /** Whether B is in 16 bits. */
  half: boolean;
}

/** Products of at most four rows. */
export const gemv: Kernel<Gemv> = {
  name: "gemv",
  wgsl,
  constants: (product) => ({
    ...endingConstants(product, 2),
    VECTOR: Number(product.n % 4 === 0 && vectorPitch(product, "y")),
    HALF: Number(product.half),
    EACH: product.half ? 8 : 4,
    ROWS: product.m,
    COLS: product.columns,
    VCOLS: product.columns / 4,
    LANES: product.lanes,
  }),
  bindings: (product) => ["a", "b", ...endingBindings(product)],
  f16: ["a", "b", ...ENDING_F16],
  params: productParams,
  workgroup: ({ lanes }) => lanes,
  groups: ({ n, columns }) => spread(Math.ceil(n / columns), 1),
  label: (product) => `${label(product)}${product.half ? " half" : ""}`,
  operations: ({ m, n, k }) => 2 * m * n * k,
};

/** Whether a product is one of few rows with a matrix so large that reading it takes the time. */
export function readsOnly({ layout, m, n, k }: Pick<Product, "m" | "n" | "k"> & Partial<Product>): boolean {
  return layout === "NT" && m <= ROWS && k % 8 === 0 && k <= LONGEST && n * k >= LEAST;
}

/** A product with how it is dealt to invocations. */
export function dealGemv(product: Product, half: boolean, kind: AdapterKind): Gemv {
  return { ...product, ...DEALS[kind], half };
}

/**
 * Records a product of at most four rows, in the layout NT, whose inner size 8 divides.
 *
 * @param tensors A, B, then those of {@linkcode endingBindings}.
 */
export function fewRows(tape: Tape, product: Product, tensors: readonly Tensor[]) {
  tape.dispatch(gemv, dealGemv(product, tensors[1]!.dtype === "f16", adapterKind(tape.gpu)), tensors);
}
