/**
 * Scores on tasks that were never tuned on, and ΔI_zero%.
 *
 * @module
 */

import { bootstrapTable } from "../../balance/compare/bootstrap.ts";
import { compareScores } from "../../balance/compare/delta.ts";
import { ew } from "../../balance/methods/ew.ts";
import { methodFolder } from "../../run/folders.ts";
import type { Part } from "../../run/part.ts";
import type { PartResult } from "../../run/records/part_result.ts";
import type { ZeroShotMethod, ZeroShotResults } from "../../run/records/results.ts";
import { spreadOf } from "./spread.ts";

/** What they are made from. */
export interface ZeroShotInput {
  plan: readonly Part[];
  /** Every finished part that has scores, by its id. */
  parts: ReadonlyMap<string, PartResult>;
  methods: readonly string[];
  seeds: readonly number[];
}

/**
 * Adds up the answers to tasks that were never tuned on.
 *
 * ΔI_zero% is ΔI% (9) over these tasks against EW, as in CoTBal's paper. Methods without a kept model (STL: which of
 * its models should answer?) are not among them.
 *
 * @param input The finished parts.
 * @returns The scores; undefined where the plan asks for none.
 */
export function zeroShotResults(
  { plan, parts, methods, seeds }: ZeroShotInput,
): ZeroShotResults | undefined {
  const asked = plan.filter((part) => part.kind === "evaluate" && part.zeroShot === true);
  if (asked.length === 0) return undefined;
  const result = (method: string, seed: number): PartResult | undefined =>
    parts.get(`${methodFolder(method, seeds, seed)}-zero-shot`);
  const points = (found: PartResult) => found.scores.map(({ score }) => score);
  const base = result("base", seeds[0]!)!;
  const tasks = base.scores.map(({ task }) => task);
  const against = methods.includes(ew.id) ? ew.id : null;
  const warnings = new Set<string>();

  const all: Record<string, ZeroShotMethod> = {};
  for (const method of methods) {
    const ofSeeds = seeds.flatMap((seed) => {
      const found = result(method, seed);
      if (found === undefined) return [];
      const scores = points(found);
      const reference = against === null || against === method ? undefined : result(against, seed);
      const delta = reference && compareScores(scores, points(reference), undefined, tasks);
      for (const text of delta?.warnings ?? []) warnings.add(`ΔI_zero against ${against}: ${text}`);
      return [{ found, of: { seed, scores, deltaI: delta?.deltaI ?? null } }];
    });
    if (ofSeeds.length === 0) continue;
    const perTask = tasks.map((_, t) => spreadOf(ofSeeds.map(({ of }) => of.scores[t]!))!);
    const deltaI = spreadOf(ofSeeds.map(({ of }) => of.deltaI));
    all[method] = {
      scores: perTask.map(({ mean }) => mean),
      scoresSpread: ofSeeds.length === 1 ? null : perTask.map(({ spread }) => spread!),
      deltaI: deltaI?.mean ?? null,
      deltaISpread: deltaI?.spread ?? null,
      intervals: bootstrapTable(ofSeeds.map(({ found }) => pointsOf(found, tasks)))
        .tasks.map(({ low, high }) => ({ low, high })),
      seeds: ofSeeds.map(({ of }) => of),
    };
  }
  return {
    tasks,
    metrics: base.scores.map(({ metric }) => metric),
    questions: base.scores.map(({ questions }) => questions),
    base: points(base),
    against,
    methods: all,
    warnings: [...warnings],
  };
}

/** Points of every question, task by task. */
function pointsOf({ answers }: PartResult, tasks: readonly string[]): number[][] {
  const byTask = Map.groupBy(answers, ({ task }) => task);
  return tasks.map((task) => byTask.get(task)!.map(({ score }) => score));
}
