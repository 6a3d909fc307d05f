/**
 * What the parts of a run will take, from what those that are done took.
 *
 * @module
 */

import type { Part } from "../run/part.ts";
import type { PartCost } from "../run/records/part_result.ts";
import type { DatasetSummary, ResolvedOptions } from "../run/records/run_info.ts";
import { isScoring } from "../run/part.ts";
import { probeCost } from "../balance/compare/cost.ts";
import type { Share } from "../balance/methods/plan_builder.ts";
import type { Chain } from "./chains.ts";
import type { JobRequest } from "./job_system.ts";

/** The work of a part, as far as the plan tells it. */
export interface PlannedWork {
  /** Training tokens, passes counted. */
  tokens: number;
  /** Questions. */
  questions: number;
}

/** What a part that is done took. */
export interface MeasuredPart {
  /** Its cost. */
  cost: PartCost;
  /** Questions that it answered. */
  questions: number;
}

/** The speeds of parts that are done. */
export interface Rates {
  /** Parts that were measured. */
  parts: number;
  /** Seconds a training token. */
  token: number;
  /** Seconds a question. */
  question: number;
}

/** What is asked for beyond the estimate: half as much again, of time and of memory. */
export const MARGIN = 1.5;

/** Minutes of a job before its first part: Deno starts, the data are read, kernels are compiled. */
export const START_MINUTES = 5;

/**
 * The work of a part, from the plan and the dataset's sizes in run.json.
 *
 * @param part The part.
 * @param options The run's options.
 * @param dataset What it is tuned on.
 * @param zeroShot Tasks never tuned on, if any.
 * @returns Tokens and questions; the real ones lie within some per cent where subsets are drawn.
 */
export function plannedWork(
  part: Part,
  options: ResolvedOptions,
  dataset: DatasetSummary,
  zeroShot?: DatasetSummary,
): PlannedWork {
  if (!isScoring(part)) return { tokens: 0, questions: 0 };
  const asked = part.kind === "evaluate" && part.zeroShot ? zeroShot ?? dataset : dataset;
  const limit = (part.split === "val" ? options.validationLimit : options.testLimit) ?? Infinity;
  const questions = asked.tasks.reduce(
    (sum, { name }, i) =>
      part.tasks.includes(name) ? sum + Math.min(limit, asked.questions[part.split][i]!) : sum,
    0,
  );
  if (part.kind !== "tune") return { tokens: 0, questions };
  const shareOf = (share: Share | undefined) => {
    if (share === undefined) return 0;
    return { all: 1, mini: options.mini, large: options.large, rest: options.large - options.mini }[share];
  };
  const once = dataset.tasks.reduce(
    (sum, { name }, i) => sum + shareOf(part.data[name]) * dataset.tokens[i]!,
    0,
  );
  const { large, mini, tasks, epochs } = options;
  const passes = part.withProbes ? 1 + probeCost({ large, mini, tasks: tasks.length }) : part.passes ?? 1;
  return { tokens: once * epochs * passes, questions };
}

/**
 * The rates of what was measured.
 *
 * @param measured Parts that are done, of this run or of one like it.
 * @param which The slowest, to ask for enough; or the mean, to say how long it will be.
 * @returns The rates; undefined where nothing was trained or nothing asked.
 *
 * @example
 * ```ts
 * import { ratesOf } from "./estimates.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const cost = { part: "methods/ew", conversations: 9, steps: 3, tokens: 1000, answerTokens: 90 };
 * const took = (trainSeconds: number) => ({ cost: { ...cost, trainSeconds, evaluateSeconds: 5 }, questions: 10 });
 * assertEquals(ratesOf([took(20), took(40)], "slowest"), { parts: 2, token: 0.04, question: 0.5 });
 * assertEquals(ratesOf([took(20), took(40)], "mean"), { parts: 2, token: 0.03, question: 0.5 });
 * ```
 */
export function ratesOf(measured: readonly MeasuredPart[], which: "slowest" | "mean"): Rates | undefined {
  const rate = (of: (part: MeasuredPart) => { seconds: number; count: number }) => {
    const some = measured.map(of).filter(({ count }) => count > 0);
    if (some.length === 0) return undefined;
    if (which === "slowest") return Math.max(...some.map(({ seconds, count }) => seconds / count));
    const [seconds, count] = [sum(some.map(({ seconds }) => seconds)), sum(some.map(({ count }) => count))];
    return seconds / count;
  };
  const token = rate(({ cost }) => ({ seconds: cost.trainSeconds, count: cost.tokens }));
  const question = rate(({ cost, questions }) => ({ seconds: cost.evaluateSeconds, count: questions }));
  return token === undefined || question === undefined
    ? undefined
    : { parts: measured.length, token, question };
}

function sum(list: readonly number[]): number {
  return list.reduce((sum, x) => sum + x, 0);
}

/**
 * Seconds that work takes.
 *
 * @param work The work.
 * @param rates The rates.
 */
export function secondsOf({ tokens, questions }: PlannedWork, rates: Rates): number {
  return tokens * rates.token + questions * rates.question;
}

/**
 * The time to ask for, for jobs that carry out chains, as Slurm reads it.
 *
 * @param chains The chains, one a job.
 * @param secondsOf Seconds of a part.
 * @returns Hours, minutes, seconds: the longest chain's, with {@linkcode MARGIN} and {@linkcode START_MINUTES}.
 *
 * @example A chain of two parts of half an hour
 * ```ts
 * import { timeOf } from "./estimates.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(timeOf([["balance", "methods/cotbal"], ["methods/ew"]], () => 1800), "01:35:00");
 * ```
 */
export function timeOf(chains: readonly Chain[], secondsOf: (part: string) => number): string {
  const longest = Math.max(0, ...chains.map((chain) => sum(chain.map(secondsOf))));
  const minutes = Math.ceil(MARGIN * longest / 60 + START_MINUTES);
  const two = (x: number) => String(x).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00`;
}

/**
 * The memory to ask for, as Slurm reads it.
 *
 * @param bytes The most that a training held.
 * @returns Mebibytes, with {@linkcode MARGIN}, and a gibibyte for what is held while no model is trained.
 *
 * @example
 * ```ts
 * import { memoryOf } from "./estimates.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(memoryOf(2 ** 30), "2560M");
 * ```
 */
export function memoryOf(bytes: number): string {
  return `${Math.ceil(MARGIN * bytes / 2 ** 20) + 1024}M`;
}

/** What jobs are asked for by hand, and what their needs are estimated from. */
export interface Needs {
  /** The time of every job, by hand. */
  time?: string | undefined;
  /** The memory of every job, by hand or estimated. */
  memory?: string | undefined;
  /** The work of every part. */
  work: ReadonlyMap<string, PlannedWork>;
  /** Speeds, where parts were measured. */
  rates: Rates | undefined;
}

/**
 * Says what a job is to ask for: time and memory.
 *
 * @param job The job.
 * @param needs By hand, or estimated.
 * @returns The job with its needs; none where nothing is known: the system's own limits hold.
 */
export function withNeeds(job: JobRequest, { time, memory, work, rates }: Needs): JobRequest {
  const seconds = (part: string) => secondsOf(work.get(part)!, rates!);
  const estimated = rates === undefined || job.work.kind !== "parts"
    ? undefined
    : timeOf(job.work.chains, seconds);
  const asked = time ?? estimated;
  return { ...job, ...(asked !== undefined && { time: asked }), ...(memory !== undefined && { memory }) };
}
