/**
 * What the user asks of a tuning, and what it comes to once presets and defaults are filled in.
 *
 * @module
 */

import { DEFAULT_TEMPERATURE } from "../../balance/cotbal/temperature.ts";
import { DEFAULT_ALPHA } from "../../balance/cotbal/weights_from_scores.ts";
import { DEFAULT_MERGE_BUDGET, merge } from "../../balance/methods/merge.ts";
import { DEFAULT_PROBE_SEEDS, noiseAware } from "../../balance/methods/noise_aware.ts";
import { passesOfProbes } from "../../balance/methods/probes.ts";
import { DEFAULT_METHODS, methodById, methodsWithProbes } from "../../balance/methods/registry.ts";
import { DEFAULT_SEARCH_BUDGET, search } from "../../balance/methods/search.ts";
import type { Dataset } from "../../data/types.ts";
import { InputError } from "../../errors.ts";
import { checkMicroBatch, TRAINING_SETTINGS } from "../../lmm/trainer/settings.ts";
import type { ResolvedOptions } from "../../run/records/run_info.ts";
import { pick } from "../../settings.ts";
import { MIXTURES } from "../../scenes/mixtures.ts";
import type { Preset } from "../../train/presets.ts";
import { balanceSettings } from "./balance_settings.ts";
import { mixing } from "./mixing.ts";
import { DEFAULT_EVALUATION, type TuneOptions } from "./settings.ts";

/** Options as resolved, and what was decided on the way. */
export interface Resolution {
  /** The options after presets and defaults. */
  resolved: ResolvedOptions;
  /** One sentence for each thing that the run decided by itself. */
  notes: string[];
}

/** Fewer steps than this teach a mini probe too little to measure anything. */
export const ENOUGH_STEPS = 90;

/** Passes over small data of one's own, at most: more would repeat every answer too often. */
const MOST_EPOCHS = 10;

/** A mini subset should hold at least this many samples of every task. */
const LEAST_IN_MINI = 8;

/**
 * Fills in presets and defaults.
 *
 * A folder of one's own needs no options: the mini share rises until every task has eight samples in a mini subset,
 * and small data is passed over up to ten times, until the mini probe takes 90 steps.
 *
 * @param options What the user asks, checked by {@linkcode checkOptions}.
 * @param preset The preset.
 * @param dataset The dataset it is for.
 * @param places Folder of the base checkpoint, and of the dataset (null for the built-in scenes).
 * @param zeroShot The tasks that are answered and never tuned on, if any.
 * @returns The options, and what was decided on the way.
 * @throws {InputError} If a task is too small, or there are too few tasks to balance.
 */
