/**
 * What is written once all parts of a run are finished: weights over seeds, examples, results.
 *
 * @module
 */

import { join } from "@std/path";
import { UNFINISHED_ADVICE, unfinishedAnswers } from "../../answer/unfinished.ts";
import type { Points } from "../../balance/cotbal/noise/points.ts";
import { WEIGHT_BAND } from "../../balance/cotbal/temperature.ts";
import type { WeightsReport } from "../../balance/cotbal/weights_from_scores.ts";
import type { TaskWeights } from "../../balance/methods/method.ts";
import { methodSettings } from "../../balance/methods/method_settings.ts";
import { methodById, methodsWithProbes } from "../../balance/methods/registry.ts";
import { methodFolder, withoutSeed } from "../../run/folders.ts";
import { readMetrics } from "../../run/metrics_file.ts";
import { readRecord, RESULTS_FILE, type RunFiles, writeRecord } from "../../run/run_files.ts";
import type { BalancePart, Part } from "../../run/part.ts";
import { planRun } from "../../run/plan.ts";
import type { MetricsLine } from "../../run/records/metrics_line.ts";
import { runStatistics, STATISTICS_FILE } from "../../run/statistics.ts";
import type { PartResult } from "../../run/records/part_result.ts";
import type { Results } from "../../run/records/results.ts";
import type { RunInfo } from "../../run/records/run_info.ts";
import type { WeightsFile } from "../../run/records/validation.ts";
import type { CheckpointFiles } from "../../train/checkpoint_files.ts";
import type { TunePlace } from "../callbacks.ts";
import { readRunInfo } from "../../run/run_info_file.ts";
import { partOrigins } from "./part_origins.ts";
import { adaptersNote } from "./adapters_note.ts";
import { chooseExamples } from "../data/examples.ts";
import { readPoints } from "../parts/balance_part.ts";
import { balancerOf, sequencesOf } from "../parts/tune_part.ts";
import type { Prepared } from "../data/prepare.ts";
import { references } from "../data/references.ts";
import { collectResults, type SeedWeights } from "./collect_results.ts";

/**
 * Writes what stands above all parts.
 *
 * @param parts The results of all parts that have scores, by the part's id.
 * @param prepared The dataset made ready.
 * @param checkpoint The base checkpoint.
 * @param run run.json; it gets a note on each temperature that was chosen, and on answers that did not end.
 * @param place Where to write.
 * @returns What results.json holds.
 */
export async function finishRun(
  parts: ReadonlyMap<string, PartResult>,
  prepared: Prepared,
  checkpoint: CheckpointFiles,
  run: RunInfo,
  { out }: TunePlace,
): Promise<Results> {
  const { seeds, methods, tasks } = run.resolved;
  const plan = planRun(run.resolved);
  const files: RunFiles = { folder: out, runId: run.id };
  const weights = await weighOverSeeds(plan, run, files);
  // Where results are made again they may have been said before.
  const said = [...temperatureNotes(weights, run), ...unfinishedNotes(parts, run), ...adaptersNote(run)];
  run.notes.push(...said.filter((note) => !run.notes.includes(note)));
  const examples = await chooseExamples(prepared.questions.test, checkpoint.processor);
  await writeRecord(files, "examples.json", { examples });
  const results = collectResults({
    tasks,
    metrics: prepared.dataset.tasks.map(({ metric }) => metric),
    methods,
    seeds,
    plan,
    parts,
    weights,
    lambda: await constantLambda(plan, prepared, run, files),
    references: references(prepared.dataset, prepared.questions.test),
    notes: [
      ...run.notes.filter((note) => !run.dataset.notes.includes(note)),
      ...await alwaysEqual(plan, run, out),
    ],
    dataNotes: run.dataset.notes,
  });
  // Others may have added themselves since this process did.
  const sittings = (await readRunInfo(out))?.sittings ?? run.sittings;
  const origins = await partOrigins(plan, sittings, files);
  const statistics = runStatistics({
    tasks,
    methods,
    seeds,
    parts,
    weights: measuredWeights(weights, methods),
  });
  await writeRecord(files, STATISTICS_FILE, statistics);
  const all: Results = { ...results, ...(origins.length > 0 && { origins }) };
  await writeRecord(files, RESULTS_FILE, all);
  return all;
}

/** Those that CoTBal's probes gave. */
function measuredWeights(
  weights: readonly SeedWeights[],
  methods: readonly string[],
): { method: string; weights: Partial<WeightsFile> }[] {
  const measured = methodsWithProbes(methods)[0]?.id;
  return weights.filter(({ method }) => method === measured);
}

