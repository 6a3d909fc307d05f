/**
 * Carries out the study: unit after unit, some at a time, each in a process of its own.
 *
 * @module
 */

import { join } from "@std/path";
import { RunError } from "../errors.ts";
import { exists, readJson, writeWhole } from "../run/files.ts";
import { bestWeights } from "../balance/search/search.ts";
import { searchedWeights } from "./analyse.ts";
import { allUnits, type StudyUnit } from "./design.ts";
import { recordUnit, type UnitRecord } from "./unit_record.ts";

/** Where a study reads and writes. */
export interface StudyPlace {
  /** Folder of the records, which are kept. */
  records: string;
  /** Folder of the run folders, which may go once their records are there. */
  runs: string;
}

/** How a study is carried out. */
export interface StudyOptions {
  /** Units at a time. */
  jobs: number;
  /** Carries out one unit: `deno task tune` with these arguments, its output into a file. Gives its exit code. */
  tune: (args: readonly string[], log: string, signal: AbortSignal) => Promise<number>;
  /** Called when a unit begins and ends. */
  event?: (text: string) => void;
  /** Stops the study; what is under way can go on later. */
  signal: AbortSignal;
}

/**
 * The records that are there.
 *
 * @param folder Folder of the records.
 * @returns The records of units of the study, in its order.
 */
export async function readRecords(folder: string): Promise<UnitRecord[]> {
  const found: UnitRecord[] = [];
  for (const { id } of allUnits()) {
    const record = await readJson<UnitRecord>(join(folder, `${id}.json`));
    if (record !== undefined) found.push(record);
  }
  return found;
}

/**
 * Carries out every unit that has no record yet, in order. A unit that was stopped goes on where it stopped.
 *
 * @param place Where to read and write.
 * @param options How.
 * @returns How many units have no record.
 * @throws {RunError} If a unit fails: names its log.
 */
export async function runStudy(place: StudyPlace, options: StudyOptions): Promise<number> {
  const open: StudyUnit[] = [];
  for (const unit of allUnits()) if (!await exists(join(place.records, `${unit.id}.json`))) open.push(unit);
  const failed: string[] = [];
  const work = async () => {
    while (!options.signal.aborted && failed.length === 0) {
      const unit = await nextReady(open, place);
      if (unit === undefined) return;
      options.event?.(`${unit.id} begins`);
      const began = performance.now();
      const code = await carryOut(unit, place, options);
      const record = code === 0 ? await recordUnit(unit, join(place.runs, unit.id)) : undefined;
      if (record !== undefined) {
        // On one line: there are thousands of numbers in it.
        await writeWhole(join(place.records, `${unit.id}.json`), JSON.stringify(record) + "\n");
        options.event?.(`${unit.id} done in ${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
      } else if (!options.signal.aborted) failed.push(unit.id);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
  if (failed.length > 0) {
    const logs = failed.map((id) => join(place.runs, `${id}.log`)).join(", ");
    throw new RunError(`${failed.join(", ")}: expected a finished run, found a failed one; see ${logs}`);
  }
  let left = 0;
  for (const { id } of allUnits()) if (!await exists(join(place.records, `${id}.json`))) left++;
  return left;
}

/** Takes the first unit out of the list whose needs have their records. */
async function nextReady(open: StudyUnit[], { records }: StudyPlace): Promise<StudyUnit | undefined> {
  for (const unit of [...open]) {
    const there = await Promise.all(unit.needs.map((id) => exists(join(records, `${id}.json`))));
    // Another worker may have taken it while this one looked.
    const at = open.indexOf(unit);
    if (at < 0 || !there.every(Boolean)) continue;
    open.splice(at, 1);
    return unit;
  }
  return undefined;
}

async function carryOut(unit: StudyUnit, place: StudyPlace, options: StudyOptions): Promise<number> {
  const out = join(place.runs, unit.id);
  const args = [
    ...["--mixture", unit.mixture, "--seeds", unit.seeds.join(","), "--methods", unit.methods.join(",")],
    ...unit.options,
    ...(unit.methods.includes("fixed") ? ["--lambda", await lambdaOf(unit, place)] : []),
    ...["--out", out],
    ...(await exists(join(out, "run.json")) ? ["--resume"] : []),
  ];
  await Deno.mkdir(place.runs, { recursive: true });
  return await options.tune(args, join(place.runs, `${unit.id}.log`), options.signal);
}

/** The weights that the searches on the unit's mixture found, averaged, or the best of all their trials, as an option's value. */
async function lambdaOf(unit: StudyUnit, place: StudyPlace): Promise<string> {
  const records = await Promise.all(
    unit.needs.map(async (id) => (await readJson<UnitRecord>(join(place.records, `${id}.json`)))!),
  );
  const trials = records.flatMap(({ trials }) => trials ?? []);
  const lambda = trials.length > 0 ? bestWeights(trials).lambda : searchedWeights(records);
  if (lambda === null) {
    throw new RunError(`${unit.id}: expected searches in ${unit.needs.join(", ")}, found none`);
  }
  return records[0]!.tasks.map((task, t) => `${task}=${lambda[t]!.toFixed(4)}`).join(",");
}
