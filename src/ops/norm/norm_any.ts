/** Norms of any width: the bindings of kernels/norm_forward.wgsl and kernels/norm_backward.wgsl. @module */
import { f32, type Kernel, spread } from "../../gpu/kernel/kernel.ts";
import backward from "../../../kernels/norm_backward.wgsl" with { type: "text" };
import forward from "../../../kernels/norm_forward.wgsl" with { type: "text" };

/** What one dispatch of {@linkcode normForward} or {@linkcode normBackward} does. */
export interface AnyNorm {
  /** Rows of x. */
  rows: number;
  /** Size of a row. */
  width: number;
  eps: number;
  /** LayerNorm; else RMSNorm. */
  centred: boolean;
  /** Backward: whether to add to dx. */
  add: boolean;
}

const common: Pick<Kernel<AnyNorm>, "f16" | "params" | "groups"> = {
  f16: ["x", "y"],
  params: ({ rows, width, eps, add }) => [
    rows,
    width % 4 === 0 ? width / 4 : width,
    f32(width),
    f32(eps),
    Number(add),
  ],
  groups: ({ rows }, workgroup) => spread(rows, workgroup),
};

/** y, and the statistics of every row. */
export const normForward: Kernel<AnyNorm> = {
  ...common,
  name: "norm_forward",
  wgsl: forward,
  constants: (shape) => ({
    VECTOR: Number(shape.width % 4 === 0),
    CENTRED: Number(shape.centred),
    PARAMS: normForward.bindings(shape).length,
  }),
  bindings: ({ centred }) => ["x", "weight", "stats", "y", ...(centred ? ["bias"] : [])],
};

/** The gradient of x. */
export const normBackward: Kernel<AnyNorm> = {
  ...common,
  name: "norm_backward",
  wgsl: backward,
  constants: ({ width, centred }) => ({ VECTOR: Number(width % 4 === 0), CENTRED: Number(centred) }),
  bindings: () => ["x", "weight", "stats", "dy", "dx"],
};
