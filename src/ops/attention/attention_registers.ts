/** Attention in registers, for CPU drivers: the bindings of kernels/attention_forward.wgsl, …_queries, …_keys. @module */
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
import forward from "../../../kernels/attention_forward.wgsl" with { type: "text" };
import keys from "../../../kernels/attention_keys.wgsl" with { type: "text" };
import queries from "../../../kernels/attention_queries.wgsl" with { type: "text" };

/** A pass, and how it is dealt to invocations. */
export interface RegistersPass extends AttentionPass {
  /** Rows an invocation. */
  tile: number;
  /** Whether what is read again and again is read through textures. */
  textures: boolean;
}

function kernel(pass: Pass, wgsl: string): Kernel<RegistersPass> {
  return {
    name: `attention_${pass}`,
    wgsl,
    f16: ["qkv", "o"],
    textures: ({ textures }) => !textures ? [] : pass === "keys" ? ["qkv", "d_o"] : ["qkv"],
    constants: (pass) => ({
      D4: pass.headSize / 4,
      D4MORE: pass.headSize / 4 - 1,
      ROWS: pass.tile,
      ...blockConstants(pass.rows),
    }),
    bindings: attentionBindings,
    params: attentionParams,
    groups: ({ rows, heads, groups, tile }, workgroup) =>
      spread(Math.ceil(rows / tile) * (pass === "keys" ? groups : heads), workgroup),
    operations: attentionOperations,
  };
}

/** A kernel for each pass. */
export const ATTENTION_REGISTERS: Readonly<Record<Pass, Kernel<RegistersPass>>> = {
  forward: kernel("forward", forward),
  queries: kernel("queries", queries),
  keys: kernel("keys", keys),
};

/**
 * How a pass is dealt to invocations. Each row more that one holds saves loads of the other side and takes registers: on
 * a CPU driver spilling costs less than loading up to four rows (B2 H8 T1024 D64, forward and backward: 352 ms with two
 * rows, 277 with four; with eight rows the shader takes 24 s to compile).
 *
 * @param textures Whether qkv is small enough for a texture.
 */
export function dealPass(pass: AttentionPass, textures: boolean): RegistersPass {
  const { headSize } = pass;
  return { ...pass, tile: headSize <= 64 ? 4 : headSize <= 128 ? 2 : 1, textures };
}

/**
 * Records a pass of attention in which every invocation holds rows of its own.
 *
 * @param tensors Those of {@linkcode attentionBindings}.
 */
export function registersAttention(tape: Tape, pass: AttentionPass, tensors: readonly Tensor[]) {
  const textures = tensors[0]!.size <= tape.gpu.largestTexture;
  tape.dispatch(ATTENTION_REGISTERS[pass.pass], dealPass(pass, textures), tensors);
}
