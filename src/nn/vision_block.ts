/** A layer of a vision transformer with norms first: CLIP's (Radford et al. 2021), SigLIP's (Zhai et al. 2023). @module */
import type { Projection } from "./language_block.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import { attention } from "../ops/attention/attention.ts";
import type { Activation } from "../ops/gemm/product.ts";
import { linear, type LinearEnding } from "../ops/linear.ts";
import { layerNorm } from "../ops/norm/norm.ts";

/** Parameters of a layer; matrices are [outputs, inputs]. */
export interface VisionBlockParameters {
  /** Before the attention. [width] each */
  norm1: { weight: Tensor; bias: Tensor };
  /** Query, key and value projections, one under the other. [3·width, width] */
  qkv: Projection;
  /** After the attention. [width, width] */
  out: Projection;
  /** Before the MLP. [width] each */
  norm2: { weight: Tensor; bias: Tensor };
  /** Into the MLP. [intermediate, width] */
  fc1: Projection;
  /** Out of the MLP. [width, intermediate] */
  fc2: Projection;
}

/**
 * x + attention(norm1(x)), then x + MLP(norm2(x)).
 *
 * @param x [rows, width]
 * @param span [rows, 2] the image a row belongs to.
 * @returns [rows, width]
 */
export function visionBlock(
  tape: Tape,
  x: Tensor,
  span: Tensor,
  p: VisionBlockParameters,
  options: { heads: number; eps: number; activation: Activation },
): Tensor {
  const { heads, eps, activation } = options;
  const layout = { heads, groups: heads, headSize: x.shape[1]! / heads };
  const y = layerNorm(tape, x, p.norm1.weight, p.norm1.bias, eps);
  const project = (from: Tensor, { weight, ...ending }: Projection, more: LinearEnding = {}) =>
    linear(tape, from, weight, { ...ending, ...more });
  const qkv = project(y, p.qkv); // [rows, 3·width]
  const mixed = attention(tape, qkv, span, layout, false);
  const middle = project(mixed, p.out, { residual: x });
  const z = layerNorm(tape, middle, p.norm2.weight, p.norm2.bias, eps);
  const hidden = project(z, p.fc1, { activation }); // [rows, intermediate]
  return project(hidden, p.fc2, { residual: middle });
}
