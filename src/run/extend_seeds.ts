/**
 * A run that gets more seeds: what it holds stays, and what lay in the run itself moves into its seed's folder.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { METHODS } from "../balance/methods/registry.ts";
import type { WeightingMethod } from "../balance/methods/method.ts";
import { exists, readJson, removeIfThere, writeJson } from "./files.ts";
import { seedFolder } from "./folders.ts";
import { planRun } from "./plan.ts";
import { PROFILE_FILE } from "./profile_file.ts";
import type { PartResult } from "./records/part_result.ts";
import type { RunInfo } from "./records/run_info.ts";

/** Says, while it is there, that the run is being extended: the seeds that it will have. */
const MARK = "extending.json";

/** Files that speak of all seeds: they are written anew once the new ones are done. */
const OF_ALL_SEEDS = ["results.json", "statistics.json", "report.html"];

/**
 * Gives a run more seeds.
 *
 * A run with one seed keeps its parts in its own folder, a run with several in `seed-<n>/` (`docs/run_folder.md`): the
 * first one's parts are moved there, and the names of parts within their files follow, so that the folder is what it
 * would have been with all seeds from the start. Results of all seeds are removed; they come back when the run is
 * finished.
 *
 * May be killed at any moment: {@linkcode finishExtension} goes on where it stopped.
 *
 * @param folder The run's folder.
 * @param seeds All seeds it will have, those it has among them.
 * @param methods The registry that the run's methods are looked up in.
 */
export async function extendSeeds(
  folder: string,
  seeds: readonly number[],
  methods: readonly WeightingMethod[] = METHODS,
): Promise<void> {
  await writeJson(join(folder, MARK), { seeds });
  await finishExtension(folder, methods);
}

/**
 * Finishes an extension that was cut off, if there is one.
 *
 * @param folder The run's folder.
 * @param methods The registry that the run's methods are looked up in.
 */
export async function finishExtension(
  folder: string,
  methods: readonly WeightingMethod[] = METHODS,
): Promise<void> {
  const mark = await readJson<{ seeds: number[] }>(join(folder, MARK));
  if (mark === undefined) return;
  const run = await readJson<RunInfo>(join(folder, "run.json"));
  if (run !== undefined) {
    for (const file of OF_ALL_SEEDS) await removeIfThere(join(folder, file));
    // run.json is written last: as long as it names one seed, there may be something left to move.
    const [before, { seeds }] = [run.resolved.seeds, mark];
    if (before.length === 1 && seeds.length > 1) await moveParts(folder, run, seeds, methods);
    await renameBase(folder, run, seeds, methods);
    run.resolved.seeds = seeds;
    run.given = { ...run.given, seeds };
    await writeJson(join(folder, "run.json"), run);
  }
  await removeIfThere(join(folder, MARK));
}

/** Moves what the one seed's parts left into the seed's folder. Whatever has moved already is passed over. */
async function moveParts(
  folder: string,
  { resolved }: RunInfo,
  seeds: readonly number[],
  methods: readonly WeightingMethod[],
): Promise<void> {
  const into = seedFolder(seeds, resolved.seeds[0]!);
  const after = new Set(planRun({ ...resolved, seeds }, methods).map(({ id }) => id));
  const moved = planRun(resolved, methods).filter(({ id }) => after.has(into + id) && !after.has(id));
  // All names change before anything moves: a part's folder may hold the files of others.
  for (const part of moved) {
    const id = into + part.id;
    if (part.kind !== "balance" && part.kind !== "propose") {
      await rewrite(join(folder, part.file), { part: id });
    }
  }
  const profile = await readJson<{ part: string }>(join(folder, PROFILE_FILE));
  if (profile !== undefined && moved.some(({ id }) => id === profile.part)) {
    await writeJson(join(folder, PROFILE_FILE), { ...profile, part: into + profile.part });
  }
  for (const part of moved) {
    const files = [part.file];
    if (part.kind === "balance") {
      files.unshift(part.table, ...(part.intervals === undefined ? [] : [part.intervals]));
    }
    for (const path of [...files, part.id]) await move(join(folder, path), join(folder, into + path));
  }
}

/** The untuned base belongs to the first seed, whichever that is now. */
async function renameBase(
  folder: string,
  { resolved }: RunInfo,
  seeds: readonly number[],
  methods: readonly WeightingMethod[],
): Promise<void> {
  for (const part of planRun({ ...resolved, seeds }, methods)) {
    if (part.kind !== "evaluate" || part.checkpoint !== null) continue;
    await rewrite(join(folder, part.file), { part: part.id, seed: part.seed });
  }
}

/** Gives a part's file another name of its part, or another seed; does nothing where it is not there (any more). */
async function rewrite(path: string, { part, seed }: { part: string; seed?: number }): Promise<void> {
  const result = await readJson<PartResult>(path);
  if (result === undefined) return;
  const cost = { ...result.cost, part };
  const now: PartResult = { ...result, part, seed: seed ?? result.seed, cost };
  if (JSON.stringify(now) !== JSON.stringify(result)) await writeJson(path, now);
}

/** Moves a file or folder; a folder that is at its end already gets what it lacks. */
async function move(from: string, to: string): Promise<void> {
  if (!(await exists(from))) return;
  if (!(await exists(to))) {
    await Deno.mkdir(dirname(to), { recursive: true });
    return await Deno.rename(from, to);
  }
  if (!(await Deno.stat(from)).isDirectory) return await Deno.rename(from, to);
  const names: string[] = [];
  for await (const { name } of Deno.readDir(from)) names.push(name);
  for (const name of names) await move(join(from, name), join(to, name));
  await Deno.remove(from);
}
