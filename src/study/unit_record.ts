/**
 * What is kept of a run of the study: a small file beside the protocol, from which the page is made. Run folders may go.
 *
 * @module
 */

import { join } from "@std/path";
import { InputError } from "../errors.ts";
import { exists, readJson } from "../run/files.ts";
import { methodFolder, seedFolder } from "../run/folders.ts";
import { readRunInfo } from "../run/run_info_file.ts";
import type { PartResult } from "../run/records/part_result.ts";
import type { Results } from "../run/records/results.ts";
import type { RegretTable } from "../balance/methods/regret.ts";
import type { TrialTable } from "../balance/search/trial.ts";
import type { StudyUnit } from "./design.ts";

/** A method with one seed. */
export interface SeedRecord {
  seed: number;
  /** The weights it was tuned with; null where they change or there are none. */
  lambda: number[] | null;
  /** Training tokens of the final tuning. */
  tokens: number;
  /** Seconds of tuning and test. */
  seconds: number;
  /** Points of every test question, task by task, in hundredths of a point: `points[task][question]`. */
  points: number[][];
}

/** Terms of the weights of a method with probes, one seed. */
export interface TermsRecord {
  method: string;
  seed: number;
  contribution: (number | null)[][];
  contributionOut: (number | null)[];
  contributionIn: (number | null)[];
  difficulty: (number | null)[];
  lambda: number[];
}

/** The record of a unit. */
export interface UnitRecord {
  /** Version of this file's form. */
  format: 1;
  unit: string;
  group: string;
  mixture: string;
  tasks: string[];
  metrics: string[];
  seeds: number[];
  /** What it ran with. */
  versions: Record<string, string>;
  /** What it ran on. */
  adapter: string;
  /** Scores without tuning, a task each: chance, majority a template, the untuned base, EW with blank images. */
  references: {
    chance: (number | null)[];
    majority: (number | null)[];
    base: number[];
    blank: number[] | null;
  };
  methods: Record<string, SeedRecord[]>;
  terms: TermsRecord[];
  /** What the searches tried, a table a seed; only in units that are run for it. */
  trials?: TrialTable[];
  /** What regret compared, a table a seed; only in units that are run for it. */
  regrets?: RegretTable[];
  /** Training tokens of the probes, by seed together. */
  probeTokens: number;
  /** Seconds of everything. */
  seconds: number;
}

/**
 * Reads a finished run into a record.
 *
 * @param unit The unit.
 * @param folder Its run folder.
 * @returns The record; undefined if the run is not finished.
 * @throws {InputError} If the run is of other methods, seeds or another mixture than the unit's.
 */
export async function recordUnit(unit: StudyUnit, folder: string): Promise<UnitRecord | undefined> {
  const results = await readJson<Results>(join(folder, "results.json"));
  const run = await readRunInfo(folder);
  if (results === undefined || run === undefined) return undefined;
  const { resolved } = run;
  const found = [resolved.mixture, resolved.methods.join(), resolved.seeds.join()];
  const expected = [unit.mixture, unit.methods.join(), unit.seeds.join()];
  if (found.join(" ") !== expected.join(" ")) {
    throw new InputError(
      `${folder}: expected the run ${expected.join(" ")}, found ${
        found.join(" ")
      }; remove the folder to run it again`,
    );
  }
  const { tasks, seeds } = results;
  const methods: UnitRecord["methods"] = {};
  for (const [id, { seeds: ofSeeds }] of Object.entries(results.methods)) {
    methods[id] = [];
    for (const { seed, lambda, tokens, seconds } of ofSeeds) {
      const file = join(folder, methodFolder(id, seeds, seed), "test.json");
      const test = (await readJson<PartResult>(file))!;
      const byTask = Map.groupBy(test.answers, ({ task }) => task);
      const points = tasks.map((task) =>
        (byTask.get(task) ?? []).map(({ score }) => Math.round(100 * score) / 100)
      );
      methods[id].push({ seed, lambda, tokens, seconds, points });
    }
  }
  const { references } = results;
  return {
    format: 1,
    unit: unit.id,
    group: unit.group,
    mixture: unit.mixture,
    tasks,
    metrics: results.metrics,
    seeds,
    versions: run.versions,
    adapter: run.sittings.at(-1)!.adapter.description,
    references: {
      chance: references.chance,
      majority: references.majorityPerTemplate.map((x, t) => x ?? references.majority[t]!),
      base: results.zeroShot,
      blank: results.blank,
    },
    methods,
    terms: await termsOf(unit, folder, seeds),
    ...(unit.group === "trials" && { trials: await tablesOf(folder, seeds, "search-trials.json") }),
    ...(unit.group === "twice" && { regrets: await tablesOf(folder, seeds, "regret-scores.json") }),
    probeTokens: results.totals.probes.tokens,
    seconds: results.totals.all.seconds,
  };
}

/** Weights files of methods with probes: CoTBal's in the seed's folder, others' in theirs or with their name. */
async function termsOf(unit: StudyUnit, folder: string, seeds: readonly number[]): Promise<TermsRecord[]> {
  const terms: TermsRecord[] = [];
  for (const method of unit.methods) {
    for (const seed of seeds) {
      const place = join(folder, seedFolder(seeds, seed));
      const files = method === "cotbal"
        ? [join(place, "weights.json")]
        : [join(place, "methods", method, "weights.json"), join(place, `weights-${method}.json`)];
      for (const file of files) {
        const weights = await exists(file)
          ? await readJson<Omit<TermsRecord, "method" | "seed">>(file)
          : undefined;
        if (weights?.contribution === undefined) continue;
        const { contribution, contributionOut, contributionIn, difficulty, lambda } = weights;
        terms.push({ method, seed, contribution, contributionOut, contributionIn, difficulty, lambda });
      }
    }
  }
  return terms;
}

/** A table that a method left, a seed each. */
async function tablesOf<T>(folder: string, seeds: readonly number[], file: string): Promise<T[]> {
  return await Promise.all(
    seeds.map(async (seed) => (await readJson<T>(join(folder, seedFolder(seeds, seed), file)))!),
  );
}
