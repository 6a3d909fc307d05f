/**
 * FAMO, fast adaptive multitask optimization.
 *
 * @module
 */

import { scalarAdam } from "../adam.ts";
import type { Balancer } from "../balancer.ts";
import { softmaxWeights } from "../cotbal/softmax.ts";
import type { WeightingMethod } from "./method.ts";

/** Parameters of FAMO. */
export interface FamoOptions {
  /** β, the rate of Adam for ξ; default 0.025, the authors' code's. */
  rate?: number;
  /** γ, the decay of ξ; default 0.01, the authors' code's. */
  decay?: number;
}

/** Losses below this count as this; the authors' code adds the same number. */
const LEAST_LOSS = 1e-8;

/**
 * FAMO: every task's loss shall fall by the same *share* a step; a task that falls slower than the others gains weight.
 *
 * ```
 * z = softmax(ξ),   λ_i = K · (z_i / L_i) / Σ_j (z_j / L_j)
 * d_i = log L_i − log L_i',   δ_i = z_i · (d_i − Σ_j z_j·d_j),   ξ ← ξ − β·Adam(δ + γ·ξ)
 * ```
 *
 * | symbol | meaning | default, and whose |
 * |---|---|---|
 * | L_i, L_i' | mean loss an answer token of task i, and the next one that is observed | |
 * | d_i | by what share the loss fell | |
 * | δ | the softmax's Jacobian at ξ, times d | |
 * | ξ_i | logits of the tasks, 0 at the start | the paper |
 * | β | rate, 0.025 | the authors' code, for Adam |
 * | γ | decay of ξ, 0.01 | the authors' code |
 * | K | number of tasks | |
 *
 * Source: Liu et al., "FAMO: Fast Adaptive Multitask Optimization" (NeurIPS 2023, arXiv 2306.03792, algorithm 1); code:
 * github.com/Cranial-XIX/FAMO, `famo.py`.
 *
 * - The algorithm takes a plain step, ξ ← ξ − β(δ + γξ). The code hands δ to Adam, with γ as its weight decay, and β =
 *   0.025 is Adam's rate there: a plain step of that size would not move ξ within thousands of steps. Ours is the code's.
 * - The code evaluates the losses twice a step, before and after the update, on the same batch. Ours compares a task's
 *   loss with the next one that is observed, on other samples: no second pass, more noise, which cancels over time, as
 *   the differences of neighbours add up to the first minus the last.
 * - The code can subtract a known least loss of every task first; it is 0 there by default, and here.
 * - The algorithm's factor c makes Σ z_i/L_i·c = 1; here λ has mean 1.
 *
 * All weights are 1 until every task was observed, which takes 20 steps or more. A task that is absent from a step has
 * no d there: softmax, δ and Adam run over the tasks that have one, if these are two or more, and the others' ξ and
 * moments stay. Delay: ξ and L are from steps up to twenty before the one that is weighted.
 *
 * @param tasks K.
 * @param options Parameters.
 * @returns The balancer.
 *
 * @example The first task's loss stands still, the second one's halves
 * ```ts
 * import { fastAdaptive } from "./famo.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const famo = fastAdaptive(2);
 * famo.observe({ step: 1, taskLoss: [1, 2], taskTokens: [9, 9] });
 * assertAlmostEquals(famo.weights(2)[0]!, 4 / 3, 1e-12); // as 1/L
 * famo.observe({ step: 2, taskLoss: [1, 1], taskTokens: [9, 9] });
 * const e = Math.exp(0.05); // Adam moved ξ by 0.025 up and down
 * assertAlmostEquals(famo.weights(3)[0]!, 2 * e / (1 + e), 1e-6);
 * ```
 */
export function fastAdaptive(tasks: number, { rate = 0.025, decay = 0.01 }: FamoOptions = {}): Balancer {
  const xi = new Array<number>(tasks).fill(0);
  const adams = xi.map(() => scalarAdam(rate));
  const logs = new Array<number | null>(tasks).fill(null); // log of the last loss
  return {
    name: famo.id,
    weights() {
      const known = logs.filter((log) => log !== null);
      if (known.length < tasks) return xi.map(() => 1);
      // z_i / L_i = exp(ξ_i − log L_i) up to a factor.
      return softmaxWeights(known.map((log, i) => xi[i]! - log), 1);
    },
    observe({ taskLoss }) {
      const fell: { i: number; d: number }[] = [];
      for (const [i, loss] of taskLoss.entries()) {
        if (loss === null) continue;
        const log = Math.log(Math.max(loss, LEAST_LOSS));
        if (logs[i] !== null) fell.push({ i, d: logs[i]! - log });
        logs[i] = log;
      }
      if (fell.length < 2) return;
      const z = softmaxWeights(fell.map(({ i }) => xi[i]!), 1).map((x) => x / fell.length);
      const mean = fell.reduce((sum, { d }, k) => sum + z[k]! * d, 0);
      for (const [k, { i, d }] of fell.entries()) {
        xi[i]! -= adams[i]!(z[k]! * (d - mean) + decay * xi[i]!);
      }
    },
  };
}

/** FAMO. */
export const famo: WeightingMethod = {
  id: "famo",
  name: "FAMO",
  text: "A task gains weight while its loss falls by a smaller share than the others’.",
  formula: "λ_i = K · (z_i / L_i) / Σ_j (z_j / L_j)",
  symbols: "K: tasks; L_i: loss of task i; z: softmax of logits that learn from the change of log L",
  source: "arXiv 2306.03792",
  needs: "nothing",
  constant: false,
  equalSteps: 20,
  look: { color: "sky", mark: "square", dash: "solid" },
  balancer: ({ tasks }) => fastAdaptive(tasks),
};
