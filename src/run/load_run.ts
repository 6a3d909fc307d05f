/**
 * Reads a finished run folder.
 *
 * @module
 */

import { join } from "@std/path";
import { methodsWithProbes } from "../balance/methods/registry.ts";
import { sensitivity, SENSITIVITY_FILE, type SensitivityReport } from "../balance/methods/sensitivity.ts";
import { InputError } from "../errors.ts";
import { readMetrics } from "./metrics_file.ts";
import { readProfile } from "./profile_file.ts";
import { methodFolder, withoutSeed } from "./folders.ts";
import { planRun } from "./plan.ts";
import { runStatistics, STATISTICS_FILE } from "./statistics.ts";
import { readJson } from "./files.ts";
import type { Example } from "./records/example.ts";
import type { LoadedRun, LossCurve } from "./records/loaded_run.ts";
import type { PartResult } from "./records/part_result.ts";
import type { Results } from "./records/results.ts";
import type { ResolvedOptions, RunInfo } from "./records/run_info.ts";
import type { MetricsLine } from "./records/metrics_line.ts";
import type {
  Balance,
  ChatTable,
  IntervalsFile,
  MethodBalances,
  ValidationTable,
  WeightsFile,
} from "./records/validation.ts";
import type { Statistics } from "./records/statistics.ts";

/** What runs did that were made before these settings could be chosen. */
const BEFORE_SETTINGS: Pick<
  ResolvedOptions,
  "storage" | "schedule" | "betas" | "mixture" | "control" | "train"
> = {
  storage: "f32",
  schedule: "cosine",
  betas: [0.9, 0.999],
  mixture: "default",
  control: false,
  train: {},
};

/**
 * Reads a folder's run.json.
 *
 * @param folder The run's folder.
 * @returns What it holds; undefined if there is none.
 * @throws {InputError} If it is not JSON, or not of the form that this version writes.
 */
export async function readRunInfo(folder: string): Promise<RunInfo | undefined> {
  const path = join(folder, "run.json");
  const run = await readJson<Partial<RunInfo> | null>(path);
  if (run === undefined) return undefined;
  if (run?.format === 1 && run.resolved !== undefined) {
    const { freeze, ...given } = run.given ?? {};
    return {
      ...run,
      given: freeze === undefined ? given : { ...given, frozen: freeze }, // its name in older runs
      resolved: { ...BEFORE_SETTINGS, ...run.resolved },
    } as RunInfo;
  }
  throw new InputError(
    `${path}: expected a run of format 1, found ${JSON.stringify(run?.format) ?? "another file"}. ` +
      "Another version wrote it: use that one, or start a new run",
  );
}

/**
 * Reads a finished run folder: all that a report needs.
 *
 * @param folder The run's folder.
 * @returns The run.
 * @throws {InputError} If the folder holds no run, one that is not finished, or a profile that cannot be read.
 */
export async function loadRun(folder: string): Promise<LoadedRun> {
  const run = await readRunInfo(folder);
  if (run === undefined) {
    throw new InputError(`${folder}: expected the folder of a run, found no run.json in it`);
  }
  const results = await readJson<Results>(join(folder, "results.json"));
  if (results === undefined) {
    throw new InputError(
      `${folder}: expected a finished run, found no results.json. Finish it with: deno task tune --out ${folder} --resume`,
    );
  }
  const need = async <T>(file: string): Promise<T> => {
    const value = await readJson<T>(join(folder, file));
    if (value === undefined) throw new InputError(`${folder}: expected a finished run, found no ${file}`);
    return value;
  };
  const { seeds, methods } = run.resolved;

  const plan = planRun(run.resolved);

  const measured: MethodBalances[] = [];
  for (const { id: method } of methodsWithProbes(methods)) {
    const balances: Balance[] = [];
    let intervals: IntervalsFile | undefined;
    for (const part of plan) {
      if (part.kind !== "balance" || part.method !== method) continue;
      const table = await need<ValidationTable | ChatTable>(part.table);
      const weights = await need<WeightsFile>(part.file);
      // A method of several draws shows their mean.
      const scores = "scores" in weights ? { mini: weights.scores.mini, plus: weights.scores.plus } : {};
      const { validation, ...form } = asValidation(table);
      balances.push({ seed: part.seed, validation: { ...validation, ...scores }, ...form, weights });
      if (part.intervals === undefined) continue;
      intervals ??= await readJson(join(folder, withoutSeed(part.intervals, seeds, part.seed)));
    }
    measured.push({ method, balances, ...(intervals && { intervals }) });
  }
  const [first, ...furtherBalances] = measured;

  const curves: LossCurve[] = [];
  for (const part of plan) {
    if (part.kind !== "tune") continue;
    const lines = await readMetrics<MetricsLine>(join(folder, part.id, "metrics.jsonl"));
    curves.push({ part: withoutSeed(part.id, seeds, part.seed), seed: part.seed, lines });
  }

  const examples = await need<Example[]>("examples.json");
  for (const method of ["base", ...methods]) {
    const { answers } = await need<PartResult>(`${methodFolder(method, seeds, seeds[0]!)}/test.json`);
    const byTask = Map.groupBy(answers, ({ task }) => task);
    for (const example of examples) {
      const found = byTask.get(example.task)?.[example.index];
      if (found !== undefined) example.answers[method] = { answer: found.answer, score: found.score };
    }
  }
  const profile = await readProfile(folder);
  const balances = first?.balances ?? [];
  const statistics = await readJson<Statistics>(join(folder, STATISTICS_FILE)) ??
    await statisticsOf(run, balances, need);
  return {
    folder,
    run,
    results,
    statistics,
    balances,
    ...(first?.intervals && { intervals: first.intervals }),
    ...(furtherBalances.length > 0 && { furtherBalances }),
    ...(methods.includes(sensitivity.id) && {
      sensitivity: await need<SensitivityReport>(SENSITIVITY_FILE),
    }),
    curves,
    examples,
    profile,
  };
}

/** A table of either form in the form of CoTBal's. */
function asValidation(table: ValidationTable | ChatTable): Pick<Balance, "validation" | "form"> {
  if (!("alone" in table)) return { validation: table };
  const { alone, ...others } = table;
  return { validation: { ...others, plus: alone }, form: "chat" };
}

/** The statistics of a run from before there was a file of them. */
async function statisticsOf(
  { resolved: { tasks, methods, seeds } }: RunInfo,
  balances: readonly Balance[],
  need: (file: string) => Promise<PartResult>,
): Promise<Statistics> {
  const parts = new Map<string, PartResult>();
  for (const seed of seeds) {
    for (const method of methods) {
      const id = methodFolder(method, seeds, seed);
      parts.set(id, await need(`${id}/test.json`));
    }
  }
  const method = methodsWithProbes(methods)[0]?.id ?? "";
  const weights = balances.map(({ weights }) => ({ method, weights }));
  return runStatistics({ tasks, methods, seeds, parts, weights });
}
