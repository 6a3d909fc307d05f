/**
 * Kernels that are kept as devices are given them, so that a change of what is generated is seen in review.
 *
 * @module
 */
import { kernelNamed, type Wanted } from "./kernels.ts";

/** A file that holds what a device is given. */
export interface Golden extends Wanted {
  /** The file's name without .wgsl. */
  file: string;
  /** The kernel. */
  name: string;
}

/** What is kept in test/kernels/golden: the forms that differ, each once. */
export const GOLDEN: readonly Golden[] = [
  { file: "gemm_nt_textures", name: "gemm", adapter: "cpu", given: { m: 64, n: 64, k: 64 } },
  {
    file: "gemm_tn_buffers_f16",
    name: "gemm",
    adapter: "cpu",
    f16: ["a", "b", "y"],
    given: { layout: "TN", m: 64, n: 64, k: 64, bias: false, textures: false },
  },
  {
    file: "gemm_any_nn",
    name: "gemm_any",
    adapter: "cpu",
    given: { layout: "NN", activation: "gelu", save: true },
  },
  { file: "gemv", name: "gemv", adapter: "cpu", given: { m: 2 } },
  { file: "gemv_half", name: "gemv", adapter: "gpu", f16: ["b"], given: { half: true, bias: true } },
  { file: "gemm_tiled_32", name: "gemm_tiled", adapter: "gpu", given: { side: 32, residual: true } },
  {
    file: "gemm_tiled_ragged",
    name: "gemm_tiled",
    adapter: "gpu",
    given: { side: 32, layout: "TN", m: 37, n: 13 },
  },
  { file: "gemm_nn_long", name: "gemm", adapter: "cpu", given: { layout: "NN", m: 4, n: 4, k: 49_152 } },
  { file: "gemm_sum", name: "gemm_sum", adapter: "gpu", given: { activation: "silu" } },
  { file: "attention_forward", name: "attention_forward", adapter: "cpu", given: { headSize: 8 } },
  { file: "attention_queries", name: "attention_queries", adapter: "cpu", given: { headSize: 8 } },
  { file: "attention_keys", name: "attention_keys", adapter: "cpu", given: { headSize: 8 } },
  {
    file: "attention_tiled_forward",
    name: "attention_tiled_forward",
    adapter: "gpu",
    given: { headSize: 20 },
  },
  {
    file: "attention_tiled_queries",
    name: "attention_tiled_queries",
    adapter: "gpu",
    given: { headSize: 20 },
  },
  { file: "attention_tiled_keys", name: "attention_tiled_keys", adapter: "gpu", given: { headSize: 20 } },
  {
    file: "attention_keys_long",
    name: "attention_keys",
    adapter: "cpu",
    given: { headSize: 8, rows: 4096 },
  },
  { file: "norm_forward", name: "norm_forward", adapter: "cpu" },
  { file: "norm_backward", name: "norm_backward", adapter: "gpu", given: { width: 16_388, centred: false } },
  { file: "norm_rows_forward_8_lanes", name: "norm_rows_forward", adapter: "cpu", given: { width: 64 } },
  {
    file: "norm_rows_forward_tree_loop",
    name: "norm_rows_forward",
    adapter: "gpu",
    given: { rows: 9001, width: 516 },
  },
  { file: "norm_rows_backward_32_lanes", name: "norm_rows_backward", adapter: "gpu", given: { width: 64 } },
  {
    file: "norm_rows_backward_rms",
    name: "norm_rows_backward",
    adapter: "cpu",
    given: { width: 36, centred: false, bias: false },
  },
  { file: "column_parts", name: "column_parts", adapter: "gpu" },
  { file: "cross_entropy", name: "cross_entropy", adapter: "cpu" },
  { file: "cross_entropy_shared", name: "cross_entropy", adapter: "gpu", given: { vocab: 49_152 } },
  { file: "rope", name: "rope", adapter: "cpu", f16: ["x", "y"] },
  { file: "adamw", name: "adamw", adapter: "cpu" },
];

/** The text of a golden file. */
export function goldenText({ file, name, ...wanted }: Golden): string {
  const { code, shape, groups } = kernelNamed(name).show(wanted);
  return `// ${file}: ${name} (${shape}) for a ${wanted.adapter}, ${groups.join("×")} workgroups.\n` +
    "// Written by `deno task kernel --golden`; the source is in kernels/.\n" + code.trimEnd() + "\n";
}
