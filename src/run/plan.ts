/**
 * The plan of a run: all its parts, what each needs and which file says that it is finished.
 *
 * The plan is data. It is made by a pure function, and carried out elsewhere, part by part: parts whose needs are
 * met may run in any order, or in other processes on the same folder.
 *
 * @module
 */

import type { Split } from "../data/types.ts";

/** Which share of a task's training samples a part is trained on. */
export type Share = "all" | "large" | "mini";

/** What all parts have. */
export interface PartBase {
  /** Its folder in the run, which is its name too. */
  id: string;
  /** The seed it belongs to. */
  seed: number;
  /** The file, relative to the run, that appears when the part is finished. */
  file: string;
  /** Files of other parts that it reads. */
  needs: string[];
}

/** Tune a copy of the base checkpoint, then score it. */
export interface TunePart extends PartBase {
  /** Tells the kinds of parts apart. */
  kind: "tune";
  /** Task -> share; a task that is not named is left out. */
  data: Record<string, Share>;
  /** All tasks weigh the same, as weights.json says, or by the step's answers (TLA). */
  weighting: "equal" | "weights" | "tla";
  /** Where the weights stand; only for `weighting: "weights"`. */
  weightsFile?: string;
  /** The split whose questions are asked. */
  split: Split;
  /** The tasks it is scored on. */
  tasks: string[];
  /** Whether the tuned model is kept, in `<id>/checkpoint`. */
  keep: boolean;
}

/** Score a model that is there already. */
export interface EvaluatePart extends PartBase {
  /** Tells the kinds of parts apart. */
  kind: "evaluate";
  /** Folder of the model relative to the run; null = the base checkpoint. */
  checkpoint: string | null;
  /** The split whose questions are asked. */
  split: Split;
  /** The tasks it is scored on. */
  tasks: string[];
  /** Every image is replaced by a blank one. */
  blank: boolean;
}

/** Scores of the probes -> validation.json and weights.json. */
export interface BalancePart extends PartBase {
  /** Tells the kinds of parts apart. */
  kind: "balance";
  /** validation.json. */
  table: string;
  /** eval.json of the untuned base. */
  base: string;
  /** eval.json of the probe `mini`. */
  mini: string;
  /** eval.json of each plus-probe, in the order of the tasks. */
  plus: string[];
}

/** Join the results of STL's single models. */
export interface JoinPart extends PartBase {
  /** Tells the kinds of parts apart. */
  kind: "join";
}

/** One part of a run. */
export type Part = TunePart | EvaluatePart | BalancePart | JoinPart;

/** What a plan depends on. */
export interface PlanOptions {
  /** Names of the tasks, in the order in which they are shown. */
  tasks: readonly string[];
  /** Names of the methods. */
  methods: readonly string[];
  /** Every seed that is run. */
  seeds: readonly number[];
}

/** The methods that can be planned. */
export const methodNames = ["ew", "cotbal", "stl", "tla"] as const;

/**
 * The folder of a seed in the run, with a trailing slash: a run with one seed needs none.
 *
 * @param seeds All seeds of the run.
 * @param seed One of them.
 * @returns "" or "seed-<n>/".
 */
export function seedFolder(seeds: readonly number[], seed: number): string {
  return seeds.length === 1 ? "" : `seed-${seed}/`;
}

/**
 * A task's name as the name of a folder: any other character than letters, digits, "-", "_" and inner dots is
 * percent-encoded, so that no name leads out of the run.
 *
 * @param task The task's name.
 * @returns The folder's name.
 */
export function taskFolder(task: string): string {
  return encodeURIComponent(task).replace(
    /^\.|[!'()*~]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * Plans a run: for every seed the N+1 probes, the weights from them, and the final tuning by each method.
 *
 * Every probe starts from the base checkpoint: `mini` on a mini subset of every task, `plus-i` on the large subset of
 * task i and the minis of all others. The probes are left out if no method wants their weights.
 *
 * @param options Tasks, methods, seeds.
 * @returns The parts, in an order in which every part follows those it needs.
 *
 * @example The parts of a run with two tasks
 * ```ts
 * import { planRun } from "./plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const parts = planRun({ tasks: ["vqa", "caption"], methods: ["ew", "cotbal"], seeds: [1] });
 * assertEquals(parts.map((part) => part.id), [
 *   "methods/base",
 *   "probes/base",
 *   "probes/mini",
 *   "probes/plus-vqa",
 *   "probes/plus-caption",
 *   "balance",
 *   "methods/ew",
 *   "methods/ew-blank",
 *   "methods/cotbal",
 * ]);
 * ```
 */
export function planRun(options: PlanOptions): Part[] {
  const tasks = [...options.tasks];
  const firstSeed = options.seeds[0] ?? 1;
  const balanced = options.methods.includes("cotbal");
  const share = (of: (task: string) => Share) => Object.fromEntries(tasks.map((task) => [task, of(task)]));
  const parts: Part[] = [];

  // The base checkpoint is the same for every seed.
  const scoreBase = (id: string, split: Split, file: string) =>
    parts.push({
      kind: "evaluate",
      id,
      seed: firstSeed,
      file,
      needs: [],
      checkpoint: null,
      split,
      tasks,
      blank: false,
    });
  scoreBase("methods/base", "test", "methods/base/test.json");
  if (balanced) scoreBase("probes/base", "val", "probes/base/eval.json");

  for (const seed of options.seeds) {
    const folder = seedFolder(options.seeds, seed);
    const weightsFile = `${folder}weights.json`;

    if (balanced) {
      const probe = (name: string, data: Record<string, Share>): string => {
        const id = `${folder}probes/${name}`;
        const file = `${id}/eval.json`;
        parts.push({
          kind: "tune",
          id,
          seed,
          file,
          needs: [],
          data,
          weighting: "equal",
          split: "val",
          tasks,
          keep: false,
        });
        return file;
      };
      const mini = probe("mini", share(() => "mini"));
      const plus = tasks.map((task) =>
        probe(`plus-${taskFolder(task)}`, share((other) => other === task ? "large" : "mini"))
      );
      const base = "probes/base/eval.json";
      parts.push({
        kind: "balance",
        id: `${folder}balance`,
        seed,
        file: weightsFile,
        needs: [base, mini, ...plus],
        table: `${folder}validation.json`,
        base,
        mini,
        plus,
      });
    }

    for (const method of options.methods) {
      const id = `${folder}methods/${method}`;
      const file = `${id}/test.json`;
      const common = { kind: "tune", seed, split: "test", weighting: "equal" } as const;
      if (method === "stl") {
        const needs = tasks.map((task) => `${id}/${taskFolder(task)}/test.json`);
        for (const [index, task] of tasks.entries()) {
          parts.push({
            ...common,
            id: `${id}/${taskFolder(task)}`,
            file: needs[index]!,
            needs: [],
            data: { [task]: "all" },
            tasks: [task],
            keep: false,
          });
        }
        parts.push({ kind: "join", id, seed, file, needs });
        continue;
      }
      const tune: TunePart = { ...common, id, file, needs: [], data: share(() => "all"), tasks, keep: true };
      if (method === "cotbal") {
        parts.push({ ...tune, weighting: "weights", weightsFile, needs: [weightsFile] });
      } else if (method === "tla") {
        parts.push({ ...tune, weighting: "tla" });
      } else {
        parts.push(tune);
        parts.push({
          kind: "evaluate",
          id: `${id}-blank`,
          seed,
          file: `${id}/blank.json`,
          needs: [file],
          checkpoint: `${id}/checkpoint`,
          split: "test",
          tasks,
          blank: true,
        });
      }
    }
  }
  return parts;
}
