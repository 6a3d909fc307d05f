/**
 * How long a plan takes on several slots, from the seconds of its parts.
 *
 * @module
 */

import type { Part } from "../run/part.ts";
import { chainParts, directNeeds } from "./chains.ts";
import { planStages } from "./stages.ts";

/** What a plan takes. Seconds. */
export interface Forecast {
  /** Places where a job can run. */
  slots: number;
  /** One after the other, on one slot. */
  total: number;
  /** The longest way through the plan: no number of slots takes less. */
  criticalPath: number;
  /** Until the last part has ended, with stages as they are submitted. */
  seconds: number;
  /** Share of the slots' time that is spent on parts. */
  busy: number;
}

/** What a forecast takes for granted. */
export interface ForecastOptions {
  /** Places where a job can run at a time. */
  slots: number;
  /** Seconds that a job takes to start and to set up, before its first part; 0 if left out. */
  start?: number;
}

/**
 * Says how long the open parts of a plan take on several slots. Jobs begin in the order of their stages as slots become
 * free; those of a stage once the stages before it have ended, as a job array behind others does.
 *
 * @param plan The run's parts, each after those it needs.
 * @param open Names of the parts that are to be carried out.
 * @param secondsOf Seconds of a part.
 * @param options Slots, and what a job's start takes.
 * @returns What it takes.
 *
 * @example Nine parts of ten seconds, the last but two behind the probes
 * ```ts
 * import { forecast } from "./forecast.ts";
 * import { planRun } from "../run/plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const plan = planRun({ tasks: ["vqa", "caption"], methods: ["ew", "cotbal"], seeds: [1] });
 * const open = new Set(plan.map(({ id }) => id));
 * const { total, criticalPath, seconds } = forecast(plan, open, () => 10, { slots: 4 });
 * assertEquals({ total, criticalPath, seconds }, { total: 90, criticalPath: 30, seconds: 50 });
 * ```
 */
export function forecast(
  plan: readonly Part[],
  open: ReadonlySet<string>,
  secondsOf: (part: Part) => number,
  { slots, start = 0 }: ForecastOptions,
): Forecast {
  const took = new Map(plan.filter(({ id }) => open.has(id)).map((part) => [part.id, secondsOf(part)]));
  const ended: number[] = [];
  const free = new Array<number>(slots).fill(0);
  for (const { chains, after } of planStages(plan, open)) {
    const ready = Math.max(0, ...after.map((stage) => ended[stage]!));
    let last = ready;
    for (const chain of chains) {
      const slot = free.indexOf(Math.min(...free));
      const end = Math.max(ready, free[slot]!) + start + chain.reduce((sum, id) => sum + took.get(id)!, 0);
      free[slot] = end;
      last = Math.max(last, end);
    }
    ended.push(last);
  }
  const total = start * chainParts(plan, open).length + [...took.values()].reduce((sum, x) => sum + x, 0);
  const seconds = Math.max(0, ...ended);
  return {
    slots,
    total,
    criticalPath: longestWay(plan, open, took, start),
    seconds,
    busy: seconds === 0 ? 0 : total / (slots * seconds),
  };
}

/** The longest way through the open parts; a job's start counts where a chain begins. */
function longestWay(
  plan: readonly Part[],
  open: ReadonlySet<string>,
  took: ReadonlyMap<string, number>,
  start: number,
): number {
  const firsts = new Set(chainParts(plan, open).map(([first]) => first));
  const end = new Map<string, number>();
  for (const [id, needs] of directNeeds(plan, open)) {
    const begins = Math.max(0, ...needs.map((need) => end.get(need)!));
    end.set(id, begins + (firsts.has(id) ? start : 0) + took.get(id)!);
  }
  return Math.max(0, ...end.values());
}
