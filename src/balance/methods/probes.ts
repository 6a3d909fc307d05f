/**
 * The probes of CoTBal and its variants: a model that two of them ask for is tuned once.
 *
 * @module
 */

import { weightsOfGroups } from "../cotbal/groups.ts";
import {
  bootstrapIntervals,
  onlyDefined,
  paperIntervals,
  type WeightIntervals,
} from "../cotbal/noise/intervals.ts";
import { drawsOf, type Points, pointTable } from "../cotbal/noise/points.ts";
import { checkTable } from "../cotbal/table.ts";
import { balancedUnits, type Unit } from "../cotbal/units.ts";
import { weightsFromScores, type WeightsReport } from "../cotbal/weights_from_scores.ts";
import type { MethodSettings } from "./method_settings.ts";
import { type PlanBuilder, type Share, shareOfEvery } from "./plan_builder.ts";

/**
 * The passes of a probe, times those of the run.
 *
 * @param settings The kind of probes.
 * @returns 1, or a third.
 */
export function passesOfProbes({ probes }: MethodSettings): number {
  return probes === "third" ? 1 / 3 : 1;
}

/** One tuning of every probe, where they are tuned several times over. */
export interface ProbeDraw {
  /** The folder of its probes. */
  at: string;
  /** Decides its subsets and their order; the plan's seed without it. */
  drawSeed?: number;
  /** Whether its mini probe is kept. */
  keep?: true;
}

const PAPERS: ProbeDraw = { at: "probes" };

/**
 * The file of the mini probe: tuned on a mini subset of every task.
 *
 * @param plan The plan.
 * @param draw Which tuning of the probes; the paper's one without it.
 * @returns The file of its validation scores.
 */
export function miniProbe(plan: PlanBuilder, { at, ...draw }: ProbeDraw = PAPERS): string {
  return tuneProbe(plan, `${at}/mini`, shareOfEvery(plan.tasks, "mini"), { first: true, ...draw });
}

/**
 * The files of the probes i+mini, after {@linkcode miniProbe}, one a task: tasks of a group share one. A task with a
 * fixed weight has no large subset, so that i+mini is mini itself.
 *
 * @param plan The plan.
 * @param mini The file of the mini probe.
 * @param draw Which tuning of the probes; the paper's one without it.
 * @returns One file a task.
 */
export function plusProbes(plan: PlanBuilder, mini: string, { at, drawSeed }: ProbeDraw = PAPERS): string[] {
  const draw = drawSeed === undefined ? {} : { drawSeed };
  return eachUnit(plan, mini, (unit) => {
    const own = (task: string) => unit.tasks.includes(task);
    const folder = `${at}/plus-${plan.folderOf(unit.name)}`;
    if (plan.settings.probes === "continued") {
      return tuneProbe(plan, folder, sharesOf(unit, "rest"), { from: `${at}/mini`, ...draw });
    }
    return tuneProbe(plan, folder, shareOfEvery(plan.tasks, (task) => own(task) ? "large" : "mini"), draw);
  });
}

/**
 * The files of the models tuned on task i alone, from the base: on its mini subset and on its large one. Tasks of a group
 * share one; tasks with a fixed weight are not in their data, and have the base's scores.
 *
 * @param plan The plan.
 * @param base The file of the base's scores.
 * @param scored Whether the large ones are scored on all tasks, or on their own alone.
 * @returns One file a task, for both.
 */
export function aloneProbes(
  plan: PlanBuilder,
  base: string,
  scored: "all" | "own",
): { mini: Record<string, string>; large: string[] } {
  const own = (unit: Unit) => ({ tasks: unit.tasks });
  const folder = (kind: string, unit: Unit) => `probes/${kind}/${plan.folderOf(unit.name)}`;
  const mini = eachUnit(
    plan,
    base,
    (unit) =>
      tuneProbe(plan, folder("alone-mini", unit), sharesOf(unit, "mini"), { first: true, ...own(unit) }),
  );
  const large = eachUnit(plan, base, (unit) => {
    const asked = scored === "own" ? own(unit) : {};
    if (plan.settings.probes === "continued") {
      const from = folder("alone-mini", unit);
      return tuneProbe(plan, folder("alone", unit), sharesOf(unit, "rest"), { from, ...asked });
    }
    return tuneProbe(plan, folder("alone", unit), sharesOf(unit, "large"), asked);
  });
  return { mini: byTask(plan, mini), large };
}

