/** One head's attention in float64. @module */
import { difference } from "../compare.ts";
import type { Results } from "../contestant.ts";
import { uniform } from "../workloads/inputs.ts";
import type { AttentionWorkload } from "../workloads/workload.ts";

/** The error on the last head of the last sequence, where a wrong stride shows. */
export function attentionError({ b, h, t, d }: AttentionWorkload, results: Results): number {
  const count = b * h * t * d, start = count - t * d;
  const part = (seed: number) => uniform(seed, count).subarray(start);
  const expected = attend(part(4), part(5), part(6), part(7), t, d);
  const errors = Object.entries(expected).map(([name, values]) =>
    difference(results[name]!.subarray(start), values)
  );
  return Math.max(...errors);
}

/** Causal attention of one head and its gradients; all [t, d]. */
function attend(
  q: Float32Array,
  k: Float32Array,
  v: Float32Array,
  dO: Float32Array,
  t: number,
  d: number,
): Record<string, Float64Array> {
  const [o, dq, dk, dv] = [0, 1, 2, 3].map(() => new Float64Array(t * d)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const scale = 1 / Math.sqrt(d);
  const p = new Float64Array(t);
  for (let i = 0; i < t; i++) {
    let top = -Infinity, sum = 0;
    for (let j = 0; j <= i; j++) top = Math.max(top, p[j] = scale * dot(q, i, k, j, d));
    for (let j = 0; j <= i; j++) sum += p[j] = Math.exp(p[j]! - top);
    for (let j = 0; j <= i; j++) {
      p[j] = p[j]! / sum;
      for (let c = 0; c < d; c++) o[i * d + c]! += p[j]! * v[j * d + c]!;
    }
    const delta = dot(o, i, dO, i, d);
    for (let j = 0; j <= i; j++) {
      const ds = p[j]! * (dot(dO, i, v, j, d) - delta) * scale;
      for (let c = 0; c < d; c++) {
        dq[i * d + c]! += ds * k[j * d + c]!;
        dk[j * d + c]! += ds * q[i * d + c]!;
        dv[j * d + c]! += p[j]! * dO[i * d + c]!;
      }
    }
  }
  return { o, dq, dk, dv };
}

/** The product of row i of a and row j of b. */
function dot(a: Float32Array | Float64Array, i: number, b: Float32Array, j: number, d: number): number {
  let sum = 0;
  for (let c = 0; c < d; c++) sum += a[i * d + c]! * b[j * d + c]!;
  return sum;
}
