/** Attention on GPUs, with tiles in workgroup memory: the binding of kernels/attention_tiled.wgsl. @module */
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import { type Kernel, line } from "../gpu/kernel.ts";
import {
  attentionBindings,
  attentionOperations,
  attentionParams,
  type AttentionPass,
} from "./attention_pass.ts";
import wgsl from "../../kernels/attention_tiled.wgsl" with { type: "text" };

/** Rows of a tile, of either side. */
const ROWS = 32;

/** vec4s of the head size that a step of the scores brings into workgroup memory, of 32 rows of either side. */
function depth(d4: number): number {
  return Math.ceil(d4 / Math.ceil(d4 / 8));
}

/** Rows that a step of the sums brings into the same memory, a power of two: the more, the fewer barriers. */
function step(d4: number, room: number): number {
  let rows = ROWS;
  while (rows * d4 > room) rows /= 2;
  return rows;
}

const kernel: Kernel<AttentionPass> = {
  name: "attention_tiled",
  wgsl,
  f16: ["qkv", "o"],
  constants({ headSize, pass }) {
    const d4 = headSize / 4, DEPTH = depth(d4), PITCH = DEPTH | 1;
    return {
      D4: d4,
      DEPTH,
      PITCH,
      STEP: step(d4, ROWS * (DEPTH + PITCH)),
      VCOLS: Math.ceil(d4 / 8),
      SUMS: pass === "keys" ? 2 : 1,
      FORWARD: Number(pass === "forward"),
      QUERIES: Number(pass === "queries"),
      KEYS: Number(pass === "keys"),
    };
  },
  bindings: attentionBindings,
  params: attentionParams,
  groups: ({ rows, heads, groups, pass }) =>
    line(Math.ceil(rows / ROWS) * (pass === "keys" ? groups : heads), 1),
  operations: attentionOperations,
};

/**
 * Records a pass of attention in which a workgroup's rows share what they read.
 *
 * @param tensors Those of {@linkcode attentionBindings}.
 */
export function tiledAttention(tape: Tape, pass: AttentionPass, tensors: readonly Tensor[]) {
  tape.dispatch(kernel, pass, tensors);
}
