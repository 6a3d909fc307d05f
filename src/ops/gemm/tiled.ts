/** Products with tiles in workgroup memory, for GPUs: the bindings of kernels/gemm_tiled.wgsl and gemm_sum.wgsl. @module */
import type { Tape } from "../../autograd/tape.ts";
import type { Tensor } from "../../autograd/tensor.ts";
import { type Kernel, spread } from "../../gpu/kernel/kernel.ts";
import {
  blockSteps,
  ENDING_F16,
  endingBindings,
  endingConstants,
  label,
  type Product,
  productParams,
  vectorPitch,
} from "./product.ts";
import sumWgsl from "../../../kernels/gemm_sum.wgsl" with { type: "text" };
import tiledWgsl from "../../../kernels/gemm_tiled.wgsl" with { type: "text" };

/** Rows and columns of a workgroup's tile. */
export type Side = 128 | 64 | 32;

/** Values of K that a step brings into workgroup memory. */
const DEPTH = 16;

/** Invocations of a workgroup. */
export function invocations(side: Side): number {
  return 2 * side;
}

/** Bytes of workgroup memory: a step of both operands. */
export function workgroupBytes(side: Side): number {
  return 2 * side * DEPTH * 4;
}

/** Rows and columns that one invocation makes of a tile. */
const SHARE: Record<Side, { rows: number; cols: number }> = {
  128: { rows: 8, cols: 8 },
  64: { rows: 8, cols: 4 },
  32: { rows: 4, cols: 4 },
};

interface Tiled extends Product {
  side: Side;
  /** Parts of the inner size, each summed by workgroups of its own. */
  splits: number;
}

/** Length of a part of the inner size. */
function chunk({ k, splits }: Tiled): number {
  return Math.ceil(Math.ceil(k / splits) / DEPTH) * DEPTH;
}

function vectorEnding(product: Product): boolean {
  return product.n % 4 === 0 && vectorPitch(product, "y");
}

/** The products of tiles, or of parts of their inner size. */
export const gemmTiled: Kernel<Tiled> = {
  name: "gemm_tiled",
  wgsl: tiledWgsl,
  constants(product) {
    const { layout, m, n, k, side } = product;
    const { rows, cols } = SHARE[side];
    return {
      NT: Number(layout === "NT"),
      TN: Number(layout === "TN"),
      VECTOR_A: Number((layout === "TN" ? m : k) % 4 === 0 && vectorPitch(product, "a")),
      VECTOR_B: Number((layout === "NT" ? k : n) % 4 === 0 && vectorPitch(product, "b")),
      VECTOR: Number(vectorEnding(product)),
      SIDE: side,
      ROWS: rows,
      VROWS: rows / 4,
      VCOLS: cols / 4,
      ACROSS: side / cols,
      DOWN: side / rows,
      BLOCK: blockSteps(chunk(product), DEPTH),
      ...endingConstants(product, 2),
    };
  },
  bindings: (product) => ["a", "b", ...endingBindings(product)],
  f16: ["a", "b", ...ENDING_F16],
  params: (product) => [...productParams(product), chunk(product)],
  workgroup: ({ side }) => invocations(side),
  groups({ m, n, side, splits }) {
    return spread(Math.ceil(m / side) * Math.ceil(n / side) * splits, 1);
  },
  label: (product) =>
    `${label(product)} tile ${product.side}${product.splits > 1 ? ` splits ${product.splits}` : ""}`,
  operations: ({ m, n, k }) => 2 * m * n * k,
};

/** The sum of such parts. */
export const gemmSum: Kernel<Tiled> = {
  name: "gemm_sum",
  wgsl: sumWgsl,
  constants: (product) => ({ VECTOR: Number(vectorEnding(product)), ...endingConstants(product, 1) }),
  bindings: (product) => ["partial", ...endingBindings(product)],
  f16: ENDING_F16,
  params: (product) => [...productParams(product), product.splits],
  workgroup: () => 64,
  groups: ({ m, n }, workgroup) => spread(m * Math.ceil(n / 4), workgroup),
  label: (product) => `${label(product)} splits ${product.splits}`,
};

/**
 * Records a product whose tiles lie in workgroup memory.
 *
 * @param tile Rows and columns of a tile, and into how many parts the inner size is divided: more than one gives more
 * workgroups where the output has few tiles, and a second pass adds the parts up in order.
 * @param tensors A, B, then those of {@linkcode endingBindings}.
 */
export function tiled(
  tape: Tape,
  product: Product,
  { side, splits }: { side: Side; splits: number },
  tensors: readonly Tensor[],
) {
  const whole = { ...product, side, splits };
  // Rounded up to whole steps, the parts may be fewer than asked for.
  whole.splits = Math.ceil(product.k / chunk(whole));
  if (whole.splits === 1) return tape.dispatch(gemmTiled, whole, tensors);
  const [a, b, ...rest] = tensors;
  const partial = tape.empty([whole.splits, product.m, product.n], "partial products");
  tape.dispatch(gemmTiled, { ...whole, ...plainEnding(product) }, [a!, b!, partial]);
  tape.dispatch(gemmSum, whole, [partial, ...rest]);
}

/** The ending of a product that goes into an intermediate tensor of its own. */
export function plainEnding({ n, pitches }: Product): Omit<Product, "layout" | "m" | "n" | "k"> {
  const ending = {
    bias: false,
    save: false,
    residual: false,
    activation: undefined,
    add: false,
    scale: undefined,
  };
  return { ...ending, pitches: pitches && { ...pitches, y: { row: n, first: 0 } } };
}

/**
 * Records the ending of a product that is there already, in 32 bits.
 *
 * @param tensors The product [M, N], then those of {@linkcode endingBindings}.
 */
export function endProduct(tape: Tape, product: Product, tensors: readonly Tensor[]) {
  tape.dispatch(gemmSum, { ...product, side: 32, splits: 1 }, tensors);
}
