/**
 * The options of a tuning: one definition that flags, help, checks and run.json follow.
 *
 * @module
 */

import { ANSWERED_TOGETHER } from "../../answer/evaluate.ts";
import { DEFAULT_MERGE_BUDGET } from "../../balance/methods/merge.ts";
import { PROBE_KINDS } from "../../balance/methods/method_settings.ts";
import { DEFAULT_PROBE_SEEDS, noiseAware } from "../../balance/methods/noise_aware.ts";
import { DEFAULT_METHODS } from "../../balance/methods/registry.ts";
import { DEFAULT_SEARCH_BUDGET } from "../../balance/methods/search.ts";
import { TRAINING_SETTINGS } from "../../lmm/trainer/settings.ts";
import type { BestBy } from "../../run/best_evaluation.ts";
import type { Cadence, ResolvedOptions } from "../../run/records/run_info.ts";
import { MAX_PIXELS } from "../../data/images/image.ts";
import { MIXTURES } from "../../scenes/mixtures.ts";
import {
  count,
  given,
  listOf,
  notNegative,
  oneOf,
  positive,
  type Settings,
  share,
  word,
} from "../../settings.ts";
import { alpha, cadence, fixed, groups, lambda, mix, seeds, sizes, temperature } from "./kinds.ts";
import { presets } from "../../train/presets.ts";

/** What the user may ask of a tuning; whatever is left out gets a sensible value. */
export type TuneOptions = Partial<
  & Omit<ResolvedOptions, "data" | "validationLimit" | "testLimit" | "zeroShot" | "evaluation">
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
    /** A folder in which images are looked for before the data's own. */
    imageFolder: string;
    /** How often a final tuning looks at validation questions: steps, or a part such as "10%"; never if left out. */
    evaluateEvery: Cadence;
    /** Questions a task of such a look. */
    evaluateQuestions: number;
    /** What the best step is best by. */
    bestBy: BestBy;
    /** Looks without a better one after which a final tuning ends. */
    patience: number;
    /** Whether TensorBoard's event files are written. Does not change what is computed. */
    tensorboard: boolean;
    /** Disk that features of images may take, in gigabytes. Does not change what is computed. */
    cacheGb: number;
    /** Most work that a kill of a training may cost, in seconds. Does not change what is computed. */
    stateEverySeconds: number;
  }
>;

/** What holds of looks at validation questions where nobody says anything. */
export const DEFAULT_EVALUATION = { questions: 32, by: "score" } as const;
/** Disk that features may take if nothing else is said, in gigabytes. */
export const DEFAULT_CACHE_GB = 20;

const names = listOf(word, "different names, separated by commas");
const { frozen, rates, storage, checkpointActivations, batch, microBatch, learningRate, ...presetOnly } =
  TRAINING_SETTINGS;

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
    help: "base checkpoint, a Hugging Face folder (default: the preset's)",
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
  mix: {
    kind: mix,
    flag: ["mix", "<task=p,...>"],
    help:
      "how often each task is drawn in tunings on all tasks, in proportion; the steps stay, probes keep to the sizes (default: by the sizes)",
  },
  mixTemperature: {
    kind: positive,
    flag: ["mix-temperature", "<T>"],
    help: "the same by sizes n: p in proportion to n^(1/T), as T5 mixes; 1: by the sizes, large: all alike",
  },
  probes: {
    kind: oneOf(PROBE_KINDS),
    flag: ["probes", "<kind>"],
    help:
      "how probes are tuned: full, continued (from the mini), third (of the passes), early (until validation loss stops falling) (default: full)",
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
  checkpointActivations,
  epochs: {
    kind: positive,
    flag: ["epochs", "<n>"],
    help: "passes over the training samples (default: 1; up to 10 on small data)",
  },
  steps: { kind: count, flag: ["steps", "<n>"], help: "steps of a final tuning, in place of --epochs" },
  batch,
  microBatch,
  learningRate,
  ...presetOnly,
  validationLimit: {
    kind: count,
    flag: ["validation", "<n>"],
    help: "questions a task in validation (default: the preset's)",
  },
  evaluationBatch: {
    kind: count,
    flag: ["evaluation-batch", "<n>"],
    help: `questions answered at a time (default: ${ANSWERED_TOGETHER})`,
  },
  evaluateEvery: {
    kind: cadence,
    flag: ["evaluate-every", "<n>"],
    help:
      "steps, or a part such as 10%, after which a final tuning looks at validation questions; its best step is kept (default: never)",
  },
  evaluateQuestions: {
    kind: count,
    flag: ["evaluate-questions", "<n>"],
    help: `questions a task of each look, up to --validation (default: ${DEFAULT_EVALUATION.questions})`,
  },
  bestBy: {
    kind: oneOf(["score", "loss"]),
    flag: ["best-by", "<what>"],
    help:
      `the best step has the highest mean score or the lowest mean loss (default: ${DEFAULT_EVALUATION.by})`,
  },
  patience: {
    kind: count,
    flag: ["patience", "<n>"],
    help: "looks without a better one after which a final tuning ends (default: it goes on to its last step)",
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
  maxNewTokens: {
    kind: count,
    flag: ["max-new-tokens", "<n>"],
    help: "longest answer, in tokens (default: the longest training answer of the task, and four more)",
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
  wholePictures: {
    kind: given,
    flag: ["whole-pictures", ""],
    help: "do not cut large pictures into tiles, where the model would",
  },
  exif: {
    kind: given,
    flag: ["exif", ""],
    help: "turn pictures as their cameras say (EXIF orientation), which transformers does not",
  },
  maxPixels: {
    kind: count,
    flag: ["max-pixels", "<n>"],
    help: `the most pixels that a picture may have (default: ${MAX_PIXELS}, as many as Pillow takes)`,
  },
  imageFolder: {
    kind: word,
    flag: ["image-folder", "<path>"],
    help: "a folder in which the images of --data are looked for first",
  },
  cacheGb: {
    kind: notNegative,
    flag: ["cache-gb", "<n>"],
    help:
      `disk that features of images may take while the run goes on, in GB; the rest is computed again and again (default: ${DEFAULT_CACHE_GB})`,
  },
  skipBad: {
    kind: given,
    flag: ["skip-bad", ""],
    help:
      "go on without samples that cannot be used, and say how many of each task (default: name them and stop)",
  },
  saveDtype: {
    kind: oneOf(["f32", "base"]),
    flag: ["save-dtype", "<type>"],
    help:
      "how what was tuned is saved: f32, or base for the types of the base checkpoint (default: f32; what is frozen is saved as it was)",
  },
  profile: {
    kind: given,
    flag: ["profile", ""],
    help: "time the kernels of some steps by the adapter's clock, for the report (results stay the same)",
  },
  tensorboard: {
    kind: given,
    flag: ["tensorboard", ""],
    help: "write event files for TensorBoard: tensorboard --logdir <out> (results stay the same)",
  },
  stateEverySeconds: { kind: notNegative },
};
