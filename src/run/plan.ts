/**
 * The plan of a run: all its parts, in an order in which every part follows those it needs.
 *
 * The plan is data. It is made by a pure function, and carried out elsewhere, part by part: parts whose needs are
 * met may run in any order, or in other processes on the same folder. What there is to do for a method the method
 * itself says (`src/balance/methods`).
 *
 * @module
 */

import { ew } from "../balance/methods/ew.ts";
import type { WeightingMethod } from "../balance/methods/method.ts";
import { type MethodSettings, methodSettings, PROBE_KINDS } from "../balance/methods/method_settings.ts";
import {
  isList,
  type PlanBuilder,
  type ScoreFiles,
  type TriedWeights,
  tuneOnAll,
} from "../balance/methods/plan_builder.ts";
import { methodById, METHODS } from "../balance/methods/registry.ts";
import { methodFolder, seedFolder, taskFolder } from "./folders.ts";
import { type EvaluatePart, type Part, type PlannedProbe, type TunePart, weightFiles } from "./part.ts";

/** What a plan depends on. */
export interface PlanOptions extends MethodSettings {
  /** Names of the tasks, in the order in which they are shown. */
  tasks: readonly string[];
  /** Ids of the methods. */
  methods: readonly string[];
  /** Every seed that is run. */
  seeds: readonly number[];
  /** Tasks that every kept model answers and none is tuned on, if any. */
  zeroShot?: { tasks: readonly string[] };
}

/**
 * Plans a run: the untuned base on the test split; then, for every seed, what the methods measure first (CoTBal's N+1
 * probes and the weights from them), and the final tuning by each method; last, where there are tasks that none is tuned
 * on, their questions put to every model that is kept, and to the base.
 *
 * @param options Tasks, methods, seeds, and what the user set about methods.
 * @param methods The registry that the methods are looked up in.
 * @returns The parts, in an order in which every part follows those it needs.
 * @throws {InputError} If a method is not known.
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
export function planRun(options: PlanOptions, methods: readonly WeightingMethod[] = METHODS): Part[] {
  const chosen = options.methods.map((id) => methodById(id, methods));
  const parts = new Map<string, Part>();
  for (const [i, seed] of options.seeds.entries()) {
    const plan = planBuilder(options, seed, parts);
    if (i === 0) plan.scoreBase("test");
    const weights = chosen.map((method) => method.measure?.(plan));
    for (const [k, method] of chosen.entries()) {
      if (method.models === undefined) tuneOnAll(plan, method.id, weights[k]);
      else method.models(plan, weights[k]);
    }
    for (const part of zeroShotParts(options, seed, parts)) parts.set(part.id, part);
  }
  return [...parts.values()];
}

/** The tasks that are never tuned on, put to the untuned base and to every method's model that is kept. */
function zeroShotParts(
  { methods, seeds, zeroShot }: PlanOptions,
  seed: number,
  parts: ReadonlyMap<string, Part>,
): EvaluatePart[] {
  if (zeroShot === undefined) return [];
  const asked = (id: string, needs: string[], checkpoint: string | null): EvaluatePart => ({
    kind: "evaluate",
    id: `${id}-zero-shot`,
    seed,
    file: `${id}/zero-shot.json`,
    needs,
    checkpoint,
    split: "test",
    tasks: [...zeroShot.tasks],
    blank: false,
    zeroShot: true,
  });
  const base = seed === seeds[0] ? [asked(methodFolder("base", seeds, seed), [], null)] : [];
  return [
    ...base,
    ...methods.flatMap((method) => {
      const tuned = parts.get(methodFolder(method, seeds, seed));
      return tuned?.kind === "tune" && tuned.keep
        ? [asked(tuned.id, [tuned.file], `${tuned.id}/checkpoint`)]
        : [];
    }),
  ];
}

