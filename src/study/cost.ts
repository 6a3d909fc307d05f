/**
 * What a method tunes before its own tuning, from the plan that the study's runs follow.
 *
 * @module
 */

import { fixed } from "../balance/methods/fixed.ts";
import { search } from "../balance/methods/search.ts";
import { measuredParts } from "../run/measured_parts.ts";
import { planRun } from "../run/plan.ts";
import { SEARCH_BUDGET, SEARCHES, SUBSETS } from "./design.ts";

/**
 * Passes over the training samples that a method's measurements take: tokens before its tuning, as multiples of EW's.
 *
 * ```
 * passes = (1/N) Σ_parts Σ_tasks share      share: 1, or that of the large or mini subset
 * ```
 *
 * Every task is in as many subsets as any other, so that this holds whatever their sizes. Models that a method shares
 * with others, such as EW's or those of single tasks, count for each.
 *
 * @param method The method's id. Searched weights (`fixed`) take all searches.
 * @param tasks Number of tasks.
 * @returns The passes; 0 for a method that tunes at once.
 *
 * @example CoTBal's N + 1 probes
 * ```ts
 * import { passesBefore } from "./cost.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(passesBefore("cotbal", 7), 1.375);
 * assertEquals(passesBefore("ew", 7), 0);
 * ```
 */
export function passesBefore(method: string, tasks: number): number {
  if (method === fixed.id) return SEARCHES * passesBefore(search.id, tasks);
  const names = Array.from({ length: tasks }, (_, t) => `task-${t}`);
  const plan = planRun({ tasks: names, methods: [method], seeds: [1], searchBudget: SEARCH_BUDGET });
  const measured = measuredParts(plan, [1], method);
  const { mini, large } = SUBSETS;
  const shares = { all: 1, large, mini, rest: large - mini };
  const read = plan.flatMap((part) =>
    part.kind === "tune" && measured.has(part.id) ? Object.values(part.data) : []
  );
  return read.reduce((sum, share) => sum + shares[share], 0) / tasks;
}
