/** A linear layer with its endings. @module */
import { accumulateColumns } from "./column_sum.ts";
import { type Activation, gemm, matrix } from "./gemm/gemm.ts";
import { activationBackward } from "./activation.ts";
import type { Tape } from "../autograd/tape.ts";
import { expectShape, type Tensor } from "../autograd/tensor.ts";

/** Endings of {@linkcode linear}. */
export interface LinearEnding {
  /** [outputs] */
  bias?: Tensor | undefined;
  /** Applied after the bias. */
  activation?: Activation | undefined;
  /** Added after the activation; of the output's shape. */
  residual?: Tensor | undefined;
}

/**
 * y = f(x·Wᵀ + b) + residual.
 *
 * Backward, with dz = dy·f'(z): dx = dz·W, dW += dzᵀ·x, db += Σ_rows dz, d residual = dy.
 *
 * @param x [..., inputs]
 * @param weight [outputs, inputs], as Hugging Face stores it.
 * @returns [..., outputs]
 * @throws {Error} If shapes do not fit, naming both.
 */
export function linear(tape: Tape, x: Tensor, weight: Tensor, ending: LinearEnding = {}): Tensor {
  const { bias, activation, residual } = ending;
  const [outputs = 0] = weight.shape;
  const [rows, inputs] = matrix(x);
  expectShape("linear", "weight", weight.shape, [-1, inputs]);
  if (bias) expectShape("linear", "bias", bias.shape, [outputs]);
  const y = tape.result([...x.shape.slice(0, -1), outputs], "linear");
  if (residual) expectShape("linear", "residual", residual.shape, y.shape);
  const differentiable = tape.needsGrad(x, weight, bias, residual);
  const save = activation && differentiable ? tape.result([rows, outputs], "pre-activation") : undefined;
  gemm(tape, "NT", x, weight, y, { bias, activation, residual: tape.apart(residual, x), save });
  if (!differentiable) return y;
  tape.differentiable(y, (dy) => {
    let dz = dy;
    if (activation && tape.gradientWanted(x, weight, bias)) {
      dz = tape.empty([rows, outputs], "d pre-activation");
      activationBackward(tape, activation, save!, dy, { tensor: dz, add: false });
    }
    const dx = tape.target(x);
    if (dx) gemm(tape, "NN", dz, weight, dx.tensor, { add: dx.add });
    const dw = tape.target(weight);
    if (dw) gemm(tape, "TN", dz, x, dw.tensor, { add: dw.add });
    const db = tape.target(bias);
    if (db) accumulateColumns(tape, dz, db);
    tape.pass(residual, dy); // last: the residual may take dy over and others may add to it
  });
  return y;
}
