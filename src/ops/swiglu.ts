/** The gated activation of Llama's MLP. @module */
import { matrix } from "./gemm/gemm.ts";
import { type Kernel, spread } from "../gpu/kernel/kernel.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import backwardWgsl from "../../kernels/swiglu_backward.wgsl" with { type: "text" };
import forwardWgsl from "../../kernels/swiglu.wgsl" with { type: "text" };

interface Shape {
  rows: number;
  width: number;
}

function kernel(name: string, wgsl: string, bindings: readonly string[]): Kernel<Shape> {
  return {
    name,
    wgsl,
    constants: ({ width }) => ({ VECTOR: Number(width % 4 === 0) }),
    bindings: () => bindings,
    f16: ["x", "y"],
    params: ({ rows, width }) => [rows, width / lanes(width)],
    workgroup: () => 64,
    groups: ({ rows, width }, workgroup) => spread(rows * width / lanes(width), workgroup),
  };
}

/** y = silu(gate)·up. */
export const swigluForward = kernel("swiglu", forwardWgsl, ["x", "y"]);
/** The gradient of gate and up. */
export const swigluBackward = kernel("swiglu_backward", backwardWgsl, ["x", "dy", "dx"]);

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
  const [rows, gateAndUp] = matrix(x);
  if (gateAndUp % 2 !== 0) throw new Error(`swiglu: the last size must be even, found shape [${x.shape}]`);
  const width = gateAndUp / 2;
  const y = tape.result([...x.shape.slice(0, -1), width], "swiglu");
  tape.dispatch(swigluForward, { rows, width }, [x, y]);
  if (tape.needsGrad(x)) {
    tape.differentiable(y, (dy) => {
      tape.assign(x, (dx) => tape.dispatch(swigluBackward, { rows, width }, [x, dy, dx]));
    });
  }
  return y;
}
