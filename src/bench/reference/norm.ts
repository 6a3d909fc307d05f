/** Norms in float64. @module */
import { difference } from "../compare.ts";
import type { Results } from "../contestant.ts";
import { uniform } from "../workloads/inputs.ts";
import { NORM_EPS, type NormWorkload } from "../workloads/workload.ts";

/** The error of a norm and its gradients, on all elements. */
export function normError({ kind, rows, width }: NormWorkload, results: Results): number {
  const centred = kind === "layer-norm";
  const x = uniform(8, rows * width), g = uniform(9, width, 0.5, 1);
  const b = centred ? uniform(10, width) : new Float32Array(width);
  const dy = uniform(11, rows * width);
  const y = new Float64Array(rows * width), dx = new Float64Array(rows * width);
  const dg = new Float64Array(width), db = new Float64Array(width);
  const unit = new Float64Array(width), dUnit = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    const at = row * width;
    let mean = 0, square = 0;
    if (centred) { for (let c = 0; c < width; c++) mean += x[at + c]! / width; }
    for (let c = 0; c < width; c++) square += (x[at + c]! - mean) ** 2 / width;
    const rstd = 1 / Math.sqrt(square + NORM_EPS);
    let mean1 = 0, mean2 = 0;
    for (let c = 0; c < width; c++) {
      unit[c] = (x[at + c]! - mean) * rstd;
      dUnit[c] = dy[at + c]! * g[c]!;
      y[at + c] = unit[c]! * g[c]! + b[c]!;
      dg[c]! += dy[at + c]! * unit[c]!;
      db[c]! += dy[at + c]!;
      if (centred) mean1 += dUnit[c]! / width;
      mean2 += dUnit[c]! * unit[c]! / width;
    }
    for (let c = 0; c < width; c++) dx[at + c] = (dUnit[c]! - mean1 - unit[c]! * mean2) * rstd;
  }
  const expected = { y, dx, dg, ...(centred && { db }) };
  const errors = Object.entries(expected).map(([name, values]) => difference(results[name]!, values));
  return Math.max(...errors);
}
