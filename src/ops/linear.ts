/** A linear layer with its endings. @module */
import { accumulateColumns } from "./column_sum.ts";
import { type Activation, gemm, matrix } from "./gemm/gemm.ts";
import { endProduct } from "./gemm/tiled.ts";
import {
  addLowRank,
  type LowRank,
  lowRankBackward,
  lowRankParameters,
  type LowRankPass,
} from "./low_rank.ts";
import { activationBackward } from "./activation.ts";
import { rowPieces } from "../autograd/pieces.ts";
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
  /** Added to the matrix. */
  lowRank?: LowRank | undefined;
}

/**
 * y = f(x·(W + ΔW)ᵀ + b) + residual, with ΔW = scale·B·A where there is a low-rank addition.
 *
 * Backward, with dz = dy·f'(z): dx = dz·W + (scale·dz·B)·A, dW += dzᵀ·x, db += Σ_rows dz, d residual = dy; of A and B see
 * {@linkcode lowRankBackward}. Where W is frozen, no gradient of its size is ever made.
 *
 * @param x [..., inputs]
 * @param weight [outputs, inputs], as Hugging Face stores it.
 * @returns [..., outputs]
 * @throws {Error} If shapes do not fit, naming both.
 */
export function linear(tape: Tape, x: Tensor, weight: Tensor, ending: LinearEnding = {}): Tensor {
  const { bias, activation, residual, lowRank } = ending;
  const [outputs = 0] = weight.shape;
  const [rows, inputs] = matrix(x);
  expectShape("linear", "weight", weight.shape, [-1, inputs]);
  if (bias) expectShape("linear", "bias", bias.shape, [outputs]);
  const y = tape.result([...x.shape.slice(0, -1), outputs], "linear");
  if (residual) expectShape("linear", "residual", residual.shape, y.shape);
  const low = lowRank ? lowRankParameters(lowRank) : [];
  const differentiable = tape.needsGrad(x, weight, bias, residual, ...low);
  const save = activation && differentiable ? tape.result([rows, outputs], "pre-activation") : undefined;
  const end = { bias, activation, residual: tape.apart(residual, x), save };
  let pass: LowRankPass | undefined;
  if (!lowRank) gemm(tape, "NT", x, weight, y, end);
  else if (!activation && y.dtype === "f32") {
    gemm(tape, "NT", x, weight, y, end);
    pass = addLowRank(tape, lowRank, x, y);
  } else {
    const z = tape.empty([rows, outputs], "linear in 32 bits");
    gemm(tape, "NT", x, weight, z);
    pass = addLowRank(tape, lowRank, x, z);
    endRows(tape, z, y, end);
  }
  if (!differentiable) return y;
  tape.differentiable(y, (dy) => {
    let dz = dy;
    if (activation && tape.gradientWanted(x, weight, bias, ...low)) {
      dz = tape.empty([rows, outputs], "d pre-activation");
      activationBackward(tape, activation, save!, dy, { tensor: dz, add: false });
    }
    const dx = tape.target(x);
    if (dx) gemm(tape, "NN", dz, weight, dx.tensor, { add: dx.add });
    if (lowRank) lowRankBackward(tape, lowRank, pass!, x, dz, dx?.tensor);
    const dw = tape.target(weight);
    if (dw) gemm(tape, "TN", dz, x, dw.tensor, { add: dw.add });
    const db = tape.target(bias);
    if (db) accumulateColumns(tape, dz, db);
    tape.pass(residual, dy); // last: the residual may take dy over and others may add to it
  });
  return y;
}

/** Ends a product that is there already. */
function endRows(
  tape: Tape,
  z: Tensor,
  y: Tensor,
  { bias, activation, residual, save }: Omit<LinearEnding, "lowRank"> & { save: Tensor | undefined },
) {
  const [m, n] = matrix(z);
  const product = { layout: "NT", n, k: 0, bias: !!bias, save: !!save, residual: !!residual } as const;
  for (const { first, count } of rowPieces(tape.gpu, m, 4 * n)) {
    const of = (t: Tensor) => t.view([m, n]).rows(first, count);
    endProduct(tape, { ...product, m: count, activation, add: false }, [
      of(z),
      of(y),
      ...bias ? [bias] : [],
      ...save ? [of(save)] : [],
      ...residual ? [of(residual)] : [],
    ]);
  }
}
