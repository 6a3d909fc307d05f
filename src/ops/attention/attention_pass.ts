/** What a pass of attention is, whichever kernel carries it out. @module */
import { f32 } from "../../gpu/kernel/kernel.ts";
import type { Constants } from "../../gpu/kernel/template.ts";
import { attendedPairs } from "./attended_pairs.ts";

/** Forward, the gradient of the queries, or after it that of the keys and values. */
export type Pass = "forward" | "queries" | "keys";

/** One pass of attention; kernels/attention_forward.wgsl and its neighbours say what each computes. */
export interface AttentionPass {
  /** Rows of qkv. */
  rows: number;
  /** Query heads. */
  heads: number;
  /** Key-value heads. */
  groups: number;
  /** Values a head; 4 divides it. */
  headSize: number;
  /** By which scores are multiplied; 1/√headSize if left out. */
  scale?: number;
  /** Whether a row sees only itself and rows before it. */
  causal: boolean;
  /** Which. */
  pass: Pass;
}

/** Names of the tensors that a pass binds, in order. */
export function attentionBindings({ pass }: AttentionPass): readonly string[] {
  return ["qkv", "span", "o", "lse", ...(pass === "forward" ? [] : ["d_o", "delta", "dqkv"])];
}

/** Rows that are added up before they go into a second sum: fewer would cost batches of short sequences their time. */
const BLOCK = 2048;

/** The constant that says how many rows make a block of a sum over so many at most: 0 where there is but one. */
export function blockConstants(rows: number, block: number = BLOCK): Constants {
  return { BLOCK: rows > block ? block : 0 };
}

/** Parameters of a pass. */
export function attentionParams(pass: AttentionPass): readonly number[] {
  const { rows, heads, groups, headSize, causal, scale = 1 / Math.sqrt(headSize) } = pass;
  return [rows, heads, groups, Number(causal), f32(scale)];
}

/** Products of a pair of rows: q·k, w·v; q·k, dO·v, ds·k; q·k, dO·v, w·dO, ds·q. */
const PRODUCTS = { forward: 2, queries: 3, keys: 4 } as const;

/** Floating-point operations of a pass, where the spans are known; see Kernel.operations. */
export function attentionOperations(
  { heads, headSize, causal, pass }: AttentionPass,
  values: (binding: string) => Int32Array | undefined,
): number | undefined {
  const span = values("span");
  return span && 2 * headSize * PRODUCTS[pass] * heads * attendedPairs(span, causal);
}
