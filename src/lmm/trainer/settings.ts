/**
 * How a model is trained: the one definition that presets, options, flags, help and run.json follow.
 *
 * @module
 */

import type { StorageType } from "../../autograd/tensor.ts";
import { InputError } from "../../errors.ts";
import type { ScheduleKind } from "../../optim/schedule.ts";
import {
  count,
  given,
  type Kind,
  notNegative,
  oneOf,
  positive,
  type Settings,
  share,
  word,
} from "../../settings.ts";
import { familyOf, parseConfig } from "../families/parse_config.ts";
import { MODULE_NAMES, type ModuleName } from "../layout.ts";
import type { Lmm } from "../lmm.ts";
import { LORA } from "../../nn/lora.ts";
import { type LoraOptions, loraOptions, type LoraScaling, targetedLayers } from "../lora/lora_options.ts";

/** LoRA's settings; none without a rank. */
export interface LoraTraining {
  /** Rank of LoRA's matrices; left out where no module is trained by them. */
  loraRank?: number;
  /** LoRA's α; twice the rank if left out. */
  loraAlpha?: number;
  /** Share of a layer's inputs that is dropped on the way into A; 0 if left out. */
  loraDropout?: number;
  /** How LoRA's factor follows from α and the rank; "standard", α/rank, if left out. */
  loraScaling?: LoraScaling;
  /** Layers that LoRA adds to, as `targetedLayers` reads them; those of the language model if left out. */
  loraTargets?: string;
}

/** Settings of every training. */
export interface TrainingSettings extends LoraTraining {
  /** Sequences an optimiser step. */
  batch: number;
  /** Sequences a forward pass, the last of a step perhaps fewer; the gradients of a step's passes are added. */
  microBatch: number;
  /** Highest learning rate. */
  learningRate: number;
  /** Part of the steps over which the learning rate rises. */
  warmup: number;
  /** How the learning rate falls. */
  schedule: ScheduleKind;
  /** AdamW's decay rates of the two moments. */
  betas: readonly [number, number];
  /** AdamW's weight decay, of matrices only. */
  weightDecay: number;
  /** Largest norm of the gradient; 0 for any. */
  clip: number;
  /** Modules that are not trained. A frozen vision tower is not run: images are its features then. */
  frozen: readonly ModuleName[];
  /** Factors on the learning rate of modules; 1 for a module that is not named. */
  rates: Readonly<Partial<Record<ModuleName, number>>>;
  /**
   * How activations and the matrices of frozen modules are held. The latter is decided when the model is loaded (see
   * {@linkcode holding}): with "f16" no copy in 32 bits is on the device. Kernels compute in f32 all the same; parameters that are trained, gradients, moments and losses stay f32. Needs the adapter's `shader-f16`.
   */
  storage: StorageType;
  /**
   * Whether results within a layer are computed again in the backward pass in place of being kept: much less memory, one
   * more forward pass (a third more arithmetic; half more with LoRA, whose backward passes are shorter), the same bits. Not, if left out.
   */
  checkpointActivations?: boolean;
}

/**
 * What LoRA adds to a model that is to be trained so.
 *
 * @param settings Rank and so on.
 * @param config What config.json holds.
 * @param seed Decides how A starts, and what is dropped.
 * @returns Undefined where no rank is given.
 * @throws {InputError} If the targets name no layer of the model.
 */
export function loraOf(
  { loraRank: rank, loraAlpha, loraDropout, loraScaling, loraTargets }: LoraTraining,
  config: unknown,
  seed: number,
): LoraOptions | undefined {
  if (rank === undefined) return undefined;
  return loraOptions(
    {
      rank,
      alpha: loraAlpha ?? 2 * rank,
      dropout: loraDropout ?? 0,
      scaling: loraScaling ?? "standard",
      targets: loraTargets,
    },
    parseConfig(config),
    seed,
  );
}

/**
 * Whether the vision tower is run while a model is trained so; else images are its features, which never change.
 *
 * @param settings Which modules are frozen, and what LoRA adds to.
 * @param config What config.json holds.
 */
export function runsTower(
  { frozen, loraRank, loraTargets }: Pick<TrainingSettings, "frozen" | "loraRank" | "loraTargets">,
  config: unknown,
): boolean {
  if (!frozen.includes("vision")) return true;
  if (loraRank === undefined || loraTargets === undefined) return false;
  return modulesAddedTo({ loraRank, loraTargets }, config).includes("vision");
}

/** The modules that LoRA adds to. */
function modulesAddedTo({ loraRank, loraTargets }: LoraTraining, config: unknown): ModuleName[] {
  if (loraRank === undefined) return [];
  const parsed = parseConfig(config), { names } = familyOf(parsed);
  const layers = [...targetedLayers(parsed, loraTargets)];
  return MODULE_NAMES.filter((module) => layers.some((layer) => layer.startsWith(`${names[module]}.`)));
}

