/** Attention with tiles in workgroup memory, for GPUs: the bindings of kernels/attention_tiled_*.wgsl. @module */
import type { Tape } from "../../autograd/tape.ts";
import type { Tensor } from "../../autograd/tensor.ts";
import { type Kernel, spread } from "../../gpu/kernel/kernel.ts";
import {
  attentionBindings,
  attentionOperations,
  attentionParams,
  type AttentionPass,
  blockConstants,
  type Pass,
} from "./attention_pass.ts";
import forward from "../../../kernels/attention_tiled_forward.wgsl" with { type: "text" };
import keys from "../../../kernels/attention_tiled_keys.wgsl" with { type: "text" };
import queries from "../../../kernels/attention_tiled_queries.wgsl" with { type: "text" };

/** Rows of a tile, of either side. */
const ROWS = 32;
/** Invocations of a workgroup: eight by eight, each with four rows of either side. */
const WORKGROUP = 64;

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

function kernel(pass: Pass, wgsl: string): Kernel<AttentionPass> {
  return {
    name: `attention_tiled_${pass}`,
    wgsl,
    f16: ["qkv", "o"],
    constants(own) {
      const d4 = own.headSize / 4, DEPTH = depth(d4), PITCH = DEPTH | 1;
      return {
        D4: d4,
        DEPTH,
        PITCH,
        STEP: step(d4, ROWS * (DEPTH + PITCH)),
        VCOLS: Math.ceil(d4 / 8),
        WEIGHT_SUM: Number(pass === "forward"),
        ...blockConstants(own.rows),
      };
    },
    bindings: attentionBindings,
    params: attentionParams,
    workgroup: () => WORKGROUP,
    groups: ({ rows, heads, groups }) =>
      spread(Math.ceil(rows / ROWS) * (pass === "keys" ? groups : heads), 1),
    operations: attentionOperations,
  };
}

/** A kernel for each pass. */
export const ATTENTION_TILED: Readonly<Record<Pass, Kernel<AttentionPass>>> = {
  forward: kernel("forward", forward),
  queries: kernel("queries", queries),
  keys: kernel("keys", keys),
};

/**
 * Records a pass of attention in which a workgroup's rows share what they read.
 *
 * @param tensors Those of {@linkcode attentionBindings}.
 */
export function tiledAttention(tape: Tape, pass: AttentionPass, tensors: readonly Tensor[]) {
  tape.dispatch(ATTENTION_TILED[pass.pass], pass, tensors);
}
