/**
 * What is measured: operations at fixed shapes, from data/bench/shapes.json, which the PyTorch script reads too.
 *
 * @module
 */
import shapes from "../../../data/bench/shapes.json" with { type: "json" };

/**
 * A product of the layer y = x·w with x [m, k] and w [k, n]: NN is the layer itself, NT the input's gradient dy·wᵀ,
 * TN the weight's gradient xᵀ·dy.
 */
export interface GemmWorkload {
  kind: "gemm";
  form: "NN" | "NT" | "TN";
  m: number;
  k: number;
  n: number;
}

/** Causal attention, output and gradients of q, k, v, all [b, h, t, d]. */
export interface AttentionWorkload {
  kind: "attention";
  b: number;
  h: number;
  t: number;
  d: number;
}

/** A norm of x [rows, width], output and gradients of x, weight and (LayerNorm) bias. */
export interface NormWorkload {
  kind: "layer-norm" | "rms-norm";
  rows: number;
  width: number;
}

/** Weighted cross-entropy of h·p with h [rows, width], p [width, vocab], and its gradients; about half of the rows have weight 0. */
export interface CrossEntropyWorkload {
  kind: "cross-entropy";
  rows: number;
  width: number;
  vocab: number;
}

/** One AdamW update of so many parameters. */
export interface AdamWWorkload {
  kind: "adamw";
  count: number;
}

/** A whole training step of the LLaVA in shapes.json: forward, backward, clipping, AdamW. */
export interface StepWorkload {
  kind: "step";
}

/** Something to measure. */
export type Workload =
  | GemmWorkload
  | AttentionWorkload
  | NormWorkload
  | CrossEntropyWorkload
  | AdamWWorkload
  | StepWorkload;

/** Settings of the optimiser in the rows adamw and step. */
export const OPTIMIZER = shapes.optimizer;

/** The model of the row step, and what five of its steps give in float64. */
export const LLAVA = { ...shapes.llava, reference: shapes.reference };

/** Steps of the row step whose loss and gradient norm are compared. */
export const TRACE = shapes.reference.trace.length / 2;

/** Added under the root of the norms. */
export const NORM_EPS = 1e-5;

/** How a workload is shown. */
export interface Label {
  /** Such as `gemm-NT`. */
  name: string;
  /** Such as `M1280 K96 N288`. */
  shape: string;
  /** Floating-point operations of one run; undefined where memory is what counts. */
  operations: number | undefined;
}

/**
 * Every workload, in the order in which they are shown.
 *
 * @param names Beginnings of names; none for all workloads.
 * @returns The workloads whose name begins with one of `names`.
 */
export function workloads(names: readonly string[] = []): Workload[] {
  const all: Workload[] = [
    ...shapes.gemm.flatMap(({ forms, ...sizes }) =>
      (["NN", "NT", "TN"] as const).filter((form) => forms.includes(form))
        .map((form) => ({ kind: "gemm" as const, form, ...sizes }))
    ),
    ...shapes.attention.map((sizes) => ({ kind: "attention" as const, ...sizes })),
    ...shapes.norm.flatMap((sizes) => [
      { kind: "layer-norm" as const, ...sizes },
      { kind: "rms-norm" as const, ...sizes },
    ]),
    ...shapes.crossEntropy.map((sizes) => ({ kind: "cross-entropy" as const, ...sizes })),
    ...shapes.adamw.map((sizes) => ({ kind: "adamw" as const, ...sizes })),
    { kind: "step" },
  ];
  return all.filter((workload) =>
    names.length === 0 || names.some((name) => label(workload).name.startsWith(name))
  );
}

/** Name, shape and operations of a workload. */
export function label(w: Workload): Label {
  switch (w.kind) {
    case "gemm": {
      const { form, m, k, n } = w;
      return { name: `gemm-${form}`, shape: `M${m} K${k} N${n}`, operations: 2 * m * k * n };
    }
    case "attention": {
      const { b, h, t, d } = w;
      // Six products of t×t×d; the causal half is not deducted.
      return { name: w.kind, shape: `B${b} H${h} T${t} D${d}`, operations: 12 * b * h * t * t * d };
    }
    case "cross-entropy": {
      const { rows, width, vocab } = w;
      // Rows of weight 0 are not deducted: who skips them shows a higher rate.
      return { name: w.kind, shape: `R${rows} W${width} V${vocab}`, operations: 6 * rows * width * vocab };
    }
    case "adamw":
      return { name: w.kind, shape: `${w.count / 1e6}M`, operations: undefined };
    case "step":
      return { name: w.kind, shape: `LLaVA B${LLAVA.batch}`, operations: undefined };
    default:
      return { name: w.kind, shape: `${w.rows}×${w.width}`, operations: undefined };
  }
}
