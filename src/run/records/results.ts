/**
 * results.json: what the parts of a run add up to.
 *
 * @module
 */

import type { AdapterFacts } from "../../gpu/gpu.ts";
import type { MetricName } from "../../data/types.ts";
import type { ChosenStep, DrawnTasks, PartCost } from "./part_result.ts";

/** results.json. */
export interface Results {
  /** Names of the tasks, in the order in which they are shown. */
  tasks: string[];
  /** How each task is scored. */
  metrics: MetricName[];
  /** Every seed that is run. */
  seeds: number[];
  /** In the order they are shown. Neither the untuned base nor the blank-image run is among them. */
  methods: Record<string, MethodResult>;
  /** The method ΔI and ΔE are taken against: "stl" if it ran, else "ew", else null. */
  base: string | null;
  /** A sentence that says so. */
  baseNote: string;
  /** Scores that need no model. */
  references: References;
  /** Test scores of the untuned base checkpoint (zero-shot), points per task. */
  zeroShot: number[];
  /** Test scores of EW with every image blank, points per task, mean over seeds; null if EW did not run. */
  blank: number[] | null;
  /** λ of CoTBal per task over seeds, or of the first method with probes; null if no probes ran. */
  lambda: Spread[] | null;
  /** λ of every method with probes, by its id; left out where there is one such method at most. */
  lambdas?: Record<string, Spread[]>;
  /** Questions a task asked in a test. */
  questions: number[];
  /** Every part with its cost, in the order of the plan. */
  costs: PartCost[];
  /** Seconds and tokens of the probes (with their validation), of the final tunings, and of all, summed over seeds. */
  totals: { probes: Total; methods: Total; all: Total };
  /** What to know before trusting the results, one sentence each. */
  warnings: string[];
  /** Scores on tasks that were never tuned on; left out where nobody asked for any. */
  zeroShotTasks?: ZeroShotResults;
  /** Where each part with a result was carried out, in the order of the plan; nothing else in this file depends on it. Not in older runs. */
  origins?: PartOrigin[];
}

/** Where a part was carried out, by the process that finished it. */
export interface PartOrigin {
  /** The part's id. */
  part: string;
  /** The name of the machine; empty where it may not be asked. */
  host: string;
  /** The process's number there. */
  process: number;
  /** What computed, and its driver, as it describes itself. */
  adapter: AdapterFacts;
  /** Version of this package, of Deno, V8, TypeScript. */
  versions: Record<string, string>;
  /** Seconds from when the process took the part until its file was written, by the clock. */
  seconds: number;
  /** Joules that the whole machine used meanwhile; null where the system does not tell. */
  joules: number | null;
}

/** Scores on tasks that no model was tuned on. */
export interface ZeroShotResults {
  /** Names of the tasks. */
  tasks: string[];
  /** How each is scored. */
  metrics: MetricName[];
  /** Questions asked of each. */
  questions: number[];
  /** Points of the untuned base. */
  base: number[];
  /** The method that ΔI_zero is taken against: "ew" if it ran. */
  against: string | null;
  /** Methods with a model of their own that was kept, in the order they are shown. */
  methods: Record<string, ZeroShotMethod>;
  /** One sentence for every score that had to be left out. */
  warnings: string[];
}

/** A method's scores on tasks that it was not tuned on (means of the seeds). */
export interface ZeroShotMethod {
  /** Points a task. */
  scores: number[];
  /** Sample standard deviation over seeds per task; null with one seed. */
  scoresSpread: number[] | null;
  /** The 95% interval of each score: the bootstrap over questions, with several seeds over these too; not in older runs. */
  intervals?: { low: number; high: number }[];
  /** ΔI_zero in per cent; null for the method it is taken against or where undefined. */
  deltaI: number | null;
  /** Sample standard deviation of ΔI_zero over seeds; null with one. */
  deltaISpread: number | null;
  /** The results of each seed. */
  seeds: { seed: number; scores: number[]; deltaI: number | null }[];
}

/** A method's results over all seeds (means of the seeds). */
export interface MethodResult {
  /** Points a task. */
  scores: number[];
  /** Sample standard deviation over seeds per task; null with one seed. */
  scoresSpread: number[] | null;
  /** ΔI in per cent. */
  deltaI: number | null;
  /** Sample standard deviation of ΔI over seeds; null with one. */
  deltaISpread: number | null;
  /** ΔE in per cent. */
  deltaE: number | null;
  /** Sample standard deviation of ΔE over seeds; null with one. */
  deltaESpread: number | null;
  /** Wall-clock seconds. */
  seconds: number;
  /** Training tokens, passes counted. */
  tokens: number;
  /** The results of each seed. */
  seeds: MethodOfSeed[];
}

/** A method's results with one seed. */
export interface MethodOfSeed {
  /** The seed. */
  seed: number;
  /** Points a task. */
  scores: number[];
  /** Points a task by other measures, by name. */
  others: Record<string, number>[];
  /** Per cent against `Results.base`; null for the base itself or where undefined (a base score of 0). */
  deltaI: number | null;
  /** ΔE in per cent. */
  deltaE: number | null;
  /** Training and test seconds, and training tokens, of the final tuning alone (probes apart). */
  seconds: number;
  /** Training tokens, passes counted. */
  tokens: number;
  /** What it read of each task; only where tasks were not drawn by their sizes. */
  drawn?: DrawnTasks;
  /** The task weights it was tuned with; null for methods whose weights change, and for STL. */
  lambda: number[] | null;
  /** The step whose model was scored, where validation chose it and the method has one model. */
  chosen?: ChosenStep;
  /** Test answers a task that did not end by themselves; not in older runs. */
  unfinished?: number[];
}

/** Scores that need no tuning, per task in points; null where the notion does not apply or is not known. */
export interface References {
  /** Names of the tasks, in the order in which they are shown. */
  tasks: string[];
  /**
   * Expected score of a blind guess. For exact-match and relaxed-match: one of the different training answers of
   * the question's template, if there are at most 100. Else: the true answer to another question of the test.
   */
  chance: (number | null)[];
  /** The same answer to every question, the best one by the training split: for exact-match the most frequent. */
  majority: number[];
  /** That answer itself, for the report. */
  majorityAnswer: string[];
  /** The same answer to all questions of a template; null if the dataset names no templates. */
  majorityPerTemplate: (number | null)[];
}

/** Mean and spread over seeds; with one seed `spread` is null. */
export interface Spread {
  /** Mean over seeds. */
  mean: number;
  /** Sample standard deviation over seeds. */
  spread: number | null;
}

/** A sum of costs. */
export interface Total {
  /** Wall-clock seconds. */
  seconds: number;
  /** Training tokens, passes counted. */
  tokens: number;
}
