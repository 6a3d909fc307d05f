/** GELU (exact and by tanh), quick-GELU and SiLU as operations of their own. @module */
import { type Activation, activationConstants } from "./gemm/product.ts";
import { type Kernel, spread } from "../gpu/kernel/kernel.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import backwardWgsl from "../../kernels/activation_backward.wgsl" with { type: "text" };
import forwardWgsl from "../../kernels/activation.wgsl" with { type: "text" };

interface Shape {
  count: number;
  activation: Activation;
  /** Backward: whether to add to dx. */
  add: boolean;
}

function kernel(name: string, wgsl: string, bindings: readonly string[]): Kernel<Shape> {
  return {
    name,
    wgsl,
    constants: ({ activation }) => activationConstants(activation),
    bindings: () => bindings,
    f16: ["x", "y"],
    params: ({ count, add }) => [count, Number(add)],
    workgroup: () => 64,
    groups: ({ count }, workgroup) => spread(Math.ceil(count / 4), workgroup),
  };
}

/** y = f(x). */
export const activationForward = kernel("activation", forwardWgsl, ["x", "y"]);
/** dx (+)= dy·f'(x). */
export const activationGradient = kernel("activation_backward", backwardWgsl, ["x", "dx", "dy"]);

/**
 * y = f(x), element by element.
 *
 * @param activation "gelu" x·Φ(x) (exact), "gelu_tanh" the same by tanh, "quick_gelu" x·sigmoid(1.702x), "silu" x·sigmoid(x).
 * @param x Any shape.
 * @returns The shape of `x`.
 */
export function activate(tape: Tape, activation: Activation, x: Tensor): Tensor {
  const y = tape.result(x.shape, activation);
  tape.dispatch(activationForward, { count: x.size, activation, add: false }, [x, y]);
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
  tape.dispatch(activationGradient, { count: x.size, activation, add: dx.add }, [x, dx.tensor, dy]);
}
