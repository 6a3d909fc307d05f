/** The gated activation of Llama's MLP. @module */
import { matrix } from "./gemm.ts";
import { type Kernel, line } from "../gpu/kernel.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import functions from "../../kernels/activations.wgsl" with { type: "text" };
import wgsl from "../../kernels/swiglu.wgsl" with { type: "text" };

interface Shape {
  rows: number;
  width: number;
  backward: boolean;
}

const swigluKernel: Kernel<Shape> = {
  name: "swiglu",
  wgsl: functions + wgsl,
  constants: ({ backward }) => ({ BACKWARD: Number(backward) }),
  bindings: ({ backward }) => backward ? ["x", "dy", "dx"] : ["x", "y"],
  params: ({ rows, width }) => [rows, width],
  groups: ({ rows, width }) => line(rows * width, 64),
};

/**
 * SwiGLU (Shazeer 2020): y = silu(gate)·up.
 *
 * @param x [..., 2·width]: gate and up side by side.
 * @returns [..., width]
 */
export function swiglu(tape: Tape, x: Tensor): Tensor {
  const [rows, both] = matrix(x);
  if (both % 2 !== 0) throw new Error(`swiglu: the last size must be even, found shape [${x.shape}]`);
  const width = both / 2;
  const y = tape.empty([...x.shape.slice(0, -1), width], "swiglu");
  tape.dispatch(swigluKernel, { rows, width, backward: false }, [x, y]);
  if (tape.needsGrad(x)) {
    tape.differentiable(
      y,
      (dy) => tape.assign(x, (dx) => tape.dispatch(swigluKernel, { rows, width, backward: true }, [x, dy, dx])),
    );
  }
  return y;
}
