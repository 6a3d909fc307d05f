/**
 * Reads a finished run folder.
 *
 * @module
 */

import { join } from "@std/path";
import { methodsWithProbes } from "../balance/methods/registry.ts";
import { regret, REGRET_FILE, type RegretReport } from "../balance/methods/regret.ts";
import { sensitivity, SENSITIVITY_FILE, type SensitivityReport } from "../balance/methods/sensitivity.ts";
import { InputError } from "../errors.ts";
import { parseMetrics } from "./metrics_file.ts";
import { readProfile } from "./profile_file.ts";
import { methodFolder, withoutSeed } from "./folders.ts";
import type { TunePart } from "./part.ts";
import { planRun } from "./plan.ts";
import { readIfThere } from "./files.ts";
import { inspectRecord, readRecord, type RunFiles } from "./run_files.ts";
import { readRunInfo } from "./run_info_file.ts";
import { sha256 } from "./sha256.ts";
import { runStatistics, STATISTICS_FILE } from "./statistics.ts";
import type { Example } from "./records/example.ts";
import type { LoadedRun, LossCurve } from "./records/loaded_run.ts";
import type { PartResult } from "./records/part_result.ts";
import type { Results } from "./records/results.ts";
import type { RunInfo } from "./records/run_info.ts";
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

/**
 * Reads a finished run folder: all that a report needs.
 *
 * @param folder The run's folder.
 * @returns The run.
 * @throws {InputError} If the folder holds no run, one that is not finished, or a file that is damaged or another's.
 */
export async function loadRun(folder: string): Promise<LoadedRun> {
  const run = await readRunInfo(folder);
  if (run === undefined) {
    throw new InputError(`${folder}: expected the folder of a run, found no run.json in it`);
  }
  const again = `Have it written anew with: deno task tune --out ${folder} --resume`;
  const files: RunFiles = { folder, runId: run.id };
  const read = async <T extends object>(file: string): Promise<T | undefined> => {
    const value = await readRecord<T>(files, file, again);
    if (value === undefined || (typeof value === "object" && value !== null)) return value;
    throw new InputError(
      `${join(folder, file)}: expected an object as a run writes it, found ${value}. ${again}`,
    );
  };
  const results = await read<Results>("results.json");
  if (results === undefined) {
    throw new InputError(
      `${folder}: expected a finished run, found no results.json. Finish it with: deno task tune --out ${folder} --resume`,
    );
  }
  const need = async <T extends object>(file: string): Promise<T> => {
    const value = await read<T>(file);
    if (value === undefined) {
      throw new InputError(`${folder}: expected a finished run, found no ${file}. ${again}`);
    }
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
      const scores = "scores" in weights ? { mini: weights.scores?.mini, plus: weights.scores?.plus } : {};
      const { validation, ...form } = asValidation(table);
      balances.push({ seed: part.seed, validation: { ...validation, ...scores }, ...form, weights });
      if (part.intervals === undefined) continue;
      intervals ??= await read(withoutSeed(part.intervals, seeds, part.seed));
    }
    measured.push({ method, balances, ...(intervals && { intervals }) });
  }
  const [first, ...furtherBalances] = measured;

  const curves: LossCurve[] = [];
  for (const part of plan) {
    if (part.kind !== "tune") continue;
    const lines = await linesOf(part, files);
    curves.push({ part: withoutSeed(part.id, seeds, part.seed), seed: part.seed, lines });
  }

  const result = async (file: string): Promise<PartResult> => {
    const found = await need<PartResult>(file);
    if (listOfObjects(found.answers)) return found;
    throw new InputError(`${join(folder, file)}: expected answers, found none. ${again}`);
  };
  const found = await need<{ examples: Example[] } | Example[]>("examples.json");
  const examples = Array.isArray(found) ? found : found.examples; // a list in runs of format 1
  if (!listOfObjects(examples) || !listOfObjects(examples.map(({ answers }) => answers))) {
    throw new InputError(`${join(folder, "examples.json")}: expected examples, found none. ${again}`);
  }
  for (const method of ["base", ...methods]) {
    const { answers } = await result(`${methodFolder(method, seeds, seeds[0]!)}/test.json`);
    const byTask = Map.groupBy(answers, ({ task }) => task);
    for (const example of examples) {
      const found = byTask.get(example.task)?.[example.index];
      if (found !== undefined) example.answers[method] = { answer: found.answer, score: found.score };
    }
  }
  const profile = await readProfile(files);
  const balances = first?.balances ?? [];
  const statistics = await read<Statistics>(STATISTICS_FILE) ??
    await statisticsOf(run, folder, balances, result);
  return {
    folder,
    run,
    results,
    statistics,
    balances,
    ...(first?.intervals && { intervals: first.intervals }),
    ...(furtherBalances.length > 0 && { furtherBalances }),
    ...(methods.includes(regret.id) && { regret: await need<RegretReport>(REGRET_FILE) }),
    ...(methods.includes(sensitivity.id) && {
      sensitivity: await need<SensitivityReport>(SENSITIVITY_FILE),
    }),
    curves,
    examples,
    profile,
  };
}

function listOfObjects(value: unknown): value is object[] {
  return Array.isArray(value) && value.every((one) => typeof one === "object" && one !== null);
}

/** The lines of a part's metrics, which its result vouches for. */
async function linesOf(part: TunePart, run: RunFiles): Promise<MetricsLine[]> {
  const path = join(run.folder, part.id, "metrics.jsonl");
  const bytes = await readIfThere(path);
  const told = run.runId === undefined ? undefined : await inspectRecord(run, part.file);
  const known = told?.fault === undefined ? told?.files["metrics.jsonl"] : undefined;
  if (known !== undefined && (bytes === undefined || await sha256(bytes) !== known)) {
    throw new InputError(
      `${path}: expected the lines that the part wrote, found ${bytes === undefined ? "none" : "others"}. ` +
        `Bring them back, or have the part tuned again with: deno task tune --out ${run.folder} --resume`,
    );
  }
  return bytes === undefined ? [] : parseMetrics<MetricsLine>(bytes, path);
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
  folder: string,
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
  try {
    return runStatistics({ tasks, methods, seeds, parts, weights });
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new InputError(`${folder}: expected scores as a run writes them, found others (${what})`);
  }
}
