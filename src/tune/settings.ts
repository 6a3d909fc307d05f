/**
 * The options of a tuning: one definition that flags, help, checks and run.json follow.
 *
 * @module
 */

import { checkAlpha } from "../balance/cotbal/mix_weights.ts";
import { DEFAULT_MERGE_BUDGET, merge } from "../balance/methods/merge.ts";
import { DEFAULT_METHODS, methodById } from "../balance/methods/registry.ts";
import { DEFAULT_SEARCH_BUDGET, search } from "../balance/methods/search.ts";
import { InputError } from "../errors.ts";
import { checkModules, TRAINING_SETTINGS } from "../lmm/trainer/settings.ts";
import type { ResolvedOptions } from "../run/records/run_info.ts";
import {
  checkSettings,
  count,
  given,
  type Kind,
  listOf,
  notNegative,
  positive,
  type Settings,
  share,
  word,
} from "../settings.ts";
import { presets } from "../train/presets.ts";

/** What the user may ask of a tuning; whatever is left out gets a sensible value. */
export type TuneOptions = Partial<
  & Omit<ResolvedOptions, "data" | "validationLimit" | "testLimit">
  & {
    /** A folder of one's own in LLaVA form, or one LLaVA JSON file; the built-in scenes if left out. */
    data: string;
    /** Questions a task in validation. */
    validationLimit: number;
    /** Questions a task in the test. */
    testLimit: number;
    /** Optimiser steps of a final tuning, instead of `epochs`; the probes' follow in proportion. */
    steps: number;
    /** Whether the kernels of some steps are timed, for the report. Does not change what is computed. */
    profile: boolean;
    /** How often a training's state is saved, in seconds. Does not change what is computed. */
    stateEverySeconds: number;
  }
>;

/** A number above 0, or "auto". */
const temperature: Kind<number | "auto"> = {
  expected: 'a number above 0, or "auto"',
  parse: (text) => text === "auto" ? text : positive.parse(text),
  good: (value) => value === "auto" || positive.good!(value),
};

/** Three shares; that they sum to 1 is checked with all other settings. */
const alpha: Kind<NonNullable<TuneOptions["alpha"]>> = {
  expected: "three shares, such as 0.25,0.25,0.5",
  parse(text) {
    const shares = text.split(",").map((part) => part.trim() === "0" ? 0 : share.parse(part));
    const [out, inward, difficulty] = shares;
    if (out === undefined || inward === undefined || difficulty === undefined) return undefined;
    return shares.length === 3 ? { out, in: inward, difficulty } : undefined;
  },
};

const seed: Kind<number> = {
  expected: "whole numbers of 0 or more",
  parse: (text) => {
    const value = Number(text);
    return text.trim() !== "" && seed.good!(value) ? value : undefined;
  },
  good: (x) => Number.isInteger(x) && x >= 0,
};

const names = listOf(word, "different names, separated by commas");
const { frozen, rates, storage, batch, learningRate, ...presetOnly } = TRAINING_SETTINGS;

