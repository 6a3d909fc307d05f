/**
 * The options of a tuning: one definition that flags, help, checks and run.json follow.
 *
 * @module
 */

import { checkAlpha } from "../balance/cotbal/mix_weights.ts";
import { fixed as fixedMethod } from "../balance/methods/fixed.ts";
import { DEFAULT_MERGE_BUDGET, merge } from "../balance/methods/merge.ts";
import { PROBE_KINDS } from "../balance/methods/method_settings.ts";
import { DEFAULT_PROBE_SEEDS, noiseAware } from "../balance/methods/noise_aware.ts";
import { DEFAULT_METHODS, methodById } from "../balance/methods/registry.ts";
import { DEFAULT_SEARCH_BUDGET, search } from "../balance/methods/search.ts";
import { sensitivity } from "../balance/methods/sensitivity.ts";
import { InputError } from "../errors.ts";
import { checkModules, TRAINING_SETTINGS } from "../lmm/trainer/settings.ts";
import type { ResolvedOptions } from "../run/records/run_info.ts";
import { MIXTURES } from "../scenes/mixtures.ts";
import { parseSizes } from "../scenes/parse_sizes.ts";
import {
  checkSettings,
  count,
  given,
  type Kind,
  listOf,
  notNegative,
  oneOf,
  positive,
  type Settings,
  share,
  word,
} from "../settings.ts";
import { presets } from "../train/presets.ts";

