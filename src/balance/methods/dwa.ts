/**
 * DWA, dynamic weight average.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import type { Balancer } from "../balancer.ts";
import { softmaxWeights } from "../cotbal/softmax.ts";
import type { WeightingMethod } from "./method.ts";

/** Parameters of DWA. */
export interface DwaOptions {
  /**
   * Losses in each of the two windows; default 25. DWA compares whole epochs; CoTBal's authors compare 25 steps with
   * the 25 before, since a tuning has few epochs.
   */
  window?: number;
  /** T; default 2, as DWA's paper and CoTBal's authors have it. */
  temperature?: number;
}

/**
 * DWA, dynamic weight average: a task weighs the more, the slower its loss falls.
 *
 * ```
 * λ = K · softmax(r / T),   r_i = mean of L_i over the last window / mean of L_i over the window before it
 * ```
 *
 * | symbol | meaning | default, and whose |
 * |---|---|---|
 * | L_i | mean loss an answer token of task i in a step | |
 * | r_i | rate of change of the loss: below 1 where it falls | |
 * | window | 25 losses | CoTBal's authors |
 * | T | temperature, 2 | DWA's paper |
 * | K | number of tasks | |
 *
 * Source: Liu et al., "End-to-End Multi-Task Learning with Attention" (CVPR 2019, arXiv 1803.10704, equation 7); a
 * baseline of CoTBal's paper (arXiv 2403.04343).
 *
 * All weights are 1 until both windows of every task are full: in a run of 60 steps or less they all are 1, as EW's.
 * A step in which a task is absent leaves its windows as they are: they hold its last 50 losses, however many steps
 * these took. The authors' script puts in a 0 there, which shrinks means and ends in 0/0, and begins with a history of
 * ones, so that its first 50 ratios compare losses with ones; neither is done here.
 *
 * Delay: the windows end at the last step that was observed, up to twenty before the one that is weighted.
 *
 * @param tasks K.
 * @param options Parameters.
 * @returns The balancer.
 * @throws {InputError} If the window is not a whole number of 1 or more.
 *
 * @example The second task's loss has halved, the first one's stays
 * ```ts
 * import { dynamicWeightAverage } from "./dwa.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const dwa = dynamicWeightAverage(2, { window: 1 });
 * dwa.observe({ step: 1, taskLoss: [3, 2], taskTokens: [9, 9] });
 * dwa.observe({ step: 2, taskLoss: [3, 1], taskTokens: [9, 9] });
 * const e = Math.exp((1 - 0.5) / 2);
 * assertAlmostEquals(dwa.weights(3)[0]!, 2 * e / (1 + e), 1e-12);
 * ```
 */
export function dynamicWeightAverage(tasks: number, options: DwaOptions = {}): Balancer {
  const { window = 25, temperature = 2 } = options;
  if (!Number.isInteger(window) || window < 1) {
    throw new InputError(`dwa: expected a window of 1 loss or more, found ${window}`);
  }
  const histories = Array.from({ length: tasks }, (): number[] => []);
  return {
    name: dwa.id,
    weights() {
      if (histories.some(({ length }) => length < 2 * window)) return histories.map(() => 1);
      return softmaxWeights(histories.map((losses) => ratio(losses, window)), temperature);
    },
    observe({ taskLoss }) {
      for (const [i, loss] of taskLoss.entries()) {
        if (loss === null) continue;
        histories[i]!.push(loss);
        if (histories[i]!.length > 2 * window) histories[i]!.shift();
      }
    },
  };
}

/** The newer half's mean over the older one's; 1 where both are 0: a loss that was learnt by heart stays. */
function ratio(losses: readonly number[], window: number): number {
  const sum = (from: number) => losses.slice(from, from + window).reduce((a, b) => a + b, 0);
  const before = sum(0), now = sum(window);
  return before > 0 ? now / before : 1;
}

/** DWA. */
export const dwa: WeightingMethod = {
  id: "dwa",
  name: "DWA",
  text: "Dynamic weight average: a task weighs the more, the slower its loss falls.",
  formula: "λ = K · softmax(r / 2)",
  symbols: "K: tasks; r_i: mean loss of task i over its last 25 steps, divided by that over the 25 before",
  source: "arXiv 1803.10704; a baseline of arXiv 2403.04343",
  needs: "nothing",
  constant: false,
  equalSteps: 60,
  look: { color: "sky", mark: "triangle-down", dash: "dash" },
  balancer: ({ tasks }) => dynamicWeightAverage(tasks),
};
