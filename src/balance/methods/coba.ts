/**
 * CoBa, convergence balancer.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import type { Balancer } from "../balancer.ts";
import { softmaxWeights } from "../cotbal/softmax.ts";
import type { WeightingMethod } from "./method.ts";

/** Parameters of CoBa. */
export interface CobaOptions {
  /** W: steps before the first slope is fitted; default 100, the authors' code's. */
  warmup?: number;
  /** N: steps that a slope, and the comparison of slopes, look back; default 200, the authors' code's, 2W. */
  history?: number;
  /** τ: how sharply the divergence factor reacts; default 5, the paper's. */
  tau?: number;
}

/** Validation losses below this count as this, where they are divided by. */
const LEAST_LOSS = 1e-8;

/**
 * CoBa, convergence balancer: slopes of validation losses give the weights. While all tasks converge, the slow ones
 * weigh more (RCS); once one diverges, tasks whose own slope turns upwards weigh less (ACS).
 *
 * ```
 * α_i(t): slope of V_i / V_i(0) by least squares over the last N steps
 * RCS_i = softmax over tasks of K·α_i(t) / Σ_j |α_j(t)|
 * ACS_i = softmax over tasks of −n·α_i(t) / Σ_s |α_i(s)|,           s: the n slopes of the last N steps
 * DF    = min(1, t · softmax over s ≤ t of (−τ·t·α_max(s) / Σ_s |α_max(s)|), at s = t),  α_max(s) = max_i α_i(s)
 * λ     = K · (DF·RCS + (1 − DF)·ACS)
 * ```
 *
 * | symbol | meaning | default, and whose |
 * |---|---|---|
 * | V_i, V_i(0) | mean validation loss an answer token of task i; that of the base | |
 * | t, s | slopes are counted from 1, one a validation after the warm-up | |
 * | W | warm-up: all weights are 1 and no slope is fitted before step 100 | the authors' code; the paper: as many as there are validation batches |
 * | N | window of 200 steps | the authors' code; the paper: 2W to 5W |
 * | τ | temperature of DF, 5 | paper and code |
 * | K | number of tasks with validation questions; the others weigh 1 | |
 *
 * Source: Gong et al., "CoBa: Convergence Balancer for Multitask Finetuning of Large Language Models" (EMNLP 2024,
 * arXiv 2410.06741); code: github.com/codefuse-ai/MFTCoder, `mftcoder_accelerate/src/utils/loss_utils.py`.
 * We follow the paper where the code departs from it:
 *
 * - The code's DF takes the slope of the largest loss ratio, the paper's the largest of the slopes.
 * - The code does not cut DF off at 1, so that ACS can count negatively.
 * - The code passes K·(DF·RCS + (1 − DF)·ACS) through one more softmax, and where a weight falls below 1/(10K) mixes
 *   that much into all.
 * - The code leaves out validation losses that are exactly 0 as if they had not been measured, and compares a slope with
 *   N − W others for ACS, not with N, since it counts from the first step in a list that begins after the warm-up.
 *
 * Ours departs from both: they validate one batch, another one every step; here the same 16 questions a task are read
 * every 20 steps ({@linkcode coba}), with less noise; the run says what that costs. W and N are counted in steps, so a
 * full window holds 10 validations. A loss that does not move at all (Σ|α| = 0) counts as a slope of 0.
 *
 * **All weights are 1 up to step 120**: the validation after 100 steps is recorded with step 101 and observed with step
 * 120. A shorter run is EW to the bit, validations apart, and says so. Delay: 20 to 39 steps from a validation to the
 * step that is weighted. Training losses are not looked at, so an absent task leaves no trace.
 *
 * @param tasks Number of tasks.
 * @param options Parameters.
 * @returns The balancer; it lives on the `validationLoss` of observations.
 * @throws {InputError} If a parameter is not above 0; if a validation lacks a task that an earlier one had.
 *
 * @example Both fall, the first one four times as fast
 * ```ts
 * import { convergenceBalancer } from "./coba.ts";
 * import { assert, assertAlmostEquals } from "@std/assert";
 *
 * const coba = convergenceBalancer(2, { warmup: 1 });
 * const none = { taskLoss: [null, null], taskTokens: [0, 0] };
 * coba.observe({ step: 1, ...none, validationLoss: [2, 5] });
 * coba.observe({ step: 2, ...none, validationLoss: [1.2, 4.5] });
 * const e = Math.exp(2 * (0.4 - 0.1) / 0.5); // slopes −0.4 and −0.1; one slope: DF is 1
 * const [fast, slow] = coba.weights(3);
 * assert(fast! < slow!);
 * assertAlmostEquals(slow!, 2 * e / (1 + e), 1e-12);
 * ```
 */