/**
 * Files by the names of their tasks: one number a task, each from its own file.
 *
 * @param plan The plan.
 * @param files One file a task.
 * @returns Task -> file.
 */
export function byTask(plan: PlanBuilder, files: readonly string[]): Record<string, string> {
  return Object.fromEntries(plan.tasks.map((task, i) => [task, files[i]!]));
}

/**
 * Weights from the tables of CoTBal's probes, in all its forms: with groups and fixed weights as they are set.
 *
 * @param tables One table a seed.
 * @param settings What the user set.
 * @returns The weights.
 */
export function weighProbes(tables: readonly object[], settings: MethodSettings): WeightsReport {
  const where = (k: number) => tables.length === 1 ? "scores" : `table ${k + 1}`;
  const checked = tables.map((table, k) => checkTable(table, where(k)));
  const { groups, ...options } = settings;
  if (groups === undefined) return weightsFromScores(checked, options);
  const scores = checked.flatMap((table) => "contributionOut" in table ? [] : [table]);
  return weightsOfGroups(scores, { groups, ...options });
}

/**
 * How sure the weights of CoTBal's probes are: the questions are drawn anew, the probes are taken as they were tuned,
 * whatever kind they are of. Groups and fixed weights go through the same arithmetic as the weights: tasks of a group
 * share their intervals, and a fixed weight has one of no width.
 *
 * @param tables One table a seed.
 * @param settings What the user set.
 * @param points The points of single questions, one entry a seed; seeds are draws of the probes.
 * @returns The intervals, with the temperature held.
 */
export function intervalsOfProbes(
  tables: readonly object[],
  settings: MethodSettings,
  points: readonly Points[],
): WeightIntervals {
  const report = weighProbes(tables, settings);
  const { tasks, alpha, temperature } = report;
  const table = pointTable(tasks, points.map((ofSeed) => drawsOf(ofSeed)[0]!), settings);
  if (settings.groups === undefined && settings.fixed === undefined) {
    return paperIntervals(table, alpha, temperature);
  }
  const held = { ...settings, temperature };
  const found = bootstrapIntervals(
    table,
    ({ mini, plus }) => weighProbes([{ tasks, mini, plus }], held),
  );
  return onlyDefined(found, report);
}

function sharesOf(unit: Unit, share: Share): Record<string, Share> {
  return Object.fromEntries(unit.tasks.map((task) => [task, share]));
}

/** One file a task: that of its unit, or what stands for a task with a fixed weight. */
function eachUnit(plan: PlanBuilder, other: string, make: (unit: Unit) => string): string[] {
  const units = balancedUnits(plan.tasks, plan.settings);
  const files = units.map(make);
  return plan.tasks.map((task) => files[units.findIndex((unit) => unit.tasks.includes(task))] ?? other);
}

function tuneProbe(
  plan: PlanBuilder,
  folder: string,
  data: Record<string, Share>,
  { first = false, from, tasks, drawSeed, keep }: {
    first?: boolean;
    from?: string;
    tasks?: readonly string[];
    drawSeed?: number;
    keep?: true;
  } = {},
): string {
  const { probes } = plan.settings;
  const passes = passesOfProbes(plan.settings);
  return plan.tune({
    folder,
    data,
    split: "val",
    ...(tasks && { tasks }),
    ...((keep || first && probes === "continued") && { keep: true }),
    ...(from !== undefined && { from }),
    ...(passes !== 1 && { passes }),
    ...(probes === "early" && { early: true }),
    ...(drawSeed !== undefined && { drawSeed }),
  });
}
