/** A layer of a decoder of Llama's kind (Touvron et al. 2023; with biases, Qwen2's). @module */
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import type { Heads } from "../ops/attention/attention.ts";
import { linear } from "../ops/linear.ts";
import type { LowRank } from "../ops/low_rank.ts";
import { rmsNorm } from "../ops/norm/norm.ts";
import { rope } from "../ops/embedding/rope.ts";
import { swiglu } from "../ops/swiglu.ts";

/** A linear layer: its matrix, [outputs, inputs], and a bias, [outputs], where it has one. */
export interface Projection {
  /** The matrix. */
  weight: Tensor;
  /** The bias. */
  bias: Tensor | undefined;
  /** What is added to the matrix. */
  lowRank?: LowRank | undefined;
}

/** Parameters of a layer. */
export interface LanguageBlockParameters {
  /** Before the attention. [width] */
  inputNorm: Tensor;
  /** Query, key and value projections, one under the other. [(heads + 2·groups)·headSize, width] */
  qkv: Projection;
  /** After the attention. [width, heads·headSize] */
  out: Projection;
  /** Before the MLP. [width] */
  mlpNorm: Tensor;
  /** Gate and up projections, one under the other. [2·intermediate, width] */
  gateUp: Projection;
  /** Out of the MLP. [width, intermediate] */
  down: Projection;
}

/**
 * x + attention(norm(x)) with rotary positions, then x + SwiGLU-MLP(norm(x)).
 *
 * @param x [rows, width]
 * @param positions [rows] int32 place of a row in its sequence.
 * @param attend The attention over packed queries, keys, values [rows, (heads + 2·groups)·headSize], which gives
 * [rows, heads·headSize]: over the batch when training, over the cache when generating.
 * @returns [rows, width]
 */
export function languageBlock(
  tape: Tape,
  x: Tensor,
  positions: Tensor,
  table: Tensor,
  p: LanguageBlockParameters,
  options: Heads & { eps: number },
  attend: (qkv: Tensor) => Tensor,
): Tensor {
  const { heads, groups, eps } = options;
  const y = rmsNorm(tape, x, p.inputNorm, eps);
  const project = (from: Tensor, { weight, ...ending }: Projection, residual?: Tensor) =>
    linear(tape, from, weight, { ...ending, residual });
  const qkv = rope(tape, project(y, p.qkv), positions, table, heads + 2 * groups, heads + groups);
  const middle = project(attend(qkv), p.out, x);
  const z = rmsNorm(tape, middle, p.mlpNorm, eps);
  const hidden = swiglu(tape, project(z, p.gateUp)); // [rows, intermediate]
  return project(hidden, p.down, middle);
}