export function resolveOptions(
  options: TuneOptions,
  preset: Preset,
  dataset: Dataset,
  places: { checkpoint: string; data: string | null },
  zeroShot?: Dataset,
): Resolution {
  const settings = preset.tune;
  const notes: string[] = [];
  const tasks = dataset.tasks.map(({ name }) => name);
  const counts = tasks.map((task) => dataset.samples.train.get(task)?.length ?? 0);
  for (const split of ["train", "val", "test"] as const) {
    for (const task of tasks) {
      if ((dataset.samples[split].get(task)?.length ?? 0) === 0) {
        throw new InputError(
          `task ${task}: expected samples in its ${split} split, found none. ` +
            "Add some, or leave the task out with --tasks",
        );
      }
    }
  }

  let methods = unique(options.methods ?? DEFAULT_METHODS);
  const measures = (id: string) => methodById(id).measure !== undefined;
  const measuring = methods.find(measures);
  if (tasks.length < 2 && measuring !== undefined) {
    if (options.methods !== undefined) {
      throw new InputError(
        `--methods ${measuring}: expected two or more tasks to balance, found one (${tasks.join(", ")})`,
      );
    }
    methods = methods.filter((id) => !measures(id));
    notes.push(`There is one task only (${tasks[0]}), so there is nothing to balance: it is tuned alone.`);
  }

  const balancing = balanceSettings(options, tasks, methods, notes);
  const probes = methodsWithProbes(methods).length > 0;
  const rates = probes
    ? subsetRates(options, preset, dataset, counts, notes)
    : { mini: options.mini ?? settings.mini, large: options.large ?? settings.large };

  if (balancing.probes === "continued") {
    for (const [i, task] of tasks.entries()) {
      if (Math.round(rates.large * counts[i]!) > Math.round(rates.mini * counts[i]!)) continue;
      throw new InputError(
        `--probes continued: expected samples of ${task} in its large subset that are in no mini subset, found none`,
      );
    }
  }
  const total = counts.reduce((a, b) => a + b, 0);
  const batch = options.batch ?? settings.batch;
  if (options.microBatch !== undefined) checkMicroBatch({ batch, microBatch: options.microBatch });
  const stepsOf = (epochs: number, share: number) => Math.round(epochs * Math.ceil(share * total / batch));
  let epochs = options.steps !== undefined ? options.steps / Math.ceil(total / batch) : options.epochs ?? 1;
  const stepsOfMini = (epochs: number) => stepsOf(epochs * passesOfProbes(balancing), rates.mini);
  if (probes && stepsOfMini(epochs) < ENOUGH_STEPS) {
    const wanted = Math.ceil(epochs * ENOUGH_STEPS / stepsOfMini(epochs));
    const chosen = options.steps === undefined && options.epochs === undefined && places.data !== null;
    if (chosen) {
      epochs = Math.min(MOST_EPOCHS, wanted);
      notes.push(`The data is small: every part makes ${epochs} passes over it (--epochs 1 for one).`);
    }
    const steps = stepsOfMini(epochs);
    if (steps < ENOUGH_STEPS) {
      notes.push(
        `The mini probe takes ${steps} steps; under ${ENOUGH_STEPS}, contributions are mostly noise. ` +
          `More data${chosen ? "" : ` or --epochs ${wanted}`} would help.`,
      );
    }
  }
  const steps = Math.max(1, stepsOf(epochs, 1));
  for (const id of methods) {
    const { name, equalSteps = 0 } = methodById(id);
    if (steps > equalSteps) continue;
    notes.push(
      `${name} weighs all tasks alike in this run: its weights differ after step ${equalSteps} at the earliest, and a tuning ` +
        `takes ${steps}. Take its result for another one of equal weights; more data or --epochs would help.`,
    );
  }
  if (typeof options.evaluateEvery === "number" && options.evaluateEvery >= steps) {
    notes.push(
      `A tuning takes ${steps} steps: with --evaluate-every ${options.evaluateEvery} its last step alone is looked at, ` +
        "and nothing is chosen.",
    );
  }
  return {
    notes,
    resolved: {
      preset: preset.name,
      data: places.data,
      checkpoint: places.checkpoint,
      tasks,
      methods,
      seeds: options.seeds ?? [1],
      ...rates,
      temperature: options.temperature ?? DEFAULT_TEMPERATURE,
      alpha: { ...(options.alpha ?? DEFAULT_ALPHA) },
      ...(options.lambda && { lambda: options.lambda }),
      ...balancing,
      ...mixing(options, tasks, counts, methods, notes),
      ...(methods.includes(noiseAware.id) && { probeSeeds: options.probeSeeds ?? DEFAULT_PROBE_SEEDS }),
      ...(methods.includes(search.id) && { searchBudget: options.searchBudget ?? DEFAULT_SEARCH_BUDGET }),
      ...(methods.includes(merge.id) && { mergeBudget: options.mergeBudget ?? DEFAULT_MERGE_BUDGET }),
      ...pick(TRAINING_SETTINGS, { ...settings, ...options, ...loraSettings(options) }),
      microBatch: Math.min(batch, options.microBatch ?? settings.microBatch),
      epochs,
      validationLimit: options.validationLimit ?? settings.validationLimit,
      ...(options.evaluationBatch !== undefined && { evaluationBatch: options.evaluationBatch }),
      testLimit: options.testLimit ?? settings.testLimit,
      maxTokens: options.maxTokens ?? settings.maxTokens,
      mixture: options.mixture ?? MIXTURES[0]!.name,
      control: options.control ?? false,
      train: { ...options.train },
      scale: options.scale ?? 1,
      ...(options.evaluateEvery !== undefined && {
        evaluation: {
          every: options.evaluateEvery,
          questions: options.evaluateQuestions ?? DEFAULT_EVALUATION.questions,
          by: options.bestBy ?? DEFAULT_EVALUATION.by,
          ...(options.patience !== undefined && { patience: options.patience }),
        },
      }),
      ...(options.maxNewTokens !== undefined && { maxNewTokens: options.maxNewTokens }),
      ...(options.wholePictures === true && { wholePictures: true }),
      ...(options.exif === true && { exif: true }),
      ...(options.maxPixels !== undefined && { maxPixels: options.maxPixels }),
      ...(options.skipBad === true && { skipBad: true }),
      ...(options.saveDtype === "base" && { saveDtype: "base" }),
      ...(zeroShot && { zeroShot: resolveZeroShot(options, zeroShot, tasks) }),
    },
  };
}

