/**
 * Noise-aware CoTBal: weights from points of several draws. Not the paper's method.
 *
 * @module
 */

import { contributionIn, contributionOut } from "../contribution.ts";
import { type Alpha, checkAlpha } from "../mix_weights.ts";
import {
  type BalanceValues,
  DEFAULT_TEMPERATURE,
  lowestTemperature,
  weightsAtTemperature,
} from "../temperature.ts";
import { spreadOverTasks, spreadWarnings, type UnitSpread } from "../spread.ts";
import { bandWarnings, valueWarnings } from "../warnings.ts";
import { DEFAULT_ALPHA, type WeightsReport } from "../weights_from_scores.ts";
import {
  bootstrapIntervals,
  type IntervalOptions,
  onlyDefined,
  type Values,
  type WeightIntervals,
} from "./intervals.ts";
import { measureWithNoise, type NoiseMeasure, unitScores } from "./measure.ts";
import type { PointTable } from "./points.ts";
import type { ProbeScores } from "./resample.ts";
import { noiseWarnings } from "./warnings.ts";

/** How to weight. */
export interface NoiseOptions {
  /** The lowest T; 0.5 (the paper's) without it or with "auto". */
  temperature?: number | "auto";
  /** The shares of the mix; the paper's without it. */
  alpha?: Alpha;
}

/** The weights' file of the noise-aware method: the paper's, and what noise did to it. */
export interface NoiseWeights extends WeightsReport {
  /** Name of a group -> its tasks, which share all values; not there where every task is balanced by itself. */
  groups?: Record<string, string[]>;
  /** V, means over all draws, in points. */
  scores: ProbeScores;
  /** Draws. */
  draws: number;
  /** Own gains, in points; a group's in those of its score. `null` where the weight is fixed. */
  ownGain: (number | null)[];
  /** Their standard errors; `null` where one question only was asked, too. */
  ownGainError: (number | null)[];
  /** C[i→j] before it was shrunk. */
  rawContribution: (number | null)[][];
  /** How much of each C[i→j] is its own, 0 to 1. */
  contributionOwn: (number | null)[][];
  /** D before it was shrunk. */
  rawDifficulty: (number | null)[];
  /** How much of each D is its own, 0 to 1. */
  difficultyOwn: (number | null)[];
}

/**
 * Task weights by what noise leaves of contributions and difficulties.
 *
 * ```
 * Ĉ, D̂ = {@link measureWithNoise}: means over draws, blank images subtracted, unclear values undefined, the rest shrunk
 * T    = max(0.5, lowest T that keeps every weight in [0.5, 2])
 * λ    = α_out·N·softmax(Ĉ_out/T) + α_in·N·softmax(−Ĉ_in/T) + α_D·N·softmax(D̂/T)
 * ```
 *
 * The paper's rule for T alone would undo the shrinking: the lowest T that keeps the band stretches *any* differences
 * over the whole band, those of pure noise too. So T is never below the paper's 0.5 (or what was set), at which equal
 * values give equal weights and small differences small ones.
 *
 * Groups share one value and one weight, multiplied as in `weightsOfGroups` so that the weights of the balanced tasks
 * sum to their number; tasks with fixed weights keep these.
 *
 * @param table The points.
 * @param options Temperature and shares.
 * @returns The weights and all that they were made from.
 * @throws {InputError} If an option cannot be used.
 *
 * @example
 * ```ts
 * import { pointTable } from "./points.ts";
 * import { noiseWeights } from "./weights.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const right = (n: number) => Array.from({ length: 50 }, (_, q) => q < n ? 100 : 0);
 * const mini = [right(10), right(20)];
 * const plus = [[right(40), right(22)], [right(12), right(40)]];
 * const { lambda } = noiseWeights(pointTable(["vqa", "chart"], [{ mini, plus }]));
 * assertEquals(lambda.map((w) => w.toFixed(2)), ["1.14", "0.86"]); // vqa is harder
 * ```
 */
export function noiseWeights(table: PointTable, options: NoiseOptions = {}): NoiseWeights {
  const alpha = { ...(options.alpha ?? DEFAULT_ALPHA) };
  checkAlpha(alpha);
  const least = typeof options.temperature === "number" ? options.temperature : DEFAULT_TEMPERATURE;
  const measured = measureWithNoise(table);
  const values: BalanceValues = {
    out: measured.contributionOut,
    in: measured.contributionIn,
    difficulty: measured.difficulty.values,
  };
  const temperature = Math.max(least, lowestTemperature(values, alpha));
  const weights = weightsAtTemperature(values, alpha, temperature);
  const names = table.units.map(({ name }) => name);
  const spread = spreadOf(table);
  const factor = spread.factor(weights.lambda);
  const noGain = new Set(
    names.flatMap((_, j) => measured.raw.some((row, i) => i !== j && row[j] === null) ? [j] : []),
  );
  return {
    tasks: [...table.tasks],
    temperature,
    alpha,
    contribution: spread.cells(measured.contribution),
    contributionOut: spread.values(measured.contributionOut),
    contributionIn: spread.values(measured.contributionIn),
    difficulty: spread.values(measured.difficulty.values),
    lambdaOut: spread.weights(weights.out, factor),
    lambdaIn: spread.weights(weights.in, factor),
    lambdaDifficulty: spread.weights(weights.difficulty, factor),
    lambda: spread.weights(weights.lambda, factor),
    warnings: [
      ...noiseWarnings(table, measured, temperature, least),
      ...valueWarnings(names, {
        contributionOut: measured.contributionOut,
        contributionIn: measured.contributionIn,
        // What is undefined is said above with its own reason; what is saturated is so before it is shrunk.
        difficulty: measured.rawDifficulty.map((d) => d ?? 0),
      }, noGain),
      ...bandWarnings(names, weights.lambda, temperature, true),
      ...spreadWarnings(table.units, weights.lambda, factor, temperature),
    ],
    ...groupsOf(table),
    scores: measured.scores,
    draws: table.draws,
    ownGain: spread.values(measured.ownGain),
    ownGainError: spread.values(measured.ownGainError.map((x) => Number.isFinite(x) ? x : null)),
    rawContribution: spread.cells(measured.raw),
    contributionOwn: spread.cells(measured.contributionOwn),
    rawDifficulty: spread.values(measured.rawDifficulty),
    difficultyOwn: spread.values(measured.difficulty.own),
  };
}