/** The definition, in the order of the help. */
export const TUNE_SETTINGS: Settings<TuneOptions> = {
  data: {
    kind: word,
    flag: ["data", "<path>"],
    help: "a folder or file of your own in LLaVA form (default: the built-in scenes)",
  },
  preset: {
    kind: word,
    flag: ["preset", "<name>"],
    help: `settings and base checkpoint: ${presets.map(({ name }) => name).join(", ")} (default: "tiny")`,
  },
  checkpoint: {
    kind: word,
    flag: ["checkpoint", "<folder>"],
    help: "base checkpoint, a Hugging Face LLaVA folder (default: the preset's)",
  },
  tasks: { kind: names, flag: ["tasks", "<names>"], help: "tasks, separated by commas (default: all)" },
  methods: {
    kind: names,
    flag: ["methods", "<ids>"],
    help: `weighting methods, see below (default: ${DEFAULT_METHODS.join(",")})`,
  },
  seeds: {
    kind: listOf(seed, "different whole numbers of 0 or more, separated by commas"),
    flag: ["seeds", "<numbers>"],
    help: "seeds, separated by commas (default: 1)",
  },
  mini: {
    kind: share,
    flag: ["mini", "<share>"],
    help: "part of a task's samples in its mini subset (default: 1/8)",
  },
  large: {
    kind: share,
    flag: ["large", "<share>"],
    help: "part of a task's samples in its large subset (default: 1/2)",
  },
  temperature: {
    kind: temperature,
    flag: ["temperature", "<T>"],
    help: 'temperature of the weights, or "auto" (default: 0.5)',
  },
  alpha: {
    kind: alpha,
    flag: ["alpha", "<out,in,difficulty>"],
    help: "shares of the three weights (default: 0.25,0.25,0.5)",
  },
  searchBudget: {
    kind: count,
    flag: ["search-budget", "<n>"],
    help: `tunings of the method search (default: ${DEFAULT_SEARCH_BUDGET})`,
  },
  mergeBudget: {
    kind: count,
    flag: ["merge-budget", "<n>"],
    help: `merged models that the method merge scores (default: ${DEFAULT_MERGE_BUDGET})`,
  },
  frozen,
  rates,
  storage,
  epochs: {
    kind: positive,
    flag: ["epochs", "<n>"],
    help: "passes over the training samples (default: 1; up to 10 on small data)",
  },
  steps: { kind: count, flag: ["steps", "<n>"], help: "steps of a final tuning, in place of --epochs" },
  batch,
  learningRate,
  ...presetOnly,
  validationLimit: {
    kind: count,
    flag: ["validation", "<n>"],
    help: "questions a task in validation (default: the preset's)",
  },
  testLimit: { kind: count, flag: ["test", "<n>"], help: "questions a task in the test (default: all)" },
  maxTokens: {
    kind: count,
    flag: ["max-tokens", "<n>"],
    help: "longest conversation, in tokens (default: the preset's)",
  },
  scale: {
    kind: positive,
    flag: ["scale", "<x>"],
    help: "size of the built-in scenes: 0.1 = a tenth of the conversations",
  },
  profile: {
    kind: given,
    flag: ["profile", ""],
    help: "time the kernels of some steps by the adapter's clock, for the report (results stay the same)",
  },
  stateEverySeconds: { kind: notNegative },
};

/**
 * Checks what can be checked before any file is read.
 *
 * @param options What the user asks.
 * @throws {InputError} If a value cannot be used.
 */
export function checkOptions(options: TuneOptions): void {
  checkSettings(TUNE_SETTINGS, options);
  if (options.alpha !== undefined) checkAlpha(options.alpha);
  if (options.seeds?.length === 0) throw new InputError("--seeds: expected at least one seed, found none");
  for (const value of options.seeds ?? []) {
    if (!seed.good!(value)) throw new InputError(`--seeds: expected ${seed.expected}, found ${value}`);
  }
  if (new Set(options.seeds).size !== (options.seeds?.length ?? 0)) {
    throw new InputError(`--seeds: expected different seeds, found ${options.seeds!.join(", ")}`);
  }
  checkModules(options);
  if (options.epochs !== undefined && options.steps !== undefined) {
    throw new InputError("expected --epochs or --steps, found both");
  }
  if (options.data !== undefined && options.scale !== undefined) {
    throw new InputError("--scale: expected with the built-in scenes only, found beside --data");
  }
  for (const method of options.methods ?? []) methodById(method);
  const methods = options.methods ?? DEFAULT_METHODS;
  for (
    const [flag, method, value] of [
      ["search-budget", search.id, options.searchBudget],
      ["merge-budget", merge.id, options.mergeBudget],
    ] as const
  ) {
    if (value === undefined || methods.includes(method)) continue;
    throw new InputError(
      `--${flag}: expected with the method ${method}, found --methods ${
        methods.join(",")
      }. Add it, or leave the flag out`,
    );
  }
  if (options.methods?.length === 0) throw new InputError("--methods: expected at least one, found none");
}
