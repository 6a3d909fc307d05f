/** The gated activation of Llama's MLP. @module */
import { matrix } from "./gemm/gemm.ts";
import { type Kernel, line } from "../gpu/kernel.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import wgsl from "../../kernels/swiglu.wgsl" with { type: "text" };

interface Shape {
  rows: number;
  width: number;
  backward: boolean;
}

const swigluKernel: Kernel<Shape> = {
  name: "swiglu",
  wgsl,
  constants: ({ width, backward }) => ({ BACKWARD: Number(backward), VECTOR: Number(width % 4 === 0) }),
  bindings: ({ backward }) => backward ? ["x", "dy", "dx"] : ["x", "y"],
  f16: ["x", "y"],
  params: ({ rows, width }) => [rows, width / lanes(width)],
  groups: ({ rows, width }) => line(rows * width / lanes(width), 64),
};

/** Values an invocation handles. */
function lanes(width: number): 1 | 4 {
  return width % 4 === 0 ? 4 : 1;
}

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
  const y = tape.result([...x.shape.slice(0, -1), width], "swiglu");
  tape.dispatch(swigluKernel, { rows, width, backward: false }, [x, y]);
  if (tape.needsGrad(x)) {
    tape.differentiable(
      y,
      (dy) =>
        tape.assign(x, (dx) => tape.dispatch(swigluKernel, { rows, width, backward: true }, [x, dy, dx])),
    );
  }
  return y;
}
