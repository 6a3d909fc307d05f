/**
 * Tensors, the {@linkcode Tape} that differentiates, and the operations that are recorded on it.
 *
 * @module
 */

export { gradcheck, type GradcheckOptions, type GradcheckResult } from "../autograd/gradcheck.ts";
export { Tape, type TapeOptions } from "../autograd/tape.ts";
export { type DType, type StorageType, Tensor } from "../autograd/tensor.ts";
export { activate } from "./activation.ts";
export { add } from "./add.ts";
export { attention, type Heads } from "./attention/attention.ts";
export { logits, type Targets, weightedCrossEntropy } from "./cross_entropy.ts";
export {
  embedding,
  indexTokens,
  type TokenIndex,
  type TokenIndexArrays,
  type TokenIndexOptions,
} from "./embedding/embedding.ts";
export { gatherRows } from "./embedding/gather_rows.ts";
export type { Dropout } from "./dropout.ts";
export { type Activation, type ColumnsOf, type Ending, gemm, type Layout } from "./gemm/gemm.ts";
export type { Range } from "./gemm/pieces.ts";
export { ACTIVATIONS } from "./gemm/product.ts";
export type { Choice } from "./gemm/select.ts";
export type { Side } from "./gemm/tiled.ts";
export { linear, type LinearEnding } from "./linear.ts";
export type { LowRank, LowRankPart } from "./low_rank.ts";
export { multiply } from "./multiply.ts";
export { layerNorm, rmsNorm } from "./norm/norm.ts";
export { patchEmbedding, visionEmbedding } from "./embedding/patch_embedding.ts";
export { rope, type RopeScaling, ropeTable } from "./embedding/rope.ts";
export { sum } from "./sum.ts";
export { swiglu } from "./swiglu.ts";
