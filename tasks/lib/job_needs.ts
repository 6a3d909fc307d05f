/**
 * What the jobs of a run are to ask for, and how long all of them take.
 *
 * @module
 */

import {
  MARGIN,
  memoryOf,
  type Needs,
  type PlannedWork,
  plannedWork,
  type Rates,
  ratesOf,
  secondsOf,
  START_MINUTES,
} from "../../src/cluster/estimates.ts";
import { forecast } from "../../src/cluster/forecast.ts";
import { partCosts, residentBytesOf } from "../../src/cluster/part_costs.ts";
import { InputError } from "../../src/errors.ts";
import { readJson } from "../../src/run/files.ts";
import type { Part } from "../../src/run/part.ts";
import { planRun } from "../../src/run/plan.ts";
import { RESULTS_FILE } from "../../src/run/run_files.ts";
import type { RunInfo } from "../../src/run/records/run_info.ts";
import type { Results } from "../../src/run/records/results.ts";
import { readRunInfo } from "../../src/run/run_info_file.ts";
import { join } from "@std/path";
import type { RunToSubmit } from "./run_to_submit.ts";
import { duration } from "./terminal.ts";

/** What was asked for by hand. */
export interface Asked {
  /** The time of every job. */
  time: string | undefined;
  /** The memory of every job. */
  memory: string | undefined;
  /** The run whose parts tell the speeds while this one has none that are done. */
  like: string | undefined;
}

/**
 * Estimates what jobs need, and says what from.
 *
 * @param run The run's folder.
 * @param found What is known of the run.
 * @param asked What was asked for by hand, which comes first.
 * @param note Told what the estimate is made of, and what is not known.
 * @returns The needs.
 * @throws {InputError} If the run that it is to be like has no parts that are done.
 */
export async function estimateNeeds(
  run: string,
  { stand: { plan }, info }: RunToSubmit,
  { time, memory, like }: Asked,
  note: (text: string) => void,
): Promise<Needs> {
  const own = await measure(run);
  const measured = own?.rates !== undefined || like === undefined ? own : await measureOther(like);
  const rates = info === undefined ? undefined : measured?.rates;
  const work = new Map<string, PlannedWork>(
    info === undefined
      ? []
      : plan.map((part) => [part.id, plannedWork(part, info.resolved, info.dataset, info.zeroShot)]),
  );
  const asks: Needs = { time, memory, work, rates };
  if (memory === undefined && measured?.residentBytes !== undefined) {
    asks.memory = memoryOf(measured.residentBytes);
  }
  const from = `${MARGIN} times what ${rates?.parts ?? 0} parts took that are done`;
  if (time === undefined) {
    note(
      rates === undefined
        ? "no part is measured yet, or the run is not ready: jobs get the partition's time. --time says it by hand; " +
          "--like RUN takes the speeds of another run once this one is ready."
        : `the time of a job is ${from}, its slowest token and question for all, and ${START_MINUTES} minutes to start.`,
    );
  }
  if (memory === undefined) {
    note(
      asks.memory === undefined
        ? "no training was measured yet: jobs get the partition's memory. --mem says it by hand."
        : `the memory of a job, ${asks.memory}, is ${MARGIN} times the most that a training held.`,
    );
  }
  return asks;
}

/** What the parts of a run tell. */
async function measure(
  run: string,
): Promise<{ rates: Rates | undefined; residentBytes: number | undefined } | undefined> {
  const info = await readRunInfo(run);
  if (info === undefined) return undefined;
  const costs = await partCosts(planRun(info.resolved), { folder: run, runId: info.id });
  return { rates: ratesOf([...costs.values()]), residentBytes: await residentBytesOf(run, costs.keys()) };
}

async function measureOther(like: string) {
  const measured = await measure(like);
  if (measured?.rates !== undefined) return measured;
  throw new InputError(`--like ${like}: expected a run with parts that are done, found none`);
}

/**
 * Says how long a whole run takes on several slots, by the seconds of its parts.
 *
 * @param run The run's folder, or one with its run.json and results.json alone.
 * @param found What is known of it.
 * @param slots How many jobs run at a time.
 * @returns Lines.
 * @throws {InputError} If no seconds are known.
 */
export async function forecastLines(
  run: string,
  { stand: { plan }, info }: RunToSubmit,
  slots: number,
): Promise<string[]> {
  const seconds = info === undefined ? undefined : await secondsOfParts(run, plan, info);
  if (seconds === undefined) {
    throw new InputError(`--forecast: expected a run with parts that are done, found none in ${run}`);
  }
  const open = new Set(plan.map(({ id }) => id));
  const found = forecast(plan, open, ({ id }) => seconds.of(id), { slots });
  const said = (s: number) => duration(1000 * s);
  return [
    `${plan.length} parts, ${seconds.measured} of them measured${
      seconds.measured < plan.length ? ", the others by their work or taken for nothing" : ""
    }; a job's start and waiting in the queue are not counted.`,
    `one after the other: ${said(found.total)}`,
    `on ${slots} slots: ${said(found.seconds)}, ${Math.round(100 * found.busy)}% of their time at work`,
    `the longest way through the plan, on however many: ${said(found.criticalPath)}`,
  ];
}

/** Seconds of the parts of a run: measured, or by their work at the speeds of those that were. */
async function secondsOfParts(
  run: string,
  plan: readonly Part[],
  info: RunInfo,
): Promise<{ measured: number; of: (part: string) => number } | undefined> {
  const costs = await partCosts(plan, { folder: run, runId: info.id });
  // Published results have the parts' costs, and no parts.
  const told = costs.size > 0 ? undefined : await readJson<Results>(join(run, RESULTS_FILE));
  const known = new Map(
    (told?.costs ?? [...costs.values()].map(({ cost }) => cost)).map((
      cost,
    ) => [cost.part, cost.trainSeconds + cost.evaluateSeconds]),
  );
  if (known.size === 0) return undefined;
  const rates = ratesOf([...costs.values()]);
  const others = new Map(plan.map((part) => {
    const work = plannedWork(part, info.resolved, info.dataset, info.zeroShot);
    return [part.id, rates === undefined ? 0 : secondsOf(work, rates)];
  }));
  return { measured: known.size, of: (part) => known.get(part) ?? others.get(part)! };
}
