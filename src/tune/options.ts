/**
 * What the user asks of a tuning, and what it comes to once presets and defaults are filled in.
 *
 * @module
 */

import type { StorageType } from "../autograd/tensor.ts";
import { InputError } from "../errors.ts";
import {
  type Alpha,
  checkAlpha,
  DEFAULT_ALPHA,
  DEFAULT_METHODS,
  DEFAULT_TEMPERATURE,
  methodById,
  methodsWithProbes,
} from "../balance/mod.ts";
import type { Dataset } from "../data/types.ts";
import { MODEL_PARTS, type ModelPart } from "../train/engine.ts";
import type { Preset } from "../train/presets.ts";
import type { ResolvedOptions } from "../run/records/run_info.ts";

/** What the user may ask of a tuning; whatever is left out gets a sensible value. */
export interface TuneOptions {
  /** "tiny" (the default), "small", "base": settings and the base checkpoint. */
  preset?: string;
  /** A folder of one's own in LLaVA form, or one LLaVA JSON file; the built-in scenes if left out. */
  data?: string;
  /** Folder of the base checkpoint; the preset's if left out. */
  checkpoint?: string;
  /** Names of the tasks, in the order in which they are shown. */
  tasks?: string[];
  /** Ids of weighting methods, of {@linkcode METHODS}. */
  methods?: string[];
  /** Every seed that is run. */
  seeds?: number[];
  /** Shares of a task's training samples in mini and large subsets, 0 to 1. */
  mini?: number;
  /** Share of a task in its large subset. */
  large?: number;
  /** T of the softmaxes. */
  temperature?: number | "auto";
  /** Shares of the three weights. */
  alpha?: Alpha;
  /** Sequences an optimiser step. */
  batch?: number;
  /** Highest learning rate. */
  learningRate?: number;
  /** Parts of the model that are not trained; the preset's if left out. A frozen tower is run once an image. */
  freeze?: ModelPart[];
  /** Factors on the learning rate of parts. */
  rates?: Partial<Record<ModelPart, number>>;
  /** How activations and frozen matrices are stored while training; "f32" if left out. */
  storage?: StorageType;
  /** Passes over the training samples. */
  epochs?: number;
  /** Optimiser steps of a final tuning, instead of `epochs`; the probes' follow in proportion. */
  steps?: number;
  /** Questions a task in validation and in test. */
  validationLimit?: number;
  /** Questions a task in the test. */
  testLimit?: number;
  /** Longest sequence, in tokens. */
  maxTokens?: number;
  /** Size of the built-in scenes; 1 = the published benchmark. */
  scale?: number;
  /** Whether the kernels of some steps are timed, for the report. Does not change what is computed. */
  profile?: boolean;
  /** How often a part's state is saved, in seconds. Does not change what is computed. */
  stateEverySeconds?: number;
}

/** Options as resolved, and what was decided on the way. */
export interface Resolution {
  /** The options after presets and defaults. */
  resolved: ResolvedOptions;
  /** One sentence for each thing that the run decided by itself. */
  notes: string[];
}

/** Fewer steps than this teach a mini probe too little to measure anything. */
const ENOUGH_STEPS = 90;

/** Passes over small data of one's own, at most: more would repeat every answer too often. */
const MOST_EPOCHS = 10;

/** A mini subset should hold at least this many samples of every task. */
const LEAST_IN_MINI = 8;

/**
 * Checks what can be checked before any file is read.
 *
 * @param options What the user asks.
 * @throws {InputError} If a value cannot be used.
 */
export function checkOptions(options: TuneOptions): void {
  const check = (flag: string, value: number | undefined, expected: string, good: (x: number) => boolean) => {
    if (value !== undefined && !good(value)) {
      throw new InputError(`--${flag}: expected ${expected}, found ${value}`);
    }
  };
  const share = (x: number) => x > 0 && x <= 1;
  const whole = (x: number) => Number.isInteger(x) && x >= 1;
  check("mini", options.mini, "a share above 0 and up to 1", share);
  check("large", options.large, "a share above 0 and up to 1", share);
  if (options.temperature !== "auto") {
    check(
      "temperature",
      options.temperature,
      'a number above 0, or "auto"',
      (x) => x > 0 && Number.isFinite(x),
    );
  }
  if (options.alpha !== undefined) checkAlpha(options.alpha);
  check("batch", options.batch, "a whole number of 1 or more", whole);
  check("lr", options.learningRate, "a number above 0", (x) => x > 0 && Number.isFinite(x));
  check("epochs", options.epochs, "a number above 0", (x) => x > 0 && Number.isFinite(x));
  check("steps", options.steps, "a whole number of 1 or more", whole);
  check("validation", options.validationLimit, "a whole number of 1 or more", whole);
  check("test", options.testLimit, "a whole number of 1 or more", whole);
  check("max-tokens", options.maxTokens, "a whole number of 1 or more", whole);
  check("scale", options.scale, "a number above 0", (x) => x > 0 && Number.isFinite(x));
  for (const seed of options.seeds ?? []) {
    check("seeds", seed, "whole numbers of 0 or more", (x) => Number.isInteger(x) && x >= 0);
  }
  if (options.seeds?.length === 0) throw new InputError("--seeds: expected at least one seed, found none");
  if (new Set(options.seeds).size !== (options.seeds?.length ?? 0)) {
    throw new InputError(`--seeds: expected different seeds, found ${options.seeds!.join(", ")}`);
  }
  checkParts(options);
  checkStorageType(options.storage);
  if (options.epochs !== undefined && options.steps !== undefined) {
    throw new InputError("expected --epochs or --steps, found both");
  }
  if (options.data !== undefined && options.scale !== undefined) {
    throw new InputError("--scale: expected with the built-in scenes only, found beside --data");
  }
  for (const method of options.methods ?? []) methodById(method);
  if (options.methods?.length === 0) throw new InputError("--methods: expected at least one, found none");
}

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
 * @returns The options, and what was decided on the way.
 * @throws {InputError} If a task is too small, or there are too few tasks to balance.
 */
