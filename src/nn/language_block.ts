/** A layer of the Llama decoder (Touvron et al. 2023). @module */
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import type { Heads } from "../ops/attention/attention.ts";
import { linear } from "../ops/linear.ts";
import { rmsNorm } from "../ops/norm/norm.ts";
import { rope } from "../ops/embedding/rope.ts";
import { swiglu } from "../ops/swiglu.ts";

/** Parameters of a layer; matrices are [outputs, inputs]. */
export interface LanguageBlockParameters {
  /** Before the attention. [width] */
  inputNorm: Tensor;
  /** Query, key and value projections, one under the other. [(heads + 2·groups)·headSize, width] */
  qkv: Tensor;
  /** After the attention. [width, heads·headSize] */
  out: Tensor;
  /** Before the MLP. [width] */
  mlpNorm: Tensor;
  /** Gate and up projections, one under the other. [2·intermediate, width] */
  gateUp: Tensor;
  /** Out of the MLP. [width, intermediate] */
  down: Tensor;
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
  const qkv = rope(tape, linear(tape, y, p.qkv), positions, table, heads + 2 * groups, heads + groups);
  const middle = linear(tape, attend(qkv), p.out, { residual: x });
  const z = rmsNorm(tape, middle, p.mlpNorm, eps);
  const hidden = swiglu(tape, linear(tape, z, p.gateUp)); // [rows, intermediate]
  return linear(tape, hidden, p.down, { residual: middle });
}