/** LoRA's settings with their defaults, so that a run's folder has them. */
function loraSettings(
  { loraRank, loraAlpha, loraDropout, loraScaling }: TuneOptions,
): Partial<TuneOptions> {
  if (loraRank === undefined) return {};
  return {
    loraAlpha: loraAlpha ?? 2 * loraRank,
    loraDropout: loraDropout ?? 0,
    loraScaling: loraScaling ?? "standard",
  };
}

/** The zero-shot tasks: none of them may be tuned on. */
function resolveZeroShot(
  options: TuneOptions,
  dataset: Dataset,
  tuned: readonly string[],
): NonNullable<ResolvedOptions["zeroShot"]> {
  const tasks = dataset.tasks.map(({ name }) => name);
  const both = tasks.find((task) => tuned.includes(task));
  if (both !== undefined) {
    throw new InputError(
      `--zero-shot-data: expected tasks that are not tuned on, found ${both}, which is; ` +
        "rename it, or leave it out with --tasks",
    );
  }
  return { data: options.zeroShotData ?? null, tasks, questions: options.zeroShot ?? null };
}

/** Both sampling rates: as asked, else the preset's, with mini raised for small tasks. */
function subsetRates(
  options: TuneOptions,
  preset: Preset,
  dataset: Dataset,
  counts: readonly number[],
  notes: string[],
): { mini: number; large: number } {
  const fewest = Math.min(...counts);
  const tasks = dataset.tasks.map(({ name }) => name);
  const task = tasks[counts.indexOf(fewest)]!;
  const smallest = `task ${task} with its ${fewest} training samples`;
  let mini = options.mini ?? preset.tune.mini;
  let large = options.large ?? preset.tune.large;

  if (options.mini === undefined && mini * fewest < LEAST_IN_MINI) {
    const raised = LEAST_IN_MINI / fewest;
    if (raised > 0.5) {
      const enough = tasks.filter((_, i) => counts[i]! >= 2 * LEAST_IN_MINI);
      const without = enough.length < 2 ? "" : ` ${enough.join(",")}`;
      throw new InputError(
        `${dataset.samples.train.get(task)![0]!.file}: ${smallest} is too small for its mini subset: ` +
          `expected ${2 * LEAST_IN_MINI} or more, so that ` +
          `${LEAST_IN_MINI} are in the mini and more in the large subset. ` +
          `Add samples, leave the task out (--tasks${without}), or choose --mini and --large`,
      );
    }
    mini = raised;
    notes.push(
      `The mini share was raised from 1/${Math.round(1 / preset.tune.mini)} to ${percent(mini)}, ` +
        `so that ${smallest} has ${LEAST_IN_MINI} in its mini subset.`,
    );
    if (options.large === undefined && large < 2 * mini) {
      large = Math.min(1, 2 * mini);
      notes.push(`The large share was raised to ${percent(large)}, twice the mini share.`);
    }
  }
  if (mini >= large) {
    throw new InputError(
      `--mini, --large: expected the mini share below the large one, found ${mini} and ${large}`,
    );
  }
  if (Math.round(mini * fewest) < 1) {
    throw new InputError(
      `--mini ${mini}: expected at least one sample of every task in the mini subset, but ${smallest} gets none`,
    );
  }
  return { mini, large };
}

/**
 * Says how two resolutions differ: what makes a resumed run another run. Seeds may be added, in any order: the parts
 * of a seed do not depend on other seeds.
 *
 * @param before The options in run.json.
 * @param now Those of the command.
 * @returns One phrase for each difference.
 */
export function differences(before: ResolvedOptions, now: ResolvedOptions): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]) as Set<keyof ResolvedOptions>;
  const found: string[] = [];
  for (const key of keys) {
    // More methods only add parts to the plan.
    if (key === "methods" && before.methods.every((method) => now.methods.includes(method))) continue;
    const [a, b] = [JSON.stringify(before[key]), JSON.stringify(now[key])];
    if (a === b) continue;
    if (key !== "seeds") found.push(`${key}${flagOf(key)} was ${a} and is now ${b}`);
    else if (!before.seeds.every((seed) => now.seeds.includes(seed))) {
      found.push(`seeds was ${a} and is now ${b} (seeds may be added, none may be left out)`);
    }
  }
  return found;
}

/** The option that sets what run.json has by another name. */
function flagOf(key: keyof ResolvedOptions): string {
  const flag = key in TRAINING_SETTINGS
    ? TRAINING_SETTINGS[key as keyof typeof TRAINING_SETTINGS].flag?.[0]
    : undefined;
  return flag === undefined || flag === key ? "" : ` (--${flag})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
