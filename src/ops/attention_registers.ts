/** Attention on CPU drivers, without workgroup memory: the binding of kernels/attention.wgsl. @module */
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import { type Kernel, line } from "../gpu/kernel.ts";
import {
  attentionBindings,
  attentionOperations,
  attentionParams,
  type AttentionPass,
} from "./attention_pass.ts";
import wgsl from "../../kernels/attention.wgsl" with { type: "text" };

interface Shape extends AttentionPass {
  /** Rows an invocation. */
  tile: number;
  /** Whether what is read again and again is read through textures. */
  textures: boolean;
}

const kernel: Kernel<Shape> = {
  name: "attention",
  wgsl,
  f16: ["qkv", "o"],
  textures: ({ textures, pass }) => !textures ? [] : pass === "keys" ? ["qkv", "d_o"] : ["qkv"],
  constants: ({ headSize, tile, textures, pass }) => ({
    D4: headSize / 4,
    D4MORE: headSize / 4 - 1,
    ROWS: tile,
    TEXTURES: Number(textures),
    GRADIENT_TEXTURE: Number(textures && pass === "keys"),
    FORWARD: Number(pass === "forward"),
    KEYS: Number(pass === "keys"),
  }),
  bindings: attentionBindings,
  params: attentionParams,
  groups: ({ rows, heads, groups, tile, pass }, workgroup) =>
    line(Math.ceil(rows / tile) * (pass === "keys" ? groups : heads), workgroup),
  operations: attentionOperations,
};

/**
 * Rows that an invocation holds. Each row more saves loads of the other side and takes registers: on a CPU driver
 * spilling costs less than loading up to four rows (B2 H8 T1024 D64, forward and backward: 352 ms with two rows, 277
 * with four; with eight rows the shader takes 24 s to compile).
 */
function tileRows(headSize: number): number {
  return headSize <= 64 ? 4 : headSize <= 128 ? 2 : 1;
}

/**
 * Records a pass of attention in which every invocation holds rows of its own.
 *
 * @param tensors Those of {@linkcode attentionBindings}.
 */
export function registersAttention(tape: Tape, pass: AttentionPass, tensors: readonly Tensor[]) {
  const textures = tensors[0]!.size <= tape.gpu.largestTexture;
  tape.dispatch(kernel, { ...pass, tile: tileRows(pass.headSize), textures }, tensors);
}