/**
 * The modules that are not trained. Beside LoRA's matrices the connector alone is trained in full, unless `--freeze none`
 * asks for more: neither the tower nor the language model is by accident, whatever the targets are.
 *
 * @param asked What was asked for.
 * @param preset What is frozen where nobody says anything.
 * @param config What config.json holds.
 * @throws {InputError} If the targets name no layer of the model.
 */
export function frozenModules(
  asked: Partial<Pick<TrainingSettings, "frozen">> & LoraTraining,
  preset: readonly ModuleName[],
  config: unknown,
): readonly ModuleName[] {
  const frozen = asked.frozen ?? preset;
  if (asked.loraRank === undefined || asked.frozen?.length === 0) return frozen;
  const left = [...frozen, ...modulesAddedTo(asked, config), "projector"];
  return [...frozen, ...MODULE_NAMES.filter((name) => !left.includes(name))];
}

/**
 * What of `--rates` changes nothing, in one sentence.
 *
 * @param settings What is trained.
 * @param config What config.json holds.
 * @returns Undefined where every rate is of a module that is trained in full.
 */
export function idleRatesNote(
  { rates, frozen, ...lora }: Pick<TrainingSettings, "rates" | "frozen"> & LoraTraining,
  config: unknown,
): string | undefined {
  const addedTo = modulesAddedTo(lora, config);
  const idle = MODULE_NAMES.filter((name) =>
    rates[name] !== undefined && (frozen.includes(name) || addedTo.includes(name))
  );
  if (idle.length === 0) return undefined;
  return `--rates ${
    idle.map((name) => `${name}=${rates[name]}`).join(",")
  } changes nothing: a rate is of a module that is ` +
    `trained in full.${addedTo.length === 0 ? "" : " LoRA's matrices are trained at --lr itself."}`;
}

/**
 * How a model is loaded that is to be trained so.
 *
 * @param settings Which modules are frozen, and how these are held.
 * @returns The modules that can be trained, and how matrices of the others are held.
 */
export function holding(
  { frozen, storage }: Pick<TrainingSettings, "frozen" | "storage">,
): { trainable: ModuleName[]; storage: StorageType } {
  return { trainable: MODULE_NAMES.filter((name) => !frozen.includes(name)), storage };
}

/**
 * What is trained of a loaded model: LoRA's matrices, where it has some, stand in for the modules that they add to.
 *
 * @param model The model.
 * @param frozen Modules that are not trained.
 * @returns Names of modules.
 */
export function trainedModules(
  { lora, addedTo }: Pick<Lmm, "lora" | "addedTo">,
  frozen: readonly ModuleName[],
): (ModuleName | typeof LORA)[] {
  const whole = MODULE_NAMES.filter((name) => !frozen.includes(name) && !addedTo.has(name));
  return [...whole, ...lora ? [LORA] as const : []];
}

/** What holds where neither a preset nor the user says anything. */
export const TRAINING_DEFAULTS = {
  warmup: 0.03,
  schedule: "cosine",
  betas: [0.9, 0.999],
  weightDecay: 0,
  clip: 1,
  frozen: [],
  rates: {},
  storage: "f32",
} as const satisfies Partial<TrainingSettings>;

const betas: Kind<readonly [number, number]> = {
  expected: "two numbers from 0 to below 1, such as 0.9,0.999",
  parse(text) {
    const [first = NaN, second = NaN, ...rest] = text.split(",").map(Number);
    return rest.length === 0 && this.good!([first, second]) ? [first, second] : undefined;
  },
  good: (values) => values.every((beta) => beta >= 0 && beta < 1),
};

const modules: Kind<readonly ModuleName[]> = {
  expected: `some of ${MODULE_NAMES.join(", ")}, separated by commas, or none`,
  // Names are checked with all other settings.
  parse: (text) => {
    const names = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
    return names.length === 0 ? undefined : (names.join() === "none" ? [] : names) as ModuleName[];
  },
};

const factors: Kind<Readonly<Partial<Record<ModuleName, number>>>> = {
  expected: "module=factor, such as vision=0.1,projector=2",
  parse(text) {
    const pairs = text.split(",").map((pair) => pair.split("=").map((side) => side.trim()));
    const good = pairs.every(([name, factor, ...rest]) =>
      name && factor && rest.length === 0 && Number.isFinite(Number(factor))
    );
    return good ? Object.fromEntries(pairs.map(([name, factor]) => [name, Number(factor)])) : undefined;
  },
};

