/**
 * Which form each operation takes on which kind of adapter. The forms of an operation give the same numbers up to
 * rounding; each is tested on any adapter.
 *
 * - `registers`: for CPU drivers, where loads and barriers are dear: what is read again and again is held in registers
 *   or read through textures, workgroups are one vector of lanes, loops around them few;
 * - `tiled`: for GPUs, where many invocations a workgroup share what they read;
 * - `any`: for shapes that neither takes, such as widths that 4 does not divide.
 *
 * | operation   | `registers`                       | `tiled`                            | `any`                   |
 * | ----------- | --------------------------------- | ---------------------------------- | ----------------------- |
 * | gemm        | gemm                              | gemm_tiled, gemm_sum               | gemm_any                |
 * | … few rows  | gemv, 8 lanes                     | gemv, 32 lanes                     |                         |
 * | attention   | attention_*                       | attention_tiled_*                  | heads padded with zeros |
 * | norm        | norm_rows_*, 8 lanes, 4 rows      | norm_rows_*, lanes by width        | norm_*                  |
 * | column sum  | column_parts, 8 lanes; often none | column_parts, 32 lanes             | column_parts_any        |
 * | adamw       | 4 vec4s an invocation             | 1 vec4                             |                         |
 *
 * What decides within a form (tiles, lanes, parts of an inner size) stands with its binding: gemm/select.ts,
 * norm_rows.ts, column_sum.ts. All other kernels have one form, `spread` over workgroups that suit the adapter.
 *
 * @module
 */
import { type AdapterKind, adapterKind } from "../gpu/kernel/adapter_kind.ts";

/** A form that kernels are written in for a kind of adapter. */
export type Form = "registers" | "tiled";

/** The operations that have more than one form. */
export type Formed = "gemm" | "attention" | "norm" | "columnSum" | "adamw";

const FORMS: Readonly<Record<Formed, Readonly<Record<AdapterKind, Form>>>> = {
  gemm: { cpu: "registers", gpu: "tiled" }, // a GPU that grants no tile: registers
  attention: { cpu: "registers", gpu: "tiled" },
  norm: { cpu: "registers", gpu: "tiled" },
  columnSum: { cpu: "registers", gpu: "tiled" },
  adamw: { cpu: "registers", gpu: "tiled" },
};

/**
 * The form of an operation on an adapter.
 *
 * @param gpu The device, what is known of its adapter, or its kind.
 */
export function formOf(
  operation: Formed,
  gpu: AdapterKind | { readonly facts: { readonly isFallbackAdapter: boolean } },
): Form {
  return FORMS[operation][typeof gpu === "string" ? gpu : adapterKind(gpu)];
}
