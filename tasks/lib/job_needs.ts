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
        : `the memory of a job, ${asks.memory}, is ${MARGIN} times the most that a training held, and a gibibyte.`,
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
  return {
    rates: ratesOf([...costs.values()], "slowest"),
    residentBytes: await residentBytesOf(run, costs.keys()),
  };
}

async function measureOther(like: string) {
  const measured = await measure(like);
  if (measured?.rates !== undefined) return measured;
  throw new InputError(`--like ${like}: expected a run with parts that are done, found none`);
}

/**
 * Says how long a whole run takes on several slots, by the seconds of its parts; those that are not measured, by their
 * work at the mean speed of those that are.
 *
 * @param run The run's folder, or one with its run.json and results.json alone.
 * @param found What is known of it.
 * @param slots How many jobs run at a time.
 * @param like Another run that tells the speeds and the sizes of the data, with the same tasks.
 * @returns Lines.
 * @throws {InputError} If no seconds are known.
 */
export async function forecastLines(
  run: string,
  { stand: { plan }, options, info }: RunToSubmit,
  slots: number,
  like: string | undefined,
): Promise<string[]> {
  const measured = await measuredRun(like ?? run);
  if (measured === undefined) {
    throw new InputError(`--forecast: expected a run with parts that are done, found none in ${like ?? run}`);
  }
  const { dataset, zeroShot, rates } = measured;
  const tasks = dataset.tasks.map(({ name }) => name).join(", ");
  if (tasks !== options.tasks.join(", ")) {
    throw new InputError(
      `--like ${like}: expected a run on ${options.tasks.join(", ")}, found one on ${tasks}`,
    );
  }
  const own = info === undefined || like !== undefined ? new Map<string, number>() : measured.seconds;
  const took = new Map(plan.map((part) => [
    part.id,
    own.get(part.id) ?? secondsOf(plannedWork(part, options, dataset, zeroShot), rates),
  ]));
  const found = forecast(plan, new Set(took.keys()), ({ id }) => took.get(id)!, { slots });
  const one = Math.max(...took.values());
  const said = (seconds: number) =>
    `${duration(1000 * seconds)} (${(seconds / one).toFixed(1)} times the longest part)`;
  return [
    `${plan.length} parts, ${own.size} of them measured, the others by their work at the speed of ${rates.parts} that were; ` +
    "a job's start and waiting in the queue are not counted.",
    `the longest part: ${duration(1000 * one)}`,
    `one after the other: ${said(found.total)}`,
    `on ${slots} slots: ${said(found.seconds)}, ${Math.round(100 * found.busy)}% of their time at work`,
    `the longest way through the plan, on however many slots: ${said(found.criticalPath)}`,
  ];
}

/** What a run's parts took, from the parts, or from published results, which have no parts. */
async function measuredRun(
  run: string,
): Promise<
  Pick<RunInfo, "dataset" | "zeroShot"> & { seconds: Map<string, number>; rates: Rates } | undefined
> {
  const info = await readRunInfo(run);
  if (info === undefined) return undefined;
  const plan = planRun(info.resolved);
  const parts = await partCosts(plan, { folder: run, runId: info.id });
  const told = parts.size > 0 ? undefined : await readJson<Results>(join(run, RESULTS_FILE));
  const costs = told?.costs ?? [...parts.values()].map(({ cost }) => cost);
  const questions = new Map(
    plan.map((part) => [part.id, plannedWork(part, info.resolved, info.dataset, info.zeroShot).questions]),
  );
  const rates = ratesOf(costs.map((cost) => ({ cost, questions: questions.get(cost.part) ?? 0 })), "mean");
  if (rates === undefined) return undefined;
  const seconds = new Map(costs.map((cost) => [cost.part, cost.trainSeconds + cost.evaluateSeconds]));
  return { ...info, seconds, rates };
}
