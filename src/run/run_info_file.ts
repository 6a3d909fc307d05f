/**
 * run.json: read and written.
 *
 * @module
 */

import { join } from "@std/path";
import { PROBE_KINDS } from "../balance/methods/method_settings.ts";
import { InputError } from "../errors.ts";
import { readIfThere } from "./files.ts";
import type { ResolvedOptions, RunInfo } from "./records/run_info.ts";
import { openChecked, RUN_FILE, RUN_FORMAT, writeRecord } from "./run_files.ts";
import { sha256 } from "./sha256.ts";

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
 * @returns What it holds; undefined if there is none. Runs of older versions have no `id`: their files have no checks.
 * @throws {InputError} If it is damaged, or not of a form that this version reads.
 */
export async function readRunInfo(folder: string): Promise<RunInfo | undefined> {
  const path = join(folder, RUN_FILE);
  const bytes = await readIfThere(path);
  if (bytes === undefined) return undefined;
  const { value, check, fault } = await openChecked(bytes);
  const refuse = (found: string, todo: string) =>
    new InputError(`${path}: expected a run of format ${RUN_FORMAT}, found ${found}. ${todo}`);
  const back = "Bring the file back, or start another run with another --out";
  if (fault !== undefined) throw refuse(fault, back);
  const run = value as Partial<RunInfo> | null;
  if (run?.format !== RUN_FORMAT && run?.format !== 1) {
    const found = run?.format === undefined ? "another file" : `format ${JSON.stringify(run.format)}`;
    throw refuse(found, "Another version wrote it: use that one, or start a new run");
  }
  if (run.format === RUN_FORMAT && (check === undefined || check.run !== run.id || check.file !== RUN_FILE)) {
    throw refuse("one without the check that belongs to it", back);
  }
  const missing = whatMisses(run);
  if (missing !== undefined) throw refuse(`one without ${missing}`, back);
  if (run.format === RUN_FORMAT) return run as RunInfo;
  const { freeze, ...given } = run.given ?? {};
  return {
    ...run,
    given: freeze === undefined ? given : { ...given, frozen: freeze }, // its name in older runs
    resolved: { ...BEFORE_SETTINGS, ...run.resolved },
  } as RunInfo;
}

/** More of anything than this no run has. */
const MOST = 10_000;

/** What is not there that a plan is made from. */
function whatMisses({ resolved }: Partial<RunInfo>): string | undefined {
  if (!isObject(resolved)) return "resolved options";
  const { tasks, methods, seeds, groups = {}, fixed = {}, probes = "full", zeroShot } = resolved;
  const texts = (list: unknown) =>
    Array.isArray(list) && list.length <= MOST && list.every((x) => typeof x === "string");
  if (!texts(tasks) || !texts(methods)) return "names of tasks and methods";
  if (!Array.isArray(seeds) || seeds.length === 0 || seeds.length > MOST) return "seeds";
  if (!seeds.every((x) => Number.isSafeInteger(x) && x >= 0)) return "seeds";
  if (!isObject(groups) || !Object.values(groups).every(texts)) return "groups of tasks";
  if (!isObject(fixed) || !Object.values(fixed).every(Number.isFinite)) return "fixed weights";
  if (!PROBE_KINDS.includes(probes)) return "a kind of probes";
  if (zeroShot !== undefined && !(isObject(zeroShot) && texts(zeroShot.tasks))) return "zero-shot tasks";
  for (const name of ["probeSeeds", "searchBudget", "mergeBudget"] as const) {
    const { [name]: count = 1 } = resolved;
    if (!Number.isInteger(count) || count < 1 || count > MOST) return `a number of ${name}`;
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Writes run.json.
 *
 * @param folder The run's folder.
 * @param run What it holds.
 */
export async function writeRunInfo(folder: string, run: RunInfo): Promise<void> {
  await writeRecord({ folder, runId: run.id }, RUN_FILE, run);
}

/**
 * The id of a run that begins: the same for the same options, data and base, wherever they lie, so that equal runs leave
 * equal files. It stays when seeds are added.
 *
 * @param run What is run, on what.
 * @returns 16 hexadecimal digits.
 */
export async function runIdOf(
  { resolved, dataset, zeroShot, model }: Pick<RunInfo, "resolved" | "dataset" | "zeroShot" | "model">,
): Promise<string> {
  const { data: _, checkpoint: __, seeds: ___, ...options } = resolved;
  const prints = [dataset, zeroShot, model].map((one) => one?.fingerprint ?? null);
  const pictures = [dataset, zeroShot].map((one) => one?.pictures ?? null);
  return (await sha256(JSON.stringify([options, prints, pictures]))).slice(0, 16);
}
