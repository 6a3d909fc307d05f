/** Checks our results against sums in float64, on a sample of the elements where all would take too long. @module */
import { difference } from "../compare.ts";
import type { Results } from "../contestant.ts";
import { uniform } from "../workloads/inputs.ts";
import { type AdamWWorkload, LLAVA, OPTIMIZER, type Workload } from "../workloads/workload.ts";
import { attentionError } from "./attention.ts";
import { crossEntropyError } from "./cross_entropy.ts";
import { gemmError } from "./gemm.ts";
import { normError } from "./norm.ts";
import { sample } from "./sample.ts";

/** Largest error of a right result; five steps of training add theirs up. */
export function tolerance({ kind }: Workload): number {
  return kind === "step" ? 1e-3 : 1e-4;
}

/**
 * The error of our results, relative to the largest value of each.
 *
 * @param workload What was computed.
 * @param results Ours.
 * @returns The worst error; NaN if a value is not finite.
 */
export function referenceError(workload: Workload, results: Results): number {
  switch (workload.kind) {
    case "gemm":
      return gemmError(workload, results);
    case "attention":
      return attentionError(workload, results);
    case "cross-entropy":
      return crossEntropyError(workload, results);
    case "adamw":
      return adamwError(workload, results);
    case "step":
      return stepError(results);
    default:
      return normError(workload, results);
  }
}

/** The first update: the moments start at 0, so that m/c1 is the gradient and v/c2 its square. */
function adamwError({ count }: AdamWWorkload, { p }: Results): number {
  const { learningRate, eps, weightDecay } = OPTIMIZER;
  const theta = uniform(16, count), gradient = uniform(17, count);
  const at = sample(count, 65_536);
  const expected = at.map((i) =>
    theta[i]! * (1 - learningRate * weightDecay) -
    learningRate * gradient[i]! / (Math.abs(gradient[i]!) + eps)
  );
  return difference(at.map((i) => p![i]!), expected);
}

/** Against what PyTorch gives in float64: losses, gradient norms and two parameters after five steps. */
function stepError({ trace, embed, cls }: Results): number {
  const { reference } = LLAVA;
  const parameter = (found: Float32Array, values: readonly number[], norm: number) => {
    const at = sample(found.length, values.length);
    const error = difference(at.map((i) => found[i]!), values);
    return Math.max(error, Math.abs(Math.hypot(...chunkNorms(found)) - norm) / norm);
  };
  return Math.max(
    difference(trace!, reference.trace),
    parameter(embed!, reference.embed, reference.embedNorm),
    parameter(cls!, reference.cls, reference.clsNorm),
  );
}

/** Norms of pieces that a call can take as arguments. */
function chunkNorms(values: Float32Array): number[] {
  const norms: number[] = [];
  for (let at = 0; at < values.length; at += 1024) norms.push(Math.hypot(...values.subarray(at, at + 1024)));
  return norms;
}
