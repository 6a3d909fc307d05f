/** Parts of the final projection with cross-entropy in float64. @module */
import { difference } from "../compare.ts";
import type { Results } from "../contestant.ts";
import { integers, uniform } from "../workloads/inputs.ts";
import type { CrossEntropyWorkload } from "../workloads/workload.ts";
import { sample } from "./sample.ts";

/** Rows, and columns of the vocabulary, that are computed. */
const SAMPLE = 16;

/**
 * The error of the loss, of sampled rows of dh and of sampled columns of dp.
 *
 * A column of dp needs the log-sum-exp of every row, a whole product; those are taken from our own losses, of which
 * the sampled rows are computed anew.
 */
export function crossEntropyError({ rows, width, vocab }: CrossEntropyWorkload, results: Results): number {
  const h = uniform(12, rows * width), p = uniform(13, width * vocab, 1 / Math.sqrt(width));
  const labels = integers(14, rows, vocab), weights = integers(15, rows, 2);
  const counted = [...weights.keys()].filter((row) => weights[row] !== 0);
  const logit = (row: number, word: number) => {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += h[row * width + c]! * p[c * vocab + word]!;
    return sum;
  };
  const nll = results.nll!.subarray(0, counted.length), dh = results.dh!, dp = results.dp!;
  const found: Record<string, number[]> = { loss: [results.loss![0]!], nll: [], dh: [], dp: [] };
  const expected: Record<string, number[]> = { loss: [mean(nll)], nll: [], dh: [], dp: [] };

  for (const index of sample(counted.length, SAMPLE)) {
    const row = counted[index]!;
    const z = Float64Array.from({ length: vocab }, (_, word) => logit(row, word));
    const top = z.reduce((a, b) => Math.max(a, b));
    const lse = top + Math.log(z.reduce((sum, x) => sum + Math.exp(x - top), 0));
    found.nll!.push(nll[index]!);
    expected.nll!.push(lse - z[labels[row]!]!);
    for (let c = 0; c < width; c++) {
      let sum = -p[c * vocab + labels[row]!]!;
      for (let word = 0; word < vocab; word++) sum += Math.exp(z[word]! - lse) * p[c * vocab + word]!;
      found.dh!.push(dh[row * width + c]!);
      expected.dh!.push(sum / counted.length);
    }
  }
  const skipped = weights.indexOf(0); // its gradient must be 0
  found.dh!.push(...dh.subarray(skipped * width, (skipped + 1) * width));
  expected.dh!.push(...new Array<number>(width).fill(0));

  const lse = counted.map((row, index) => nll[index]! + logit(row, labels[row]!));
  for (const word of sample(vocab, SAMPLE)) {
    const column = new Float64Array(width);
    counted.forEach((row, index) => {
      const dz = Math.exp(logit(row, word) - lse[index]!) - Number(labels[row] === word);
      for (let c = 0; c < width; c++) column[c]! += dz * h[row * width + c]! / counted.length;
    });
    for (let c = 0; c < width; c++) {
      found.dp!.push(dp[c * vocab + word]!);
      expected.dp!.push(column[c]!);
    }
  }
  return Math.max(...Object.keys(found).map((name) => difference(found[name]!, expected[name]!)));
}

function mean(values: Float32Array): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
