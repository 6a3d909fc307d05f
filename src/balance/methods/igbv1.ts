/**
 * IGBv1, improvable gap balancing.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import type { Balancer } from "../balancer.ts";
import { softmaxWeights } from "../cotbal/softmax.ts";
import type { WeightingMethod } from "./method.ts";

/** Parameters of IGBv1. */
export interface IgbOptions {
  /** First step of the base loss; default 100, CoTBal's authors'. */
  from?: number;
  /** Last step of the base loss; default 199, CoTBal's authors'. */
  to?: number;
}

/**
 * IGBv1, improvable gap balancing: a task weighs the more, the less of its loss is gone.
 *
 * ```
 * λ = K · softmax(L / base),   base_i = mean of L_i over steps 100 to 199
 * ```
 *
 * | symbol | meaning | default, and whose |
 * |---|---|---|
 * | L_i | mean loss an answer token of task i in the last step that was observed with it | |
 * | base_i | what L_i is compared with: steps 100 to 199 | CoTBal's authors; IGB itself takes an early epoch |
 * | K | number of tasks | |
 *
 * Source: Dai et al., "Improvable Gap Balancing for Multi-Task Learning" (UAI 2023, arXiv 2307.15429), its first form,
 * with the ideal loss 0; a baseline of CoTBal's paper (arXiv 2403.04343).
 *
 * All weights are 1 until step 199 was observed, that is up to step 200. **A shorter run is EW to the bit**: 0.1 of the
 * built-in benchmark, for one, takes 75 steps, and the run says so. A task that was absent from all of steps 100 to 199
 * has no base; it counts as L/base = 1, and the others are weighted. A step in which a task is absent changes neither
 * its base nor its L.
 *
 * Delay: L is up to twenty steps old, and stays for twenty steps. IGB itself takes the loss of the very step, which is
 * known before its gradient; here losses stay on the device until they are read together.
 *
 * @param tasks K.
 * @param options Parameters.
 * @returns The balancer.
 * @throws {InputError} If the steps of the base are not whole numbers from 1 in order.
 *
 * @example The second task's loss has halved since
 * ```ts
 * import { improvableGap } from "./igbv1.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const igb = improvableGap(2, { from: 1, to: 1 });
 * igb.observe({ step: 1, taskLoss: [3, 2], taskTokens: [9, 9] });
 * igb.observe({ step: 2, taskLoss: [3, 1], taskTokens: [9, 9] });
 * const e = Math.exp(1 - 0.5);
 * assertAlmostEquals(igb.weights(3)[0]!, 2 * e / (1 + e), 1e-12);
 * ```
 */
export function improvableGap(tasks: number, options: IgbOptions = {}): Balancer {
  const { from = 100, to = 199 } = options;
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 1 || to < from) {
    throw new InputError(
      `igbv1: expected the base's first and last step, from 1 on, found ${from} and ${to}`,
    );
  }
  const sums = new Array<number>(tasks).fill(0);
  const counts = new Array<number>(tasks).fill(0);
  const last = new Array<number | null>(tasks).fill(null);
  let seen = 0;
  return {
    name: igbv1.id,
    weights() {
      if (seen < to) return sums.map(() => 1);
      return softmaxWeights(last.map((loss, i) => gap(loss, sums[i]!, counts[i]!)), 1);
    },
    observe({ step, taskLoss }) {
      seen = step;
      for (const [i, loss] of taskLoss.entries()) {
        if (loss === null) continue;
        last[i] = loss;
        if (step < from || step > to) continue;
        sums[i]! += loss;
        counts[i]!++;
      }
    },
  };
}

/** L / base; 1 without a base, or where it is 0. */
function gap(loss: number | null, sum: number, count: number): number {
  return loss === null || count === 0 || sum === 0 ? 1 : loss / (sum / count);
}

/** IGBv1. */
export const igbv1: WeightingMethod = {
  id: "igbv1",
  name: "IGBv1",
  text: "Improvable gap balancing: a task weighs the more, the less of its loss is gone.",
  formula: "λ = K · softmax(L / base)",
  symbols: "K: tasks; L_i: loss of task i; base_i: its mean over steps 100 to 199, all weights are 1 before",
  source: "arXiv 2307.15429; a baseline of arXiv 2403.04343",
  needs: "nothing",
  constant: false,
  equalSteps: 200,
  look: { color: "ink", mark: "square-open", dash: "dashdot" },
  balancer: ({ tasks }) => improvableGap(tasks),
};