export function convergenceBalancer(tasks: number, options: CobaOptions = {}): Balancer {
  const { warmup = 100, history = 200, tau = 5 } = options;
  for (const [name, value] of Object.entries({ warmup, history, tau })) {
    if (!(value > 0)) throw new InputError(`coba: expected ${name} above 0, found ${value}`);
  }
  let first: (number | null)[] | undefined; // V(0)
  let known: number[] = []; // the tasks that have validation questions
  const points: { done: number; ratios: number[] }[] = []; // ratios and slopes: one a known task
  const fits: { done: number; slopes: number[] }[] = [];
  let lambda: number[] = new Array<number>(tasks).fill(1);
  return {
    name: coba.id,
    weights: () => [...lambda],
    observe({ step, validationLoss }) {
      if (validationLoss === undefined) return;
      first ??= [...validationLoss];
      known = [...first.keys()].filter((i) => first![i] !== null);
      const missing = known.find((i) => typeof validationLoss[i] !== "number");
      if (missing !== undefined) {
        throw new InputError(
          `coba, step ${step}: expected a validation loss of task ${missing + 1}, as before, found none`,
        );
      }
      // The loss is that of the parameters before the step.
      const done = step - 1;
      points.push({ done, ratios: known.map((i) => validationLoss[i]! / Math.max(first![i]!, LEAST_LOSS)) });
      while (done - points[0]!.done >= history) points.shift();
      if (done < warmup || points.length < 2 || known.length === 0) return;
      fits.push({ done, slopes: known.map((_, k) => slope(points.map((p) => [p.done, p.ratios[k]!]))) });
      const weights = weigh(fits, fits.filter((fit) => done - fit.done < history), tau);
      lambda = new Array<number>(tasks).fill(1);
      for (const [k, i] of known.entries()) lambda[i] = weights[k]!;
    },
  };
}

/** λ from all fits so far and those of the window; the last of both is the present one. */
function weigh(all: readonly { slopes: number[] }[], recent: typeof all, tau: number): number[] {
  const { slopes } = all.at(-1)!;
  const tasks = slopes.length;
  const rcs = softmaxWeights(scaled(slopes, tasks), 1); // K·RCS
  const own = slopes.map((_, i) => scaled(recent.map((fit) => fit.slopes[i]!), -recent.length).at(-1)!);
  const acs = softmaxWeights(own, 1); // K·ACS
  const largest = all.map((fit) => Math.max(...fit.slopes));
  // softmaxWeights multiplies by how many there are, which is the formula's t.
  const df = Math.min(1, softmaxWeights(scaled(largest, -tau * all.length), 1).at(-1)!);
  return slopes.map((_, i) => df * rcs[i]! + (1 - df) * acs[i]!);
}

/** factor · x / Σ|x|; zeros where all are 0. */
function scaled(values: readonly number[], factor: number): number[] {
  const sum = values.reduce((total, x) => total + Math.abs(x), 0);
  return values.map((x) => sum === 0 ? 0 : factor * x / sum);
}

/** Slope of the least-squares line through points; their x differ. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [middle, level] = [mean(0), mean(1)];
  let above = 0, below = 0;
  for (const [x, y] of points) {
    above += (x - middle) * (y - level);
    below += (x - middle) ** 2;
  }
  return above / below;
}

/** CoBa, with 16 questions a task every 20 steps: as often as the loop hands losses to a method. */
export const coba: WeightingMethod = {
  id: "coba",
  name: "CoBa",
  text: "Convergence balancer: slopes of validation losses; slow tasks weigh more, diverging ones less.",
  formula: "λ = K · (DF · RCS + (1 − DF) · ACS)",
  symbols:
    "K: tasks; RCS: a task’s slope among all tasks’; ACS: against its own past; DF: 1 while no task diverges",
  source: "arXiv 2410.06741",
  needs: "validation",
  constant: false,
  validation: { every: 20, questions: 16 },
  equalSteps: 120,
  look: { color: "green", mark: "triangle-up-open", dash: "solid" },
  balancer: ({ tasks }) => convergenceBalancer(tasks),
};
