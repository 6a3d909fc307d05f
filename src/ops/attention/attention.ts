/** Attention over packed sequences, causal or bidirectional, with grouped heads. @module */
import type { Tape } from "../../autograd/tape.ts";
import { expectShape, type Tensor } from "../../autograd/tensor.ts";
import { registersAttention } from "./attention_registers.ts";
import { tiledAttention } from "./attention_tiled.ts";
import { formOf } from "../forms.ts";
import { resizeColumns } from "../resize_columns.ts";

/** How heads are laid out in a row of {@linkcode attention}. */
export interface Heads {
  /** Query heads. */
  heads: number;
  /** Key-value heads; divides `heads`. */
  groups: number;
  /** Values a head. Where 4 does not divide it, heads are copied with zeros behind them. */
  headSize: number;
}

/** Values of a head as kernels take it: the next multiple of 4. */
export function paddedHead(headSize: number): number {
  return 4 * Math.ceil(headSize / 4);
}

/**
 * softmax(q·Kᵀ/√headSize)·V for every row and head, without a T×T buffer (running maximum forward, saved
 * log-sum-exp backward; Dao et al. 2022).
 *
 * @param qkv [rows, (heads + 2·groups)·headSize]: queries, keys, values of a row side by side.
 * @param span [rows, 2] int32: first row and end (excluded) of the row's sequence; end ≤ first marks padding.
 * @param causal Whether a row sees only itself and rows before it.
 * @returns [rows, heads·headSize]; 0 in padding rows.
 * @throws {Error} If shapes do not fit.
 */
export function attention(tape: Tape, qkv: Tensor, span: Tensor, layout: Heads, causal: boolean): Tensor {
  return attended(tape, qkv, span, layout, causal).o;
}

/** What attention gave, and what it was made of. */
export interface Attended {
  /** [rows, heads·headSize]; 0 in padding rows. */
  o: Tensor;
  /** [rows, heads] log Σ exp of the scores, by which softmax divides. */
  lse: Tensor;
  /** What the kernels read, heads of `layout` side by side. */
  qkv: Tensor;
  /** As it was given. */
  span: Tensor;
  /** Heads as kernels take them, zeros behind them included. */
  layout: Heads;
  /** Whether a row sees only itself and rows before it. */
  causal: boolean;
  /** By which scores were multiplied. */
  scale: number;
}

/**
 * {@linkcode attention} with what it was made of, for those who ask where rows looked.
 *
 * @throws {Error} If shapes do not fit.
 */
export function attended(
  tape: Tape,
  qkv: Tensor,
  span: Tensor,
  layout: Heads,
  causal: boolean,
): Attended {
  const { heads, groups, headSize } = layout;
  const [rows = 0] = qkv.shape;
  if (heads % groups !== 0) {
    throw new Error(`attention: ${groups} key-value heads do not divide ${heads} heads`);
  }
  expectShape("attention", "qkv", qkv.shape, [rows, (heads + 2 * groups) * headSize]);
  expectShape("attention", "span", span.shape, [rows, 2]);
  const size = paddedHead(headSize);
  if (size !== headSize) {
    const padded = resizeColumns(tape, qkv, headSize, size).view([rows, (heads + 2 * groups) * size]);
    const made = attend(tape, padded, span, { ...layout, headSize: size }, causal, 1 / Math.sqrt(headSize));
    return { ...made, o: resizeColumns(tape, made.o, size, headSize).view([rows, heads * headSize]) };
  }
  return attend(tape, qkv, span, layout, causal);
}

function attend(
  tape: Tape,
  qkv: Tensor,
  span: Tensor,
  layout: Heads,
  causal: boolean,
  scale?: number,
): Attended {
  const { heads, groups, headSize } = layout;
  const [rows = 0] = qkv.shape;
  const o = tape.result([rows, heads * headSize], "attention");
  const lse = tape.empty([rows, heads], "log-sum-exp");
  const shape = { rows, heads, groups, headSize, causal, ...scale !== undefined && { scale } };
  const record = formOf("attention", tape.gpu) === "registers" ? registersAttention : tiledAttention;
  record(tape, { ...shape, pass: "forward" }, [qkv, span, o, lse]);
  if (tape.needsGrad(qkv)) {
    tape.differentiable(o, (dO) => {
      const delta = tape.empty([rows, heads], "delta");
      tape.assign(qkv, (dqkv) => {
        const tensors = [qkv, span, o, lse, dO, delta, dqkv];
        record(tape, { ...shape, pass: "queries" }, tensors);
        record(tape, { ...shape, pass: "keys" }, tensors);
      });
    });
  }
  return { o, lse, qkv, span, layout, causal, scale: scale ?? 1 / Math.sqrt(headSize) };
}