/** The definition, in the order of the help. Settings without a flag are a preset's affair. */
export const TRAINING_SETTINGS: Settings<TrainingSettings> = {
  frozen: {
    kind: modules,
    flag: ["freeze", "<modules>"],
    help:
      "of vision, projector, language: not trained; none: all are (default: the preset's; beside --lora all but the projector)",
  },
  rates: {
    kind: factors,
    flag: ["rates", "<module=x,...>"],
    help: "factors on the learning rate of modules, such as vision=0.1",
  },
  storage: {
    kind: oneOf(["f32", "f16"]),
    flag: ["storage", "<type>"],
    help:
      "how activations and frozen matrices are stored in training: f32, or f16 where shader-f16 is (default: f32)",
  },
  checkpointActivations: {
    kind: given,
    flag: ["checkpoint-activations", ""],
    help:
      "compute a layer's results again in the backward pass, not keep them: far less memory, some more time, the same bits",
  },
  batch: {
    kind: count,
    flag: ["batch", "<n>"],
    help: "conversations a step (default: the preset's)",
  },
  microBatch: {
    kind: count,
    flag: ["micro-batch", "<n>"],
    help:
      "conversations a forward pass: less memory, gradients of a step's passes add up (default: the preset's, at most the batch)",
  },
  learningRate: {
    kind: positive,
    flag: ["lr", "<rate>"],
    help: "highest learning rate (default: the preset's)",
  },
  warmup: { kind: { ...share, expected: "a share from 0 to 1", good: (x) => x >= 0 && x <= 1 } },
  schedule: { kind: oneOf(["cosine", "linear", "constant"]) },
  betas: { kind: betas },
  weightDecay: { kind: notNegative },
  clip: { kind: notNegative },
  loraRank: {
    kind: count,
    flag: ["lora", "<rank>"],
    help:
      "train LoRA's matrices of this rank beside the language model's, which stay as they are (default: train all)",
  },
  loraAlpha: { kind: positive, flag: ["lora-alpha", "<x>"], help: "LoRA's alpha (default: twice the rank)" },
  loraDropout: {
    kind: { ...notNegative, expected: "a share from 0 to below 1", good: (x) => x >= 0 && x < 1 },
    flag: ["lora-dropout", "<share>"],
    help: "share of the inputs that is dropped on their way into LoRA's matrices (default: 0)",
  },
  loraScaling: {
    kind: oneOf(["standard", "rs"]),
    flag: ["lora-scaling", "<kind>"],
    help: "LoRA's factor: standard, alpha/rank, or rs, alpha/√rank (default: standard)",
  },
  loraTargets: {
    kind: word,
    flag: ["lora-targets", "<layers>"],
    help:
      "layers that LoRA adds to: ends of names such as q_proj,v_proj, or a regular expression for whole names (default: every linear layer of the language model)",
  },
};

const LORA_FLAGS = [
  ["loraAlpha", "--lora-alpha"],
  ["loraDropout", "--lora-dropout"],
  ["loraScaling", "--lora-scaling"],
  ["loraTargets", "--lora-targets"],
] as const;

/**
 * Checks the names of modules, and that something is left to train; LoRA's settings need a rank.
 *
 * @param settings What was asked for.
 * @throws {InputError} If a module is unknown, a factor is not above 0, or all modules are frozen.
 *
 * @example
 * ```ts
 * import { checkModules } from "./settings.ts";
 * import { assertThrows } from "@std/assert";
 *
 * checkModules({ frozen: ["vision"], rates: { projector: 2 } });
 * assertThrows(() => checkModules({ frozen: ["vision", "projector", "language"] }), Error, "all three frozen");
 * ```
 */
export function checkModules(settings: Partial<TrainingSettings>): void {
  const { frozen = [], rates = {}, loraRank } = settings;
  for (const [name, flag] of LORA_FLAGS) {
    if (loraRank !== undefined || settings[name] === undefined) continue;
    throw new InputError(`${flag}: expected with --lora <rank>, found without it`);
  }
  for (const name of [...frozen, ...Object.keys(rates)]) {
    if (!(MODULE_NAMES as readonly string[]).includes(name)) {
      throw new InputError(
        `--freeze, --rates: expected modules of ${MODULE_NAMES.join(", ")}, found "${name}"`,
      );
    }
  }
  for (const [name, rate] of Object.entries(rates)) {
    if (!(rate > 0 && Number.isFinite(rate))) {
      throw new InputError(
        `--rates: expected a factor above 0 for ${name}, found ${rate}; to keep it as it is, --freeze ${name}`,
      );
    }
  }
  if (loraRank === undefined && MODULE_NAMES.every((name) => frozen.includes(name))) {
    throw new InputError("--freeze: expected at least one module that is trained, found all three frozen");
  }
}

/**
 * Checks that a forward pass takes no more than its step.
 *
 * @param settings Sequences a step and a pass.
 * @throws {InputError} If there are more in a pass.
 */
export function checkMicroBatch({ batch, microBatch }: Pick<TrainingSettings, "batch" | "microBatch">): void {
  if (microBatch <= batch) return;
  throw new InputError(
    `--micro-batch: expected at most the ${batch} conversations of a step, found ${microBatch}; ` +
      "choose fewer, or a larger --batch",
  );
}
