/**
 * UW, uncertainty weighting.
 *
 * @module
 */

import { scalarAdam } from "../adam.ts";
import type { Balancer } from "../balancer.ts";
import { softmaxWeights } from "../cotbal/softmax.ts";
import type { WeightingMethod } from "./method.ts";

/** Parameters of UW. */
export interface UwOptions {
  /** Rate of Adam for s; default 0.025, see {@linkcode uncertaintyWeights}. */
  rate?: number;
}

/** Losses below this count as this: a loss of exactly 0 would drive s to −∞. */
const LEAST_LOSS = 1e-8;

/**
 * UW, uncertainty weighting: every task has a noise that is learnt; the noisier a task, the less it weighs.
 *
 * ```
 * L = Σ_i ½·e^{−s_i}·L_i + ½·s_i,   ∂L/∂s_i = ½·(1 − e^{−s_i}·L_i)
 * λ_i = K · e^{−s_i} / Σ_j e^{−s_j}
 * ```
 *
 * | symbol | meaning | default, and whose |
 * |---|---|---|
 * | s_i | log σ_i², the log of the noise's variance; 0 at the start, then learnt by Adam | Kendall et al.; LibMTL starts at −½, which gives the same λ |
 * | L_i | mean loss an answer token of task i | |
 * | η | rate of Adam, 0.025 | ours, see below |
 * | K | number of tasks | |
 *
 * Where s has settled, e^{s_i} = L_i: weights are as 1/L_i, smoothed over time.
 *
 * Source: Kendall, Gal and Cipolla, "Multi-Task Learning Using Uncertainty to Weigh Losses" (CVPR 2018, arXiv
 * 1705.07115, equation 7), with one factor for all tasks, as LibMTL has it. Their s are parameters of the network,
 * learnt with its own optimiser (LibMTL: Adam, 1e-4); over a tuning's several hundred steps s would hardly move. Ours
 * live on the host and are learnt from the losses that were observed, with FAMO's rate for its task logits. The common
 * factor ½·Σ e^{−s}/K of the paper's loss is left out: λ keeps mean 1, so the learning rate stays what it is.
 *
 * All weights are 1 until the first losses are observed, up to step 20. A step in which a task is absent changes neither
 * its s nor Adam's moments of it. Delay: s is learnt from steps up to twenty before the one that is weighted.
 *
 * @param tasks K.
 * @param options Parameters.
 * @returns The balancer.
 *
 * @example A loss above 1 raises s: its task weighs less
 * ```ts
 * import { uncertaintyWeights } from "./uw.ts";
 * import { assert } from "@std/assert";
 *
 * const uw = uncertaintyWeights(2);
 * uw.observe({ step: 1, taskLoss: [3, 0.5], taskTokens: [9, 9] });
 * const [noisy, clear] = uw.weights(2);
 * assert(noisy! < 1 && clear! > 1);
 * ```
 */
export function uncertaintyWeights(tasks: number, { rate = 0.025 }: UwOptions = {}): Balancer {
  const s = new Array<number>(tasks).fill(0);
  const adams = s.map(() => scalarAdam(rate));
  return {
    name: uw.id,
    weights: () => softmaxWeights(s.map((x) => -x), 1),
    observe({ taskLoss }) {
      for (const [i, loss] of taskLoss.entries()) {
        if (loss === null) continue;
        s[i]! -= adams[i]!(0.5 * (1 - Math.exp(-s[i]!) * Math.max(loss, LEAST_LOSS)));
      }
    },
  };
}

/** UW. */
export const uw: WeightingMethod = {
  id: "uw",
  name: "UW",
  text:
    "Uncertainty weighting: every task has a noise that is learnt; the noisier it is, the less it weighs.",
  formula: "L = Σ_i ½·exp(−s_i)·L_i + ½·s_i",
  symbols: "s_i: log of the noise of task i, learnt; λ_i = K·exp(−s_i) / Σ_j exp(−s_j), K: tasks",
  source: "arXiv 1705.07115",
  needs: "nothing",
  constant: false,
  equalSteps: 20,
  look: { color: "orange", mark: "diamond-open", dash: "dash" },
  balancer: ({ tasks }) => uncertaintyWeights(tasks),
};
