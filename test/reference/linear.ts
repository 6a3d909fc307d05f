/** A linear layer in float64. @module */
import { activate, type Activation, derivative } from "./activation.ts";
import { columnSums, product } from "./matrix.ts";

/** y = f(x·Wᵀ + b) + residual, x [rows, inputs], W [outputs, inputs]. */
export function linear(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  sizes: { rows: number; inputs: number; outputs: number },
  ending: { bias?: ArrayLike<number>; activation?: Activation; residual?: ArrayLike<number> } = {},
) {
  const { rows, inputs, outputs } = sizes;
  const { bias, activation, residual } = ending;
  const z = product("NT", x, weight, rows, outputs, inputs).map((value, i) =>
    value + (bias?.[i % outputs] ?? 0)
  );
  const y = z.map((value, i) => (activation ? activate(activation, value) : value) + (residual?.[i] ?? 0));
  const backward = (dy: Float64Array) => {
    const dz = activation ? dy.map((value, i) => value * derivative(activation, z[i]!)) : dy;
    return {
      x: product("NN", dz, weight, rows, inputs, outputs),
      weight: product("TN", dz, x, outputs, inputs, rows),
      bias: columnSums(dz, outputs),
      residual: dy,
    };
  };
  return { y, z, backward };
}
