/**
 * What a method measures before it tunes: the parts of a plan that its weights come from.
 *
 * @module
 */

import { withoutSeed } from "./folders.ts";
import { type Part, weightFiles } from "./part.ts";

/**
 * The parts that the weights of a method come from, of all seeds: what it costs before its own tuning. Parts that
 * methods share, such as probes or the models of single tasks, are among those of each.
 *
 * @param plan The run's plan.
 * @param seeds The run's seeds.
 * @param method Id of the method.
 * @returns Names of parts; none for a method that tunes without having measured.
 *
 * @example
 * ```ts
 * import { measuredParts } from "./measured_parts.ts";
 * import { planRun } from "./plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const plan = planRun({ tasks: ["vqa"], methods: ["ew", "cotbal", "merge"], seeds: [1], mergeBudget: 1 });
 * assertEquals([...measuredParts(plan, [1], "ew")], []);
 * assertEquals([...measuredParts(plan, [1], "cotbal")].sort(), [
 *   "balance",
 *   "probes/base",
 *   "probes/mini",
 *   "probes/plus-vqa",
 * ]);
 * assertEquals([...measuredParts(plan, [1], "merge")].includes("methods/stl/vqa"), true);
 * ```
 */
export function measuredParts(plan: readonly Part[], seeds: readonly number[], method: string): Set<string> {
  const makerOf = new Map(plan.map((part) => [part.file, part]));
  const found = new Set<string>();
  const follow = (files: readonly string[]) => {
    for (const file of files) {
      const part = makerOf.get(file);
      if (part === undefined || found.has(part.id)) continue;
      found.add(part.id);
      follow(part.needs);
    }
  };
  for (const part of plan) {
    if (part.kind !== "tune" || withoutSeed(part.id, seeds, part.seed) !== `methods/${method}`) continue;
    follow(weightFiles(part));
  }
  return found;
}