/** Collects the parts of one seed among those of all seeds. */
function planBuilder(options: PlanOptions, seed: number, parts: Map<string, Part>): PlanBuilder {
  const tasks = [...options.tasks];
  const folder = seedFolder(options.seeds, seed);
  const add = (part: Part): string => {
    const before = parts.get(part.id);
    if (before === undefined) parts.set(part.id, part);
    else if (!mergeParts(before, part, tasks)) {
      throw new Error(`two different parts of a plan have the id ${part.id}`);
    }
    return part.file;
  };
  const builder: PlanBuilder = {
    tasks,
    seed,
    settings: methodSettings(options),
    folderOf: taskFolder,
    tune(model) {
      if (!/^(probes|methods)\/./.test(model.folder)) {
        throw new Error(`expected a folder in probes/ or methods/, found ${model.folder}`);
      }
      const id = folder + model.folder;
      const { method = ew.id, weights } = model.weighting ?? {};
      const before = model.from === undefined ? undefined : keptModel(parts, folder + model.from);
      const probes = model.withProbes && ownProbes(parts, folder, options);
      return add({
        kind: "tune",
        id,
        seed,
        file: `${id}/${model.split === "val" ? "eval" : "test"}.json`,
        needs: [
          ...weightFiles({ weighting: { weights }, sampling: model.sampling }),
          ...(before ? [before.file] : []),
          ...(probes ?? []).flatMap(({ early, file }) => early ? [file] : []),
        ],
        data: { ...model.data },
        weighting: { method, ...(weights !== undefined && { weights }) },
        ...(model.sampling !== undefined && { sampling: model.sampling }),
        split: model.split,
        tasks: [...(model.tasks ?? tasks)],
        keep: model.keep ?? false,
        ...(model.withProbes && { withProbes: probes ?? true }),
        ...(model.drawSeed !== undefined && { drawSeed: model.drawSeed }),
        ...(before && { from: before.id }),
        ...(model.passes !== undefined && { passes: model.passes }),
        ...(model.early && { early: true }),
      });
    },
    scoreBase(split) {
      // The base checkpoint is the same for every seed.
      const id = split === "val" ? "probes/base" : methodFolder("base", options.seeds, seed);
      const file = `${id}/${split === "val" ? "eval" : "test"}.json`;
      const first = options.seeds[0]!;
      return add({
        kind: "evaluate",
        id,
        seed: first,
        file,
        needs: [],
        checkpoint: null,
        split,
        tasks,
        blank: false,
      });
    },
    scoreBlank(model) {
      const { id, split, file, tasks } = keptModel(parts, folder + model);
      return add({
        kind: "evaluate",
        id: `${id}-blank`,
        seed,
        file: `${id}/blank.json`,
        needs: [file],
        checkpoint: `${id}/checkpoint`,
        split,
        tasks,
        blank: true,
      });
    },
    score({ model, folder: name, split, tasks: asked = tasks }) {
      const tuned = keptModel(parts, folder + model);
      const id = folder + name;
      return add({
        kind: "evaluate",
        id,
        seed,
        file: `${id}/${split === "val" ? "eval" : "test"}.json`,
        needs: [tuned.file],
        checkpoint: `${tuned.id}/checkpoint`,
        split,
        tasks: [...asked],
        blank: false,
      });
    },
    merge({ models, folder: name, weights, split }) {
      const tuned = models.map((model) => keptModel(parts, folder + model));
      const id = folder + name;
      return add({
        kind: "merge",
        id,
        seed,
        file: `${id}/${split === "val" ? "eval" : "test"}.json`,
        needs: [...tuned.map(({ file }) => file), ...(typeof weights === "string" ? [weights] : [])],
        models: tuned.map(({ id }) => `${id}/checkpoint`),
        weights,
        split,
        tasks,
      });
    },
    propose({ method, folder: name, tried }) {
      const id = `${folder}${name}/propose`;
      return add({
        kind: "propose",
        id,
        seed,
        file: `${folder}${name}/weights.json`,
        needs: triedFiles(tried),
        method,
        tried: [...tried],
      });
    },
    join(method, scores) {
      const id = folder + method;
      return add({ kind: "join", id, seed, file: `${id}/test.json`, needs: [...scores] });
    },
    weigh(request) {
      return add({
        kind: "balance",
        id: folder + request.folder,
        seed,
        file: folder + request.weights,
        needs: [
          ...new Set([...Object.values(request.scores).flatMap(filesOf), ...triedFiles(request.tried ?? [])]),
        ],
        method: request.method,
        table: folder + request.table,
        ...(request.intervals !== undefined && { intervals: folder + request.intervals }),
        scores: { ...request.scores },
        ...(request.tried && { tried: [...request.tried] }),
      });
    },
  };
  return builder;
}

/**
 * CoTBal's N + 1 probes as they are planned already, where they read something else than the paper's estimate says:
 * cheaper ones, or those of groups or beside fixed weights.
 */
function ownProbes(
  parts: ReadonlyMap<string, Part>,
  folder: string,
  { probes = PROBE_KINDS[0]!, groups, fixed }: MethodSettings,
): PlannedProbe[] | undefined {
  if (probes === PROBE_KINDS[0] && groups === undefined && fixed === undefined) return undefined;
  const found = [...parts.values()].flatMap((part) => {
    const own = part.id.startsWith(folder) &&
      /^probes\/(mini|plus-[^/]+)$/.test(part.id.slice(folder.length));
    return own && part.kind === "tune" ? [part] : [];
  });
  if (found.length === 0) return undefined;
  return found.map(({ id, file, seed, data, passes, early }) => ({
    ...{ id, file, seed, data },
    ...(passes !== undefined && { passes }),
    ...(early && { early }),
  }));
}

/** A part that is planned already and keeps its model. */
function keptModel(parts: ReadonlyMap<string, Part>, id: string): TunePart {
  const tuned = parts.get(id);
  if (tuned?.kind === "tune" && tuned.keep) return tuned;
  throw new Error(`expected a model that is tuned and kept in ${id}, found none`);
}

/** The files that scores of a table come from. */
function filesOf(scores: ScoreFiles): readonly string[] {
  if (typeof scores === "string") return [scores];
  return isList(scores) ? scores : Object.values(scores);
}

/** The files of weights that were tried, and of their scores. */
function triedFiles(tried: readonly TriedWeights[]): string[] {
  return tried.flatMap(({ weights, scores }) => typeof weights === "string" ? [weights, scores] : [scores]);
}

/**
 * Takes a part that is planned already for the one that is asked for, if they are the same; a model is kept if one of
 * them keeps it, and scored on the tasks that one of them wants.
 */
function mergeParts(before: Part, asked: Part, order: readonly string[]): boolean {
  if (before.kind !== "tune" || asked.kind !== "tune") {
    return JSON.stringify(before) === JSON.stringify(asked);
  }
  const keep = before.keep || asked.keep;
  const tasks = order.filter((task) => before.tasks.includes(task) || asked.tasks.includes(task));
  const alike = (part: TunePart) => JSON.stringify({ ...part, keep, tasks });
  if (alike(before) !== alike(asked)) return false;
  Object.assign(before, { keep, tasks });
  return true;
}