/** Reads the weights of every seed; where there are several, writes those from all seeds' tables together. */
async function weighOverSeeds(plan: readonly Part[], run: RunInfo, files: RunFiles): Promise<SeedWeights[]> {
  const { seeds } = run.resolved;
  const all: SeedWeights[] = [];
  const tables = new Map<string, { part: BalancePart; tables: object[]; points: Points[] }>();
  for (const part of plan) {
    if (part.kind !== "balance") continue;
    const weights = await readRecord<TaskWeights>(files, part.file);
    if (weights !== undefined) all.push({ method: part.method, seed: part.seed, weights });
    const table = await readRecord<object>(files, part.table);
    const file = withoutSeed(part.file, seeds, part.seed);
    const entry = tables.get(file) ?? { part, tables: [], points: [] };
    if (table !== undefined) entry.tables.push(table);
    if (part.intervals !== undefined && seeds.length > 1) {
      entry.points.push(await readPoints(part, files, run.resolved.tasks));
    }
    tables.set(file, entry);
  }
  for (const [file, { part, tables: ofSeeds, points }] of tables) {
    if (ofSeeds.length < 2) continue;
    const method = methodById(part.method);
    const settings = methodSettings(run.resolved);
    if (part.intervals !== undefined && method.intervals !== undefined) {
      const path = withoutSeed(part.intervals, seeds, part.seed);
      await writeRecord(files, path, method.intervals(ofSeeds, settings, points));
    }
    await writeRecord(files, file, method.weigh!(ofSeeds, settings, points));
  }
  return all;
}

/** Where T is "auto": which one each method took with each seed. */
function temperatureNotes(weights: readonly SeedWeights[], { resolved }: RunInfo): string[] {
  if (resolved.temperature !== "auto") return [];
  return weights.flatMap(({ method, seed, weights }) => {
    const { temperature } = weights as Partial<WeightsReport>;
    // Noise-aware weights say in their warnings where T was raised.
    if (temperature === undefined || "draws" in weights) return [];
    const label = resolved.seeds.length === 1 ? "" : `, seed ${seed}`;
    return `T auto: ${methodById(method).name}${label} took T = ${temperature}, the lowest that keeps every ${
      resolved.groups ? "group’s weight" : "weight"
    } ` +
      `within [${WEIGHT_BAND.join(", ")}].`;
  });
}

/** Which answers of tuned models ran into the limit, method by method; what to do about it is said once. */
function unfinishedNotes(
  parts: ReadonlyMap<string, PartResult>,
  { resolved: { methods, seeds } }: RunInfo,
): string[] {
  const said = methods.flatMap((id) =>
    seeds.flatMap((seed) => {
      const cut = unfinishedAnswers(parts.get(methodFolder(id, seeds, seed))?.scores ?? []);
      const label = seeds.length === 1 ? "" : `, seed ${seed}`;
      return cut === undefined ? [] : `${methodById(id).name}${label}: ${cut}`;
    })
  );
  return said.length === 0 ? [] : [
    `Test answers of tuned models that did not end by themselves: ${said.join("; ")}. ${UNFINISHED_ADVICE}`,
  ];
}

/** The weights of methods whose one model was tuned with constant ones, by the id of its part. */
async function constantLambda(
  plan: readonly Part[],
  prepared: Prepared,
  { resolved }: RunInfo,
  files: RunFiles,
): Promise<Map<string, number[]>> {
  const lambda = new Map<string, number[]>();
  for (const seed of resolved.seeds) {
    for (const id of resolved.methods) {
      const part = plan.find((part) => part.id === methodFolder(id, resolved.seeds, seed));
      if (part?.kind !== "tune" || !methodById(part.weighting.method).constant) continue;
      const sequences = sequencesOf(part, prepared, resolved);
      const balancer = await balancerOf(part, sequences, { ...files, options: resolved });
      lambda.set(part.id, balancer.weights(1));
    }
  }
  return lambda;
}

/** Methods whose weights may change, ran long enough, and stayed 1 in every step: their results are those of equal weights. */
async function alwaysEqual(plan: readonly Part[], { resolved }: RunInfo, folder: string): Promise<string[]> {
  const notes = new Set<string>();
  for (const id of resolved.methods) {
    const { name, constant, equalSteps = 0 } = methodById(id);
    if (constant) continue;
    for (const seed of resolved.seeds) {
      const part = plan.find((part) => part.id === methodFolder(id, resolved.seeds, seed));
      if (part?.kind !== "tune") continue;
      const lines = await readMetrics<MetricsLine>(join(folder, part.id, "metrics.jsonl"));
      const varied = lines.some(({ weights }) => weights?.some((weight) => weight !== 1) === true);
      if (lines.length <= equalSteps || varied) continue;
      const label = resolved.seeds.length === 1 ? "" : ` with seed ${seed}`;
      notes.add(
        `${name} weighed all tasks alike in each of the ${lines.length} steps${label}: some tasks were in too few of ` +
          "them. Its result is that of equal weights.",
      );
    }
  }
  return [...notes];
}
