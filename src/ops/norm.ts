/** LayerNorm and RMSNorm. @module */
import { accumulateColumns } from "./column_sum.ts";
import { matrix } from "./gemm.ts";
import { f32, type Kernel, line } from "../gpu/kernel.ts";
import type { Tape } from "../autograd/tape.ts";
import { expectShape, type Tensor } from "../autograd/tensor.ts";
import wgsl from "../../kernels/norm.wgsl" with { type: "text" };

interface Shape {
  rows: number;
  width: number;
  eps: number;
  centred: boolean;
  backward: boolean;
  add: boolean;
}

const normKernel: Kernel<Shape> = {
  name: "norm",
  wgsl,
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
  groups: ({ rows }) => line(rows, 8),
};

/**
 * RMSNorm (Zhang and Sennrich 2019): y = x / √(mean(x²) + eps) · weight.
 *
 * @param x [..., width]
 * @param weight [width]
 * @param eps Added under the root.
 * @returns [..., width]
 */
export function rmsNorm(tape: Tape, x: Tensor, weight: Tensor, eps: number): Tensor {
  return norm(tape, x, weight, undefined, eps);
}

/**
 * LayerNorm (Ba et al. 2016): y = (x − mean) / √(variance + eps) · weight + bias.
 *
 * @param x [..., width]
 * @param weight [width]
 * @param bias [width]
 * @param eps Added under the root.
 * @returns [..., width]
 */
export function layerNorm(tape: Tape, x: Tensor, weight: Tensor, bias: Tensor, eps: number): Tensor {
  return norm(tape, x, weight, bias, eps);
}

function norm(tape: Tape, x: Tensor, weight: Tensor, bias: Tensor | undefined, eps: number): Tensor {
  const [rows, width] = matrix(x);
  const name = bias ? "layer norm" : "rms norm";
  expectShape(name, "weight", weight.shape, [width]);
  if (bias) expectShape(name, "bias", bias.shape, [width]);
  const y = tape.empty(x.shape, name);
  const stats = tape.empty([rows, 2], `${name} statistics`);
  const shape = { rows, width, eps, centred: bias !== undefined, backward: false, add: false };
  tape.dispatch(normKernel, shape, bias ? [x, weight, stats, y, bias] : [x, weight, stats, y]);
  if (!tape.needsGrad(x, weight, bias)) return y;
  tape.differentiable(y, (dy) => {
    const dw = tape.target(weight);
    if (dw) accumulateColumns(tape, dy, dw, { input: x, stats });
    const db = tape.target(bias);
    if (db) accumulateColumns(tape, dy, db);
    const dx = tape.target(x);
    if (dx) {
      tape.dispatch(normKernel, { ...shape, backward: true, add: dx.add }, [x, weight, stats, dy, dx.tensor]);
    }
  });
  return y;
}
