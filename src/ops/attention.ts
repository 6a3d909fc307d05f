/** Attention over packed sequences, causal or bidirectional, with grouped heads. @module */
import { f32, type Kernel, line } from "../gpu/kernel.ts";
import type { Tape } from "../autograd/tape.ts";
import { expectShape, type Tensor } from "../autograd/tensor.ts";
import { attendedPairs } from "./attended_pairs.ts";
import wgsl from "../../kernels/attention.wgsl" with { type: "text" };

interface Shape {
  rows: number;
  heads: number;
  groups: number;
  headSize: number;
  /** Rows an invocation. */
  tile: number;
  /** Whether what is read again and again is read through textures. */
  textures: boolean;
  causal: boolean;
  pass: "forward" | "queries" | "keys";
}

const attentionKernel: Kernel<Shape> = {
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
  bindings: (
    { pass },
  ) => ["qkv", "span", "o", "lse", ...(pass === "forward" ? [] : ["d_o", "delta", "dqkv"])],
  params: ({ rows, heads, groups, headSize, causal }) => [
    rows,
    heads,
    groups,
    Number(causal),
    f32(1 / Math.sqrt(headSize)),
  ],
  groups: ({ rows, heads, groups, tile, pass }) =>
    line(Math.ceil(rows / tile) * (pass === "keys" ? groups : heads), 8),
  // Products of a pair of rows: q·k, p·v; q·k, do·v, ds·k; q·k, do·v, p·do, ds·q.
  operations({ heads, headSize, causal, pass }, values) {
    const span = values("span");
    const products = { forward: 2, queries: 3, keys: 4 }[pass];
    return span && 2 * headSize * products * heads * attendedPairs(span, causal);
  },
};

/**
 * Rows that an invocation holds. Each row more saves loads of the other side and takes registers: on a CPU driver
 * spilling costs less than loading up to four rows (B2 H8 T1024 D64, forward and backward: 352 ms with two rows, 277
 * with four; with eight rows the shader takes 24 s to compile).
 */
function tileRows(headSize: number, software: boolean): number {
  const most = software ? 256 : 64;
  return 4 * headSize <= most ? 4 : 2 * headSize <= most ? 2 : 1;
}

/** How heads are laid out in a row of {@linkcode attention}. */
export interface Heads {
  /** Query heads. */
  heads: number;
  /** Key-value heads; divides `heads`. */
  groups: number;
  /** Values a head, a multiple of 4. */
  headSize: number;
}

/**
 * softmax(q·Kᵀ/√headSize)·V for every row and head, without a T×T buffer (running maximum forward, saved
 * log-sum-exp backward; Dao et al. 2022).
 *
 * @param qkv [rows, (heads + 2·groups)·headSize]: queries, keys, values of a row side by side.
 * @param span [rows, 2] int32: first row and end (excluded) of the row's sequence; end ≤ first marks padding.
 * @param causal Whether a row sees only itself and rows before it.
 * @returns [rows, heads·headSize]; 0 in padding rows.
 * @throws {Error} If shapes do not fit or headSize is not a multiple of 4.
 */
export function attention(tape: Tape, qkv: Tensor, span: Tensor, layout: Heads, causal: boolean): Tensor {
  const { heads, groups, headSize } = layout;
  const [rows = 0] = qkv.shape;
  if (headSize % 4 !== 0) throw new Error(`attention: headSize must be a multiple of 4, found ${headSize}`);
  if (heads % groups !== 0) {
    throw new Error(`attention: ${groups} key-value heads do not divide ${heads} heads`);
  }
  expectShape("attention", "qkv", qkv.shape, [rows, (heads + 2 * groups) * headSize]);
  expectShape("attention", "span", span.shape, [rows, 2]);
  const o = tape.result([rows, heads * headSize], "attention");
  const lse = tape.empty([rows, heads], "log-sum-exp");
  const software = tape.gpu.facts.isFallbackAdapter;
  const tile = tileRows(headSize, software);
  const textures = software && qkv.size <= tape.gpu.largestTexture;
  const shape = { rows, heads, groups, headSize, tile, textures, causal };
  tape.dispatch(attentionKernel, { ...shape, pass: "forward" }, [qkv, span, o, lse]);
  if (tape.needsGrad(qkv)) {
    tape.differentiable(o, (dO) => {
      const delta = tape.empty([rows, heads], "delta");
      tape.assign(qkv, (dqkv) => {
        const tensors = [qkv, span, o, lse, dO, delta, dqkv];
        tape.dispatch(attentionKernel, { ...shape, pass: "queries" }, tensors);
        tape.dispatch(attentionKernel, { ...shape, pass: "keys" }, tensors);
      });
    });
  }
  return o;
}
