/** LayerNorm and RMSNorm. @module */
import { accumulateColumns } from "../column_sum.ts";
import { matrix } from "../gemm/gemm.ts";
import type { Tape } from "../../autograd/tape.ts";
import { expectShape, type Tensor } from "../../autograd/tensor.ts";
import { formOf } from "../forms.ts";
import { type AnyNorm, normBackward, normForward } from "./norm_any.ts";
import { dealRows, normRowsBackward, normRowsForward, type RowsNorm } from "./norm_rows.ts";

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
  const y = tape.result(x.shape, name);
  const stats = tape.empty([rows, 2], `${name} statistics`);
  const inputs = bias ? [x, weight, stats, y, bias] : [x, weight, stats, y];
  const shape = { rows, width, eps, centred: bias !== undefined };
  const deal = dealRows(rows, width, formOf("norm", tape.gpu));
  if (deal) tape.dispatch(normRowsForward, { ...shape, ...deal }, inputs);
  else tape.dispatch(normForward, { ...shape, add: false }, inputs);
  if (tape.needsGrad(x, weight, bias)) {
    const read = { x, weight, bias, stats };
    tape.differentiable(y, (dy) => {
      if (deal) rowsBackward(tape, { ...shape, ...deal }, { ...read, dy });
      else anyBackward(tape, shape, { ...read, dy });
    });
  }
  return y;
}

interface BackwardInputs {
  x: Tensor;
  weight: Tensor;
  bias: Tensor | undefined;
  stats: Tensor;
  dy: Tensor;
}

/** All gradients in one dispatch; the parts of those of weight and bias are added up after it. */
function rowsBackward(tape: Tape, shape: RowsNorm, { x, weight, bias, stats, dy }: BackwardInputs) {
  const dw = tape.target(weight), db = tape.target(bias), dx = tape.target(x);
  const parts = (of: typeof dw, name: string) =>
    of && tape.empty([shape.groups, shape.width], `parts of d ${name}`);
  const dwParts = parts(dw, "weight"), dbParts = parts(db, "bias");
  const gradients = { dx: !!dx, add: dx?.add ?? false, weight: !!dw, bias: !!db };
  const tensors = [x, weight, stats, dy, dx?.tensor, dwParts, dbParts].filter((t) => t !== undefined);
  tape.dispatch(normRowsBackward, { ...shape, gradients }, tensors);
  if (dw) accumulateColumns(tape, dwParts!, dw);
  if (db) accumulateColumns(tape, dbParts!, db);
}

/** A dispatch or two for each gradient. */
function anyBackward(
  tape: Tape,
  shape: Omit<AnyNorm, "add">,
  { x, weight, bias, stats, dy }: BackwardInputs,
) {
  const dw = tape.target(weight);
  if (dw) accumulateColumns(tape, dy, dw, { input: x, stats });
  const db = tape.target(bias);
  if (db) accumulateColumns(tape, dy, db);
  const dx = tape.target(x);
  if (dx) tape.dispatch(normBackward, { ...shape, add: dx.add }, [x, weight, stats, dy, dx.tensor]);
}