/** What the user may ask of a tuning; whatever is left out gets a sensible value. */
export type TuneOptions = Partial<
  & Omit<ResolvedOptions, "data" | "validationLimit" | "testLimit" | "zeroShot">
  & {
    /** A folder of one's own in LLaVA form, or one LLaVA JSON file; the built-in scenes if left out. */
    data: string;
    /** A file with weights given by hand, such as a run's weights.json, in place of `lambda`. */
    weights: string;
    /** Questions a task in validation. */
    validationLimit: number;
    /** Questions a task in the test. */
    testLimit: number;
    /** Questions of each zero-shot task; alone it asks for those of the built-in scenes. */
    zeroShot: number;
    /** A folder of tasks that are answered and never tuned on; only their test splits are read. */
    zeroShotData: string;
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

/** Entries such as a=1, separated by commas, each name once. */
function entriesOf<T>(expected: string, value: (text: string) => T | undefined): Kind<Record<string, T>> {
  return {
    expected,
    parse(text) {
      const entries = text.split(",").map((entry): [string, T | undefined] => {
        const at = entry.lastIndexOf("=");
        return [entry.slice(0, Math.max(0, at)).trim(), value(entry.slice(at + 1))];
      });
      const known = entries.flatMap(([name, value]): [string, T][] =>
        name === "" || value === undefined ? [] : [[name, value]]
      );
      const whole = known.length === entries.length &&
        new Set(known.map(([name]) => name)).size === known.length;
      return whole ? Object.fromEntries(known) : undefined;
    },
  };
}

/** Groups of tasks; that the tasks are there is checked once the data is known. */
const groups: Kind<Record<string, string[]>> = entriesOf(
  "groups of tasks, such as questions=vqa+gqa,texts=caption+reading",
  (text) => {
    const names = text.split("+").map((name) => name.trim());
    return names.includes("") ? undefined : names;
  },
);

const fixed: Kind<Record<string, number>> = entriesOf(
  "tasks with weights above 0, such as chat=1",
  positive.parse,
);

/** Conversations by task; tasks and numbers are checked where they are read. */
const sizes: Kind<Readonly<Record<string, number>>> = {
  expected: "task=n, such as vqa=1200,chart=95",
  parse: (text) => parseSizes(text),
};

/** Weights by task; that the tasks match is checked once the data are known. */
const lambda: Kind<Readonly<Record<string, number>>> = {
  expected: "task=weight for every task, such as vqa=0.5,chart=1.5",
  parse(text) {
    const pairs = text.split(",").map((pair) => {
      const at = pair.lastIndexOf("=");
      return [pair.slice(0, Math.max(0, at)).trim(), pair.slice(at + 1).trim()] as const;
    });
    const good = pairs.every(([task, weight]) =>
      task !== "" && weight !== "" && Number.isFinite(Number(weight))
    );
    if (!good || new Set(pairs.map(([task]) => task)).size !== pairs.length) return undefined;
    return Object.fromEntries(pairs.map(([task, weight]) => [task, Number(weight)]));
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

/** More seeds than this are a slip of the fingers. */
const MOST_SEEDS = 1000;

/** Seeds, and ranges of them: 1,2,5 or 1..12 or 1..4,9. */
const seeds: Kind<number[]> = {
  expected: "different whole numbers of 0 or more, separated by commas, or ranges such as 1..12",
  parse(text) {
    const found: number[] = [];
    for (const piece of text.split(",").map((each) => each.trim()).filter((each) => each !== "")) {
      const [from, to, ...rest] = piece.split("..").map(seed.parse);
      const last = piece.includes("..") ? to : from;
      if (from === undefined || last === undefined || rest.length > 0 || last < from) return undefined;
      if (found.length + last - from >= MOST_SEEDS) return undefined;
      for (let value = from; value <= last; value++) found.push(value);
    }
    return found.length > 0 && new Set(found).size === found.length ? found : undefined;
  },
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
    kind: seeds,
    flag: ["seeds", "<numbers>"],
    help: "seeds, separated by commas, or a range such as 1..12; --resume may add some (default: 1)",
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
  lambda: {
    kind: lambda,
    flag: ["lambda", "<task=x,...>"],
    help: "weights by hand, for --methods fixed: one for every task",
  },
  weights: {
    kind: word,
    flag: ["weights", "<file>"],
    help: "the same from a file: a weights.json, whose tasks must be this run's",
  },
  groups: {
    kind: groups,
    flag: ["groups", "<name=a+b,...>"],
    help: "tasks that CoTBal balances as one: one probe, one weight (default: every task by itself)",
  },
  fixed: {
    kind: fixed,
    flag: ["fixed", "<task=weight,...>"],
    help: "tasks outside the balancing, with their weights under every method (default: none)",
  },
  probes: {
    kind: oneOf(PROBE_KINDS),
    flag: ["probes", "<kind>"],
    help: "how probes are tuned: full, continued (from the mini), third (of the passes) (default: full)",
  },
  probeSeeds: {
    kind: count,
    flag: ["probe-seeds", "<n>"],
    help:
      `how often ${noiseAware.id} tunes every probe, each time on other subsets (default: ${DEFAULT_PROBE_SEEDS})`,
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
  zeroShot: {
    kind: count,
    flag: ["zero-shot", "<n>"],
    help: "questions of each task that is answered and never tuned on: of the scenes, or of --zero-shot-data",
  },
  zeroShotData: {
    kind: word,
    flag: ["zero-shot-data", "<path>"],
    help: "a folder with tasks of your own that are answered and never tuned on: <task>_test.json and images",
  },
  maxTokens: {
    kind: count,
    flag: ["max-tokens", "<n>"],
    help: "longest conversation, in tokens (default: the preset's)",
  },
  mixture: {
    kind: oneOf(MIXTURES.map(({ name }) => name)),
    flag: ["mixture", "<name>"],
    help: `tasks and sizes of the built-in scenes: ${MIXTURES.map(({ name }) => name).join(", ")}`,
  },
  train: {
    kind: sizes,
    flag: ["train", "<task=n,...>"],
    help: "training conversations of tasks of the built-in scenes, in place of the mixture's",
  },
  control: {
    kind: given,
    flag: ["control", ""],
    help: "add the scenes' control task, whose answers are random",
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
  for (const name of ["scale", "mixture", "train", "control"] as const) {
    if (options.data !== undefined && options[name] !== undefined) {
      throw new InputError(`--${name}: expected with the built-in scenes only, found beside --data`);
    }
  }
  if (options.zeroShot !== undefined && options.data !== undefined && options.zeroShotData === undefined) {
    throw new InputError(
      "--zero-shot: expected with the built-in scenes or with --zero-shot-data, found beside --data alone; " +
        "name a folder of tasks that are not tuned on",
    );
  }
  if (options.probeSeeds !== undefined && !options.methods?.includes(noiseAware.id)) {
    throw new InputError(
      `--probe-seeds: expected with the method ${noiseAware.id}, found --methods ` +
        `${(options.methods ?? DEFAULT_METHODS).join(",")}; add ${noiseAware.id} to --methods`,
    );
  }
  for (
    const [name, alone] of [
      ["groups", [noiseAware.id]],
      ["fixed", [noiseAware.id, merge.id, sensitivity.id, search.id]],
    ] as const
  ) {
    const found = alone.find((id) => options.methods?.includes(id));
    if (options[name] === undefined || found === undefined) continue;
    throw new InputError(
      `--${name}: expected without the method ${found}, which weighs every task by itself, ` +
        "found with it; leave one of them out",
    );
  }
  for (const method of options.methods ?? []) methodById(method);
  const byHand = (["lambda", "weights"] as const).filter((name) => options[name] !== undefined);
  if (byHand.length === 2) throw new InputError("expected --lambda or --weights, found both");
  if (byHand.length === 1 && !options.methods?.includes(fixedMethod.id)) {
    throw new InputError(`--${byHand[0]}: expected with --methods ${fixedMethod.id} only, found without it`);
  }
  if (byHand.length === 0 && options.methods?.includes(fixedMethod.id)) {
    throw new InputError(
      `--methods ${fixedMethod.id}: expected task weights with it, found none; give --lambda task=x,… or --weights FILE`,
    );
  }
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
