/** What rows attended to. @module */
import type { Attended } from "./attention.ts";
import { f32, type Kernel, spread } from "../../gpu/kernel/kernel.ts";
import type { Tape } from "../../autograd/tape.ts";
import { expectShape, type Tensor } from "../../autograd/tensor.ts";
import wgsl from "../../../kernels/attention_probabilities.wgsl" with { type: "text" };

/** Which rows are asked about, of which attention. */
export interface AskedRows {
  /** Rows of qkv. */
  rows: number;
  /** Query heads. */
  heads: number;
  /** Key-value heads. */
  groups: number;
  /** Values a head; 4 divides it. */
  headSize: number;
  /** By which scores are multiplied. */
  scale: number;
  /** Whether a row sees only itself and rows before it. */
  causal: boolean;
  /** Rows that are asked about. */
  count: number;
  /** Rows of a sequence that are told of. */
  length: number;
}

/** The means over heads. */
export const attentionProbabilitiesKernel: Kernel<AskedRows> = {
  name: "attention_probabilities",
  wgsl,
  f16: ["qkv"],
  constants: ({ headSize }) => ({ D4: headSize / 4, BLOCK: 0 }),
  bindings: () => ["qkv", "span", "lse", "asked", "y"],
  params: ({ rows, heads, groups, causal, scale, count, length }) => [
    ...[rows, heads, groups, Number(causal), f32(scale)],
    ...[count, length],
  ],
  workgroup: () => 64,
  groups: ({ count, length }, workgroup) => spread(count * length, workgroup),
};

/**
 * The probabilities with which rows attended to the rows of their sequences, averaged over heads; no gradient. They are
 * made of what the forward pass of attention read and left, so that they are that pass's own.
 *
 * @param attended What attention gave.
 * @param asked [count] int32: rows of it.
 * @param length So many rows of a sequence are told of, from its first; the rest is left out.
 * @returns [count, length]; 0 for rows that are not seen.
 * @throws {Error} If shapes do not fit.
 */
export function attentionProbabilities(
  tape: Tape,
  { qkv, span, lse, layout, causal, scale }: Attended,
  asked: Tensor,
  length: number,
): Tensor {
  const [rows = 0] = qkv.shape, [count = 0] = asked.shape;
  expectShape("attention probabilities", "asked", asked.shape, [count]);
  const y = tape.empty([count, length], "attention probabilities");
  tape.dispatch(
    attentionProbabilitiesKernel,
    { ...layout, rows, scale, causal, count, length },
    [qkv, span, lse, asked, y],
  );
  return y;
}
