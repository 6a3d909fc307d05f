/** Elements of products in float64. @module */
import { difference } from "../compare.ts";
import type { Results } from "../contestant.ts";
import { uniform } from "../workloads/inputs.ts";
import type { GemmWorkload } from "../workloads/workload.ts";
import { sample } from "./sample.ts";

/** The error of a product on 4,096 elements. */
export function gemmError({ form, m, k, n }: GemmWorkload, { y }: Results): number {
  const x = uniform(1, m * k), w = uniform(2, k * n), dy = uniform(3, m * n);
  const columns = form === "NT" ? k : n;
  const element = (at: number) => {
    const i = Math.floor(at / columns), j = at % columns;
    let sum = 0;
    if (form === "NN") { for (let p = 0; p < k; p++) sum += x[i * k + p]! * w[p * n + j]!; }
    if (form === "NT") { for (let p = 0; p < n; p++) sum += dy[i * n + p]! * w[j * n + p]!; }
    if (form === "TN") { for (let p = 0; p < m; p++) sum += x[p * k + i]! * dy[p * n + j]!; }
    return sum;
  };
  const at = sample(y!.length, 4096);
  return difference(at.map((i) => y![i]!), at.map(element));
}
