/** GELU, quick-GELU and SiLU as operations of their own. @module */
import type { Activation } from "./gemm/gemm.ts";
import { type Kernel, line } from "../gpu/kernel.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import functions from "../../kernels/activations.wgsl" with { type: "text" };
import wgsl from "../../kernels/activation.wgsl" with { type: "text" };

interface Shape {
  count: number;
  activation: Activation;
  backward: boolean;
  add: boolean;
}

const activationKernel: Kernel<Shape> = {
  name: "activation",
  wgsl: functions + wgsl,
  constants: ({ activation, backward }) => ({
    BACKWARD: Number(backward),
    GELU: Number(activation === "gelu"),
    QUICK_GELU: Number(activation === "quick_gelu"),
    SILU: Number(activation === "silu"),
  }),
  bindings: ({ backward }) => backward ? ["x", "dx", "dy"] : ["x", "y"],
  f16: ["x", "y"],
  params: ({ count, add }) => [count, Number(add)],
  groups: ({ count }) => line(Math.ceil(count / 4), 64),
};

/**
 * y = f(x), element by element.
 *
 * @param activation "gelu" x·Φ(x) (exact), "quick_gelu" x·sigmoid(1.702x), "silu" x·sigmoid(x).
 * @param x Any shape.
 * @returns The shape of `x`.
 */
export function activate(tape: Tape, activation: Activation, x: Tensor): Tensor {
  const y = tape.result(x.shape, activation);
  tape.dispatch(activationKernel, { count: x.size, activation, backward: false, add: false }, [x, y]);
  if (tape.needsGrad(x)) {
    tape.differentiable(y, (dy) => activationBackward(tape, activation, x, dy, tape.target(x)!));
  }
  return y;
}

/** dx (+)= dy·f'(x). */
export function activationBackward(
  tape: Tape,
  activation: Activation,
  x: Tensor,
  dy: Tensor,
  dx: { tensor: Tensor; add: boolean },
) {
  const shape = { count: x.size, activation, backward: true, add: dx.add };
  tape.dispatch(activationKernel, shape, [x, dx.tensor, dy]);
}