export function resolveOptions(
  options: TuneOptions,
  preset: Preset,
  dataset: Dataset,
  places: { checkpoint: string; data: string | null },
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
  const probed = methodsWithProbes(methods);
  if (tasks.length < 2 && probed.length > 0) {
    if (options.methods !== undefined) {
      throw new InputError(
        `--methods ${probed[0]!.id}: expected two or more tasks to balance, found one (${tasks.join(", ")})`,
      );
    }
    methods = methods.filter((id) => methodsWithProbes([id]).length === 0);
    notes.push(`There is one task only (${tasks[0]}), so there is nothing to balance: it is tuned alone.`);
  }

  const probes = methodsWithProbes(methods).length > 0;
  const rates = probes
    ? subsetRates(options, preset, dataset, counts, notes)
    : { mini: options.mini ?? settings.mini, large: options.large ?? settings.large };

  const total = counts.reduce((a, b) => a + b, 0);
  const batch = options.batch ?? settings.batch;
  const stepsOf = (epochs: number, share: number) => Math.round(epochs * Math.ceil(share * total / batch));
  let epochs = options.steps !== undefined ? options.steps / Math.ceil(total / batch) : options.epochs ?? 1;
  if (probes && stepsOf(epochs, rates.mini) < ENOUGH_STEPS) {
    const wanted = Math.ceil(epochs * ENOUGH_STEPS / stepsOf(epochs, rates.mini));
    const chosen = options.steps === undefined && options.epochs === undefined && places.data !== null;
    if (chosen) {
      epochs = Math.min(MOST_EPOCHS, wanted);
      notes.push(`The data is small: every part makes ${epochs} passes over it (--epochs 1 for one).`);
    }
    const steps = stepsOf(epochs, rates.mini);
    if (steps < ENOUGH_STEPS) {
      notes.push(
        `The mini probe takes ${steps} steps; under ${ENOUGH_STEPS}, contributions are mostly noise. ` +
          `More data${chosen ? "" : ` or --epochs ${wanted}`} would help.`,
      );
    }
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
      batch,
      microBatch: Math.min(batch, settings.microBatch),
      learningRate: options.learningRate ?? settings.learningRate,
      warmup: settings.warmup,
      epochs,
      weightDecay: settings.weightDecay,
      clip: settings.clip,
      frozen: options.freeze ?? settings.frozen,
      rates: { ...options.rates },
      storage: options.storage ?? "f32",
      validationLimit: options.validationLimit ?? settings.validationLimit,
      testLimit: options.testLimit ?? settings.testLimit,
      maxTokens: options.maxTokens ?? settings.maxTokens,
      scale: options.scale ?? 1,
    },
  };
}

/** Checks the names of the model's parts, and that something is left to train. */
function checkParts({ freeze = [], rates = {} }: TuneOptions): void {
  for (const part of [...freeze, ...Object.keys(rates)]) {
    if (!(MODEL_PARTS as readonly string[]).includes(part)) {
      throw new InputError(`--freeze, --rates: expected parts of ${MODEL_PARTS.join(", ")}, found "${part}"`);
    }
  }
  for (const [part, rate] of Object.entries(rates)) {
    if (!(rate > 0 && Number.isFinite(rate))) {
      throw new InputError(
        `--rates: expected a factor above 0 for ${part}, found ${rate}; to keep it as it is, --freeze ${part}`,
      );
    }
  }
  if (MODEL_PARTS.every((part) => freeze.includes(part))) {
    throw new InputError("--freeze: expected at least one part that is trained, found all three frozen");
  }
}

/**
 * Checks the name of a storage type.
 *
 * @throws {InputError} If it is neither f32 nor f16.
 */
export function checkStorageType(storage: string | undefined): void {
  if (storage === undefined || storage === "f32" || storage === "f16") return;
  throw new InputError(`--storage: expected f32 or f16, found "${storage}"`);
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
 * Says how two resolutions differ: what makes a resumed run another run.
 *
 * @param before The options in run.json.
 * @param now Those of the command.
 * @returns One phrase for each difference.
 */
export function differences(before: ResolvedOptions, now: ResolvedOptions): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]) as Set<keyof ResolvedOptions>;
  const found: string[] = [];
  for (const key of keys) {
    const [a, b] = [JSON.stringify(before[key]), JSON.stringify(now[key])];
    if (a !== b) found.push(`${key} was ${a} and is now ${b}`);
  }
  return found;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
