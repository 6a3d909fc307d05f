/**
 * results.json: what the parts of a run add up to.
 *
 * @module
 */

import { compareScores } from "../../balance/compare/delta.ts";
import type { TaskWeights } from "../../balance/methods/method.ts";
import { baseMethod, findMethod, METHODS, methodsWithProbes } from "../../balance/methods/registry.ts";
import type { MetricName } from "../../data/types.ts";
import { methodFolder } from "../../run/folders.ts";
import type { Part } from "../../run/part.ts";
import type { PartResult } from "../../run/records/part_result.ts";
import type {
  MethodOfSeed,
  MethodResult,
  References,
  Results,
  Spread,
  Total,
} from "../../run/records/results.ts";
import { spreadOf } from "./spread.ts";
import { zeroShotResults } from "./zero_shot.ts";

/** Weights that a method measured with one seed. */
export interface SeedWeights {
  /** Id of the method. */
  method: string;
  seed: number;
  weights: TaskWeights;
}

/** What results are made from. */
export interface ResultsInput {
  tasks: string[];
  metrics: MetricName[];
  methods: readonly string[];
  seeds: number[];
  plan: readonly Part[];
  /** Every finished part that has scores, by its id. */
  parts: ReadonlyMap<string, PartResult>;
  /** Weights that were measured, in the order of the plan; empty if nothing was. */
  weights: readonly SeedWeights[];
  /** The constant weights of methods, by the id of the part that they tuned. */
  lambda: ReadonlyMap<string, number[]>;
  references: References;
  /** What to know before trusting the run: its notes. */
  notes: readonly string[];
  /** What the loader decided about the data: said last, as it is mostly harmless. */
  dataNotes: readonly string[];
}

/**
 * Adds up a run.
 *
 * @param input The finished parts.
 * @returns What results.json holds.
 */
export function collectResults(input: ResultsInput): Results {
  const { tasks, seeds, methods } = input;
  const compared = baseMethod(methods);
  const base = compared?.id ?? null;
  const warnings = new Set<string>();

  const result = (id: string): PartResult => {
    const found = input.parts.get(id);
    if (found === undefined) throw new Error(`the part ${id} has no result yet`);
    return found;
  };
  const scoresOf = (id: string) => tasks.map((task) => scoreOf(result(id), task).score);

  const all: Record<string, MethodResult> = {};
  for (const method of methods) {
    const ofSeeds = seeds.map((seed): MethodOfSeed => {
      const part = result(methodFolder(method, seeds, seed));
      const scores = scoresOf(part.part);
      const reference = base === null || base === method ? null : scoresOf(methodFolder(base, seeds, seed));
      const delta = reference === null ? null : compareScores(scores, reference, undefined, tasks);
      const label = seeds.length === 1 ? "" : `, seed ${seed}`;
      for (const text of delta?.warnings ?? []) warnings.add(`ΔI against ${base}${label}: ${text}`);
      return {
        seed,
        scores,
        others: tasks.map((task) => scoreOf(part, task).others),
        deltaI: delta?.deltaI ?? null,
        deltaE: delta?.deltaE ?? null,
        seconds: part.cost.trainSeconds + part.cost.evaluateSeconds,
        tokens: part.cost.tokens,
        ...(part.drawn && { drawn: part.drawn }),
        lambda: input.lambda.get(part.part) ?? null,
      };
    });
    const deltaI = spreadOf(ofSeeds.map((one) => one.deltaI));
    const deltaE = spreadOf(ofSeeds.map((one) => one.deltaE));
    const perTask = tasks.map((_, i) => spreadOf(ofSeeds.map(({ scores }) => scores[i]!))!);
    all[method] = {
      scores: perTask.map(({ mean }) => mean),
      scoresSpread: seeds.length === 1 ? null : perTask.map(({ spread }) => spread!),
      deltaI: deltaI?.mean ?? null,
      deltaISpread: deltaI?.spread ?? null,
      deltaE: deltaE?.mean ?? null,
      deltaESpread: deltaE?.spread ?? null,
      seconds: mean(ofSeeds.map(({ seconds }) => seconds)),
      tokens: mean(ofSeeds.map(({ tokens }) => tokens)),
      seeds: ofSeeds,
    };
  }

  for (const note of input.notes) warnings.add(note);
  const several = methodsWithProbes(methods).length > 1;
  for (const { method, seed, weights } of input.weights) {
    // Methods that measure weights themselves name themselves.
    const named = several && findMethod(method)?.needs === "probes";
    const of = [...(named ? [method] : []), ...(seeds.length === 1 ? [] : [`seed ${seed}`])].join(", ");
    const label = of === "" ? "" : ` (${of})`;
    for (const text of weights.warnings) warnings.add(`Weights${label}: ${text}`);
  }
  const asked = tasks.map((task) => scoreOf(result(methodFolder("base", seeds, seeds[0]!)), task).questions);
  if (seeds.length === 1) {
    warnings.add(
      "One seed only: a difference between two methods may be the seed's luck. Several (--seeds 1,2,3) show the spread.",
    );
  }

  const zeroShot = zeroShotResults(input);
  for (const text of zeroShot?.warnings ?? []) warnings.add(text);
  for (const note of input.dataNotes) warnings.add(note);

  const blanks = input.plan.flatMap((part) =>
    part.kind === "evaluate" && part.blank && part.split === "test" ? [scoresOf(part.id)] : []
  );
  const probed = methodsWithProbes(methods).map(({ id }) => id);
  const lambdaOf = (id: string | undefined): Spread[] | null => {
    const lambdas = input.weights.filter(({ method }) => method === id).map(({ weights }) => weights.lambda);
    return lambdas.length === 0 ? null : tasks.map((_, i) => spreadOf(lambdas.map((lambda) => lambda[i]!))!);
  };
  const joined = new Set(input.plan.filter(({ kind }) => kind === "join").map(({ id }) => id));
  const costs = input.plan.flatMap(({ id }) => joined.has(id) ? [] : input.parts.get(id)?.cost ?? []);
  const total = (of: (id: string) => boolean): Total => {
    const chosen = costs.filter(({ part }) => of(part));
    return {
      seconds: sum(chosen.map((cost) => cost.trainSeconds + cost.evaluateSeconds)),
      tokens: sum(chosen.map(({ tokens }) => tokens)),
    };
  };
  const isProbe = (id: string) => id.split("/").includes("probes");
  const bases = METHODS.filter(({ asBase }) => asBase !== undefined).map(({ name }) => name);
  return {
    tasks,
    metrics: input.metrics,
    seeds,
    methods: all,
    base,
    baseNote: compared?.asBase ?? `ΔI and ΔE are missing: neither ${bases.join(" nor ")} ran.`,
    references: input.references,
    zeroShot: scoresOf(methodFolder("base", seeds, seeds[0]!)),
    blank: blanks.length === 0 ? null : tasks.map((_, i) => mean(blanks.map((scores) => scores[i]!))),
    lambda: lambdaOf(probed[0]),
    ...(probed.length > 1 && {
      lambdas: Object.fromEntries(probed.map((id) => [id, lambdaOf(id)!])),
    }),
    questions: asked,
    costs,
    totals: {
      probes: total(isProbe),
      methods: total((id) => !isProbe(id)),
      all: total(() => true),
    },
    warnings: [...warnings],
    ...(zeroShot && { zeroShotTasks: zeroShot }),
  };
}

function scoreOf(result: PartResult, task: string): PartResult["scores"][number] {
  const score = result.scores.find((score) => score.task === task);
  if (score === undefined) throw new Error(`the part ${result.part} has no score of ${task}`);
  return score;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