function spreadOf({ tasks, units, fixed }: PointTable): UnitSpread {
  return spreadOverTasks(tasks, units.map(({ tasks }) => tasks), fixed);
}

function groupsOf({ tasks, units }: PointTable): Pick<NoiseWeights, "groups"> {
  const groups = units.filter((unit) => unit.tasks.length > 1 || unit.name !== tasks[unit.tasks[0]!]);
  if (groups.length === 0) return {};
  return { groups: Object.fromEntries(groups.map((unit) => [unit.name, unit.tasks.map((j) => tasks[j]!)])) };
}

/**
 * Intervals of the noise-aware weights.
 *
 * ```
 * Ĉ* = Ĉ + √w · (C* − C),   D̂* = D̂ + √w · (D* − D)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | C*, D* | raw values of a replicate of the scores |
 * | w | how much of a value is its own |
 *
 * A shrunk value has the variance w·s² about the true one (Morris 1983), less than the s² of the
 * raw value and more than the w²·s² that shrinking every replicate would show. What is undefined stays so, T is held.
 *
 * @param table The points.
 * @param options Temperature and shares.
 * @param intervals Level, replicates, seed.
 * @returns The intervals.
 *
 * @example
 * ```ts
 * import { pointTable } from "./points.ts";
 * import { noiseIntervals } from "./weights.ts";
 * import { assert } from "@std/assert";
 *
 * const right = (n: number) => Array.from({ length: 50 }, (_, q) => q < n ? 100 : 0);
 * const mini = [right(10), right(20)];
 * const plus = [[right(40), right(22)], [right(12), right(40)]];
 * const [low, high] = noiseIntervals(pointTable(["vqa", "chart"], [{ mini, plus }])).lambda[0]!;
 * assert(low < 1.14 && 1.14 < high);
 * ```
 */
export function noiseIntervals(
  table: PointTable,
  options: NoiseOptions = {},
  intervals?: IntervalOptions,
): WeightIntervals {
  const measured = measureWithNoise(table);
  const point = noiseWeights(table, options);
  const { temperature, alpha } = point;
  const spread = spreadOf(table);
  const found = bootstrapIntervals(
    table,
    (scores) => {
      const values = replicate(scores, table, measured, alpha, temperature);
      return {
        contribution: spread.cells(values.contribution),
        contributionOut: spread.values(values.contributionOut),
        contributionIn: spread.values(values.contributionIn),
        difficulty: spread.values(values.difficulty),
        lambda: spread.weights(values.lambda, spread.factor(values.lambda)),
      };
    },
    intervals,
  );
  return onlyDefined(found, point);
}

/** What a replicate of the scores makes of the values, one a unit. */
function replicate(
  scores: ProbeScores,
  { units }: PointTable,
  measured: NoiseMeasure,
  alpha: Alpha,
  temperature: number,
): Values {
  const { mini, plus, blank } = unitScores(units, measured.counted, scores);
  // A group whose relative scores would divide by nothing has no values in this replicate.
  const lost = units.map(({ tasks }, u) =>
    tasks.length > 1 && measured.counted[u]!.some((j) => scores.plus[j]![j]! <= 0)
  );
  const move = (value: number | null, own: number | null, raw: number | null, found: number | null) =>
    value === null || found === null ? null : value + Math.sqrt(own!) * (found - raw!);
  const contribution = measured.raw.map((row, i) =>
    row.map((raw, j) => {
      const gain = plus[j]![j]! - mini[j]!;
      const found = raw === null || lost[j] || gain <= 0 ? null : (plus[i]![j]! - mini[j]!) / gain;
      return move(measured.contribution[i]![j]!, measured.contributionOwn[i]![j]!, raw, found);
    })
  );
  const difficulty = measured.rawDifficulty.map((raw, i) => {
    const learnt = plus[i]![i]! - (blank?.[i] ?? 0);
    const found = raw === null || lost[i] || learnt <= 0
      ? null
      : 1 - Math.max(0, mini[i]! - (blank?.[i] ?? 0)) / learnt;
    return move(measured.difficulty.values[i]!, measured.difficulty.own[i]!, raw, found);
  });
  const out = contributionOut(contribution);
  const inward = contributionIn(contribution);
  const { lambda } = weightsAtTemperature({ out, in: inward, difficulty }, alpha, temperature);
  return { contribution, contributionOut: out, contributionIn: inward, difficulty, lambda };
}
