/** Norms of any width: the binding of kernels/norm.wgsl. @module */
import { f32, type Kernel, line } from "../gpu/kernel.ts";
import wgsl from "../../kernels/norm.wgsl" with { type: "text" };

/** What one dispatch of {@linkcode normGeneral} does. */
export interface GeneralShape {
  rows: number;
  width: number;
  eps: number;
  centred: boolean;
  backward: boolean;
  add: boolean;
}

/** Forward, or the gradient of x; see the WGSL file for what it computes. */
export const normGeneral: Kernel<GeneralShape> = {
  name: "norm",
  wgsl,
  f16: ["x", "y"],
  constants: ({ width, centred, backward }) => ({
    VECTOR: Number(width % 4 === 0),
    CENTRED: Number(centred),
    BACKWARD: Number(backward),
  }),
  bindings({ centred, backward }) {
    if (backward) return ["x", "weight", "stats", "dy", "dx"];
    return ["x", "weight", "stats", "y", ...(centred ? ["bias"] : [])];
  },
  params: ({ rows, width, eps, add }) => [
    rows,
    width % 4 === 0 ? width / 4 : width,
    f32(width),
    f32(eps),
    Number(add),
  ],
  groups: ({ rows }, workgroup) => line(rows, workgroup),
};
