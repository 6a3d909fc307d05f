/**
 * TLA, task-level averaging.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import type { Balancer } from "../balancer.ts";
import type { WeightingMethod } from "./method.ts";

/**
 * TLA: the loss of a step is the mean over the tasks *present* in it of each task's own mean loss.
 *
 * ```
 * L = (1/K) Σ_i L_i  =  Σ_tokens −λ[task]·log p / Σ_tokens λ[task]   with   λ_i = n / (K · n_i)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | L_i | mean loss an answer token of task i in the step |
 * | n_i, n | answer tokens of task i, and of all tasks, in the step |
 * | K | number of tasks present in the step (n_i > 0) |
 *
 * So a task with long answers counts no more than one with short answers. The weights differ from step to step and
 * need the step's token counts. A task that is absent has weight 0 and does not count in K; the authors' script
 * divides by all tasks, which shrinks the step instead. Source: TLA, a baseline of CoTBal's
 * paper, arXiv 2403.04343.
 *
 * @param tasks Number of tasks.
 * @returns The balancer; its `weights` needs `taskTokens`.
 * @throws {InputError} `weights` throws if the token counts are missing, are not one a task, or are all 0.
 *
 * @example A caption of 30 tokens and an answer of 2 count the same
 * ```ts
 * import { taskLevelMean } from "./tla.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tla = taskLevelMean(3);
 * assertEquals(tla.weights(1, [30, 2, 0]), [32 / 60, 32 / 4, 0]);
 * ```
 */
export function taskLevelMean(tasks: number): Balancer {
  return {
    name: tla.id,
    weights(step, taskTokens) {
      if (taskTokens === undefined || taskTokens.length !== tasks) {
        throw new InputError(
          `tla, step ${step}: expected the step's answer tokens, one number a task (${tasks}), ` +
            `found ${taskTokens === undefined ? "none" : taskTokens.length}`,
        );
      }
      const present = taskTokens.filter((n) => n > 0).length;
      if (present === 0) throw new InputError(`tla, step ${step}: expected answer tokens, found none`);
      const all = taskTokens.reduce((a, b) => a + b, 0);
      return taskTokens.map((n) => n > 0 ? all / (present * n) : 0);
    },
    observe() {},
  };
}

/** TLA. */
export const tla: WeightingMethod = {
  id: "tla",
  name: "TLA",
  text: "Task-level averaging: every task present in a step weighs the same.",
  formula: "λ_i = n / (K · n_i)",
  symbols: "n_i, n: answer tokens of task i and of all tasks in the step; K: tasks present in it",
  source: "a baseline of arXiv 2403.04343",
  needs: "nothing",
  constant: false,
  look: { color: "purple", mark: "triangle-up", dash: "dashdot" },
  balancer: ({ tasks }) => taskLevelMean(tasks),
};
