/**
 * Weights given by hand.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { constantWeights } from "../constant.ts";
import type { WeightingMethod } from "./method.ts";
import { tuneOnAll } from "./plan_builder.ts";

/**
 * Task weights by name as a list in the order of the tasks.
 *
 * @param lambda Task -> weight. A common factor has no effect on the tuning; the weights are kept as they were given.
 * @param tasks Names of the tasks, every one of which must have a weight, and no other.
 * @param where Where the weights come from, for messages.
 * @returns One weight a task.
 * @throws {InputError} If names do not match, a weight is negative or not a number, or all are 0.
 *
 * @example
 * ```ts
 * import { lambdaOf } from "./fixed.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(lambdaOf({ vqa: 0.5, chart: 1.5 }, ["chart", "vqa"], "--lambda"), [1.5, 0.5]);
 * assertThrows(() => lambdaOf({ vqa: 1 }, ["chart", "vqa"], "--lambda"), Error, "found none for chart");
 * ```
 */
export function lambdaOf(
  lambda: Readonly<Record<string, number>>,
  tasks: readonly string[],
  where: string,
): number[] {
  const missing = tasks.filter((task) => !Object.hasOwn(lambda, task));
  const unknown = Object.keys(lambda).filter((task) => !tasks.includes(task));
  if (missing.length > 0 || unknown.length > 0) {
    const found = [
      ...(missing.length > 0 ? [`none for ${missing.join(", ")}`] : []),
      ...(unknown.length > 0 ? [`one for ${unknown.join(", ")}`] : []),
    ];
    throw new InputError(
      `${where}: expected a weight for each of the tasks ${tasks.join(", ")}, found ${found.join(" and ")}`,
    );
  }
  for (const task of tasks) {
    const weight = lambda[task];
    if (typeof weight === "number" && Number.isFinite(weight) && weight >= 0) continue;
    throw new InputError(`${where}: expected a weight of 0 or more for ${task}, found ${weight}`);
  }
  if (tasks.every((task) => lambda[task] === 0)) {
    throw new InputError(`${where}: expected a weight above 0 for one task or more, found 0 for all`);
  }
  return tasks.map((task) => lambda[task]!);
}

/** Weights given by hand: from another run or another toolkit, or to try an idea. They never change. */
export const fixed: WeightingMethod = {
  id: "fixed",
  name: "fixed",
  text: "Weights given by hand: --lambda task=x,… or --weights FILE, a weights.json.",
  formula: "λ_i = x_i",
  symbols: "x_i: what was given for task i",
  source: "–",
  needs: "nothing",
  constant: true,
  look: { color: "ink", mark: "diamond", dash: "dot" },
  balancer({ weights }) {
    if (weights === undefined) throw new InputError("fixed: expected weights, one a task, found none");
    return constantWeights(fixed.id, weights);
  },
  models(plan) {
    const { lambda } = plan.settings;
    if (lambda === undefined) {
      throw new InputError(
        "--methods fixed: expected task weights with it, found none; give --lambda task=x,… or --weights FILE",
      );
    }
    tuneOnAll(plan, fixed.id, lambdaOf(lambda, plan.tasks, "--lambda, --weights"));
  },
};
