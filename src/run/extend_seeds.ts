/**
 * A run that gets more seeds: what it holds stays, and what lay in the run itself moves into its seed's folder.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { METHODS } from "../balance/methods/registry.ts";
import type { WeightingMethod } from "../balance/methods/method.ts";
import { exists, removeIfThere } from "./files.ts";
import { seedFolder } from "./folders.ts";
import type { Part } from "./part.ts";
import { planRun } from "./plan.ts";
import { PROFILE_FILE } from "./profile_file.ts";
import type { PartResult } from "./records/part_result.ts";
import type { ResolvedOptions, RunInfo } from "./records/run_info.ts";
import { inspectRecord, readRecord, type RunFiles, writeRecord } from "./run_files.ts";
import { readRunInfo, writeRunInfo } from "./run_info_file.ts";

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
  const run = await readRunInfo(folder);
  await writeRecord({ folder, runId: run?.id }, MARK, { seeds });
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
  if (!(await exists(join(folder, MARK)))) return;
  const run = await readRunInfo(folder);
  const files: RunFiles = { folder, runId: run?.id };
  const todo = "Remove it, and give --seeds again with --resume";
  const mark = (await readRecord<{ seeds: number[] }>(files, MARK, todo))!;
  if (run !== undefined) {
    for (const file of OF_ALL_SEEDS) await removeIfThere(join(folder, file));
    // run.json is written last: as long as it names one seed, there may be something left to move.
    const [before, { seeds }] = [run.resolved.seeds, mark];
    if (before.length === 1 && seeds.length > 1) await moveParts(files, run, seeds, methods);
    await renameBase(files, run, seeds, methods);
    run.resolved.seeds = seeds;
    run.given = { ...run.given, seeds };
    await writeRunInfo(folder, run);
  }
  await removeIfThere(join(folder, MARK));
}

/**
 * Whether an extension was cut off, and parts may lie where neither the old plan nor the new one has them.
 *
 * @param folder The run's folder.
 */
export function isExtending(folder: string): Promise<boolean> {
  return exists(join(folder, MARK));
}

/** The parts of a run of one seed that move where it gets more, and into which folder. */
function movingParts(
  resolved: ResolvedOptions,
  seeds: readonly number[],
  methods: readonly WeightingMethod[],
) {
  const into = seedFolder(seeds, resolved.seeds[0]!);
  const after = new Set(planRun({ ...resolved, seeds }, methods).map(({ id }) => id));
  const moved = planRun(resolved, methods).filter(({ id }) => after.has(into + id) && !after.has(id));
  return { into, moved };
}

/**
 * Where the files of parts lie in a run that is still to get more seeds.
 *
 * @param before The run's options.
 * @param seeds All seeds it will have.
 * @param methods The registry that the run's methods are looked up in.
 * @returns For the file of a part as it will be called: where it lies now; undefined where it is another part's still.
 */
export function placesBefore(
  before: ResolvedOptions,
  seeds: readonly number[],
  methods: readonly WeightingMethod[] = METHODS,
): (file: string) => string | undefined {
  if (before.seeds.length !== 1 || seeds.length < 2) return (file) => file;
  const { into, moved } = movingParts(before, seeds, methods);
  const now = new Map(moved.map(({ file }) => [into + file, file]));
  const taken = new Set(now.values());
  return (file) => now.get(file) ?? (taken.has(file) ? undefined : file);
}

/** Moves what the one seed's parts left into the seed's folder. Whatever has moved already is passed over. */
async function moveParts(
  files: RunFiles,
  { resolved }: RunInfo,
  seeds: readonly number[],
  methods: readonly WeightingMethod[],
): Promise<void> {
  const { folder } = files;
  const { into, moved } = movingParts(resolved, seeds, methods);
  const filesOf = (part: Part) =>
    part.kind === "balance"
      ? [part.table, ...(part.intervals === undefined ? [] : [part.intervals]), part.file]
      : [part.file];
  // All names change before anything moves: a part's folder may hold the files of others.
  for (const part of moved) {
    const scored = part.kind !== "balance" && part.kind !== "propose";
    for (const file of filesOf(part)) {
      await rename(files, file, into + file, (value) => scored ? named(value, into + part.id) : value);
    }
  }
  await rename(files, PROFILE_FILE, PROFILE_FILE, (profile) => {
    const { part } = profile as { part: string };
    return moved.some(({ id }) => id === part) ? { ...profile, part: into + part } : profile;
  });
  for (const part of moved) {
    for (const path of [...filesOf(part), part.id]) await move(join(folder, path), join(folder, into + path));
  }
}

/** The untuned base belongs to the first seed, whichever that is now. */
async function renameBase(
  files: RunFiles,
  { resolved }: RunInfo,
  seeds: readonly number[],
  methods: readonly WeightingMethod[],
): Promise<void> {
  for (const part of planRun({ ...resolved, seeds }, methods)) {
    if (part.kind !== "evaluate" || part.checkpoint !== null) continue;
    await rename(files, part.file, part.file, (value) => named(value, part.id, part.seed));
  }
}

/** A part's result under another name of its part, or with another seed. */
function named(value: object, part: string, seed?: number): object {
  const result = value as PartResult;
  return { ...result, part, seed: seed ?? result.seed, cost: { ...result.cost, part } };
}

/**
 * Gives a file the name that it will have once it has moved; does nothing where it is not there (any more), or has it
 * already. A file that is not to be believed stays as it is, for the run to find.
 */
async function rename(
  files: RunFiles,
  file: string,
  becomes: string,
  change: (value: object) => object,
): Promise<void> {
  const found = await inspectRecord<object>(files, file);
  if (found === undefined || found.fault !== undefined) return;
  const now = change(found.value);
  if (becomes === file && JSON.stringify(now) === JSON.stringify(found.value)) return;
  await writeRecord(files, file, now, { files: found.files, place: becomes, made: found.made });
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
