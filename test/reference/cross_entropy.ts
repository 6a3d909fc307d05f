/** The final projection with weighted cross-entropy, in float64. @module */
import { product } from "./matrix.ts";

/**
 * nll[r] = −log softmax(h·Wᵀ)[target[r]] and L = scale·Σ w_r·nll_r, h [rows, width], weight [vocabulary, width]; a row
 * with target −1 gives 0. The gradients are those of L.
 */
export function weightedCrossEntropy(
  h: ArrayLike<number>,
  weight: ArrayLike<number>,
  target: ArrayLike<number>,
  rowWeight: ArrayLike<number>,
  scale: number,
) {
  const rows = target.length, width = h.length / rows, vocab = weight.length / width;
  const z = product("NT", h, weight, rows, vocab, width);
  const nll = new Float64Array(rows), dz = new Float64Array(z.length);
  for (let row = 0; row < rows; row++) {
    const goal = target[row]!;
    if (goal < 0) continue;
    const line = z.subarray(row * vocab, (row + 1) * vocab);
    const most = line.reduce((a, b) => Math.max(a, b));
    const sum = line.reduce((total, x) => total + Math.exp(x - most), 0);
    nll[row] = Math.log(sum) + most - line[goal]!;
    for (let i = 0; i < vocab; i++) {
      dz[row * vocab + i] = rowWeight[row]! * scale * (Math.exp(line[i]! - most) / sum - Number(i === goal));
    }
  }
  const loss = nll.reduce((sum, x, row) => sum + x * rowWeight[row]! * scale, 0);
  const backward = () => ({
    h: product("NN", dz, weight, rows, width, vocab),
    weight: product("TN", dz, h, vocab, width, rows),
  });
  return { nll, loss, logits: z, backward };
}

/** The line that a step leaves: the weighted loss, then Σ nll and tokens of each task (the norm is not known here). */
export function taskSums(
  nll: ArrayLike<number>,
  rowWeight: ArrayLike<number>,
  task: ArrayLike<number>,
  scale: number,
  tasks: number,
): { loss: number; tasks: { nll: number; tokens: number }[] } {
  const sums = Array.from({ length: tasks }, () => ({ nll: 0, tokens: 0 }));
  let loss = 0;
  for (let row = 0; row < task.length; row++) {
    loss += nll[row]! * rowWeight[row]! * scale;
    const own = sums[task[row]!];
    if (!own) continue;
    own.nll += nll[row]!;
    own.tokens++;
  }
  return { loss, tasks: sums };
}
