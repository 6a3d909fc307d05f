/** LayerNorm and RMSNorm. @module */
import { accumulateColumns } from "./column_sum.ts";
import { matrix } from "./gemm/gemm.ts";
import type { Tape } from "../autograd/tape.ts";
import { expectShape, type Tensor } from "../autograd/tensor.ts";
import { normGeneral } from "./norm_general.ts";
import { normRows, rowsForm, type RowsShape } from "./norm_rows.ts";

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
  const form = rowsForm(rows, width, tape.gpu.facts.isFallbackAdapter);
  const inputs = bias ? [x, weight, stats, y, bias] : [x, weight, stats, y];
  const centred = bias !== undefined;
  if (form) {
    const shape = { ...form, all: rows, width, eps, centred };
    tape.dispatch(normRows, { ...shape, pass: "forward" }, inputs);
    if (tape.needsGrad(x, weight, bias)) {
      tape.differentiable(y, (dy) => rowsBackward(tape, shape, { x, weight, bias, stats, dy }));
    }
    return y;
  }
  const shape = { rows, width, eps, centred, backward: false, add: false };
  tape.dispatch(normGeneral, shape, inputs);
  if (!tape.needsGrad(x, weight, bias)) return y;
  tape.differentiable(y, (dy) => {
    const dw = tape.target(weight);
    if (dw) accumulateColumns(tape, dy, dw, { input: x, stats });
    const db = tape.target(bias);
    if (db) accumulateColumns(tape, dy, db);
    const dx = tape.target(x);
    if (dx) {
      tape.dispatch(normGeneral, { ...shape, backward: true, add: dx.add }, [
        x,
        weight,
        stats,
        dy,
        dx.tensor,
      ]);
    }
  });
  return y;
}

/** All gradients in one dispatch; the parts of those of weight and bias are added up after it. */
function rowsBackward(
  tape: Tape,
  shape: Omit<RowsShape, "pass">,
  { x, weight, bias, stats, dy }: Record<"x" | "weight" | "stats" | "dy", Tensor> & {
    bias: Tensor | undefined;
  },
) {
  const dw = tape.target(weight), db = tape.target(bias), dx = tape.target(x);
  const parts = (of: typeof dw, name: string) =>
    of && tape.empty([shape.groups, shape.width], `parts of d ${name}`);
  const dwParts = parts(dw, "weight"), dbParts = parts(db, "bias");
  const pass = { dx: !!dx, add: dx?.add ?? false, weight: !!dw, bias: !!db };
  const tensors = [x, weight, stats, dy, dx?.tensor, dwParts, dbParts].filter((t) => t !== undefined);
  tape.dispatch(normRows, { ...shape, pass }, tensors);
  if (dw) accumulateColumns(tape, dwParts!, dw);
  if (db) accumulateColumns(tape, dbParts!, db);
}
