/**
 * Products in registers, for CPU drivers: the bindings of kernels/gemm.wgsl and, for sizes that 4 does not divide, of
 * kernels/gemm_any.wgsl.
 *
 * @module
 */
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
import anyWgsl from "../../../kernels/gemm_any.wgsl" with { type: "text" };
import wgsl from "../../../kernels/gemm.wgsl" with { type: "text" };

/**
 * Longest inner size: K/4 loop trips and two more for each 64 of them (a block, and leaving its loop) must stay under
 * 65,535, where a known driver cuts loops.
 */
export const MAX_K = 252_000;

/** Whether all loads and stores can be vec4. */
function vector(product: Product): boolean {
  const { layout, m, n, k } = product;
  return n % 4 === 0 && k % 4 === 0 && (layout !== "TN" || m % 4 === 0) &&
    vectorPitch(product, "a", "b", "y");
}

/** Rows and columns of one invocation's register tile. */
function tile(product: Product): { rows: number; cols: number } {
  if (!vector(product)) return { rows: 4, cols: 4 };
  // A large tile loads least for each product; a small one keeps enough invocations busy.
  const large = Math.ceil(product.m / 16) * Math.ceil(product.n / 16);
  return large >= 16 ? { rows: 16, cols: 16 } : { rows: 8, cols: 8 };
}

interface Shape extends Product {
  /** Whether the operands are read through textures. */
  textures: boolean;
}

const common: Omit<Kernel<Product>, "name" | "wgsl"> = {
  constants(product) {
    const { rows, cols } = tile(product);
    return {
      VECTOR: Number(vector(product)),
      NT: Number(product.layout === "NT"),
      TN: Number(product.layout === "TN"),
      ROWS: rows,
      VROWS: rows / 4,
      COLS: cols,
      VCOLS: cols / 4,
      BLOCK: blockSteps(product.k, 4),
      ...endingConstants(product, 2),
    };
  },
  bindings: (product) => ["a", "b", ...endingBindings(product)],
  f16: ["a", "b", ...ENDING_F16],
  params: productParams,
  groups(product, workgroup) {
    const { rows, cols } = tile(product);
    return spread(Math.ceil(product.m / rows) * Math.ceil(product.n / cols), workgroup);
  },
  label,
  operations: ({ m, n, k }) => 2 * m * n * k,
};

/** Where all loads and stores can be vec4. */
export const gemmRegisters: Kernel<Shape> = {
  ...common,
  name: "gemm",
  wgsl,
  textures: ({ textures }) => textures ? ["a", "b"] : [],
};

/** Any sizes. */
export const gemmAny: Kernel<Product> = { ...common, name: "gemm_any", wgsl: anyWgsl };

/**
 * Records a product whose tiles lie in the registers of single invocations.
 *
 * @param tensors A, B, then those of {@linkcode endingBindings}.
 */
export function registers(tape: Tape, product: Product, tensors: readonly Tensor[]) {
  if (!vector(product)) return tape.dispatch(gemmAny, product, tensors);
  const [a, b] = tensors;
  const textures = Math.max(a!.size, b!.size) <= tape.gpu.largestTexture;
  tape.dispatch(gemmRegisters, { ...product, textures }, tensors);
}
