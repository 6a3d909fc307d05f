/**
 * How far weights from cheaper probes are from those of full ones.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import type { WeightsReport } from "../cotbal/weights_from_scores.ts";
import { rankCorrelation } from "./statistics.ts";

/** What is compared of a weights.json. */
export type ComparedWeights = Pick<WeightsReport, "tasks" | "contribution" | "difficulty" | "lambda">;

/** A difference over all cells that both sides define. */
export interface CellError {
  /** Mean of |cheap − full|; null where no cell is defined by both. */
  mean: number | null;
  /** The largest of them. */
  largest: number | null;
  /** Cells that both define. */
  cells: number;
  /** Cells that one of them defines and the other does not. */
  oneSided: number;
}

/** How far cheaper probes are from full ones, over all seeds. */
export interface ProbeError {
  /** Of C[i→j]. */
  contribution: CellError;
  /** Of D[i]. */
  difficulty: CellError;
  /** Of λ[i]. */
  lambda: CellError;
  /** Spearman's rank correlation of λ, seed by seed; null where all weights of a side are equal. */
  rankCorrelation: (number | null)[];
  /** Its mean over the seeds that define it. */
  meanRankCorrelation: number | null;
  /**
   * The same between two seeds of the full probes, every pair, as a mean: what another seed alone does to the ranks. Null
   * with one seed.
   */
  fullBetweenSeeds: number | null;
  /** Rank correlation of C[i→j] between cheap and full, as a mean over seeds; of the cells that both define. */
  contributionRanks: number | null;
  /** The same of D[i]. */
  difficultyRanks: number | null;
  /** 1 − tokens of the cheap probes ÷ tokens of the full ones; null without tokens. */
  tokensSaved: number | null;
}

/**
 * Compares the weights of cheaper probes with those of full probes over the same seeds.
 *
 * ```
 * error of x = mean over seeds and cells of |x_cheap − x_full|      x: C[i→j], D[i], λ[i]
 * saved      = 1 − tokens_cheap / tokens_full
 * ```
 *
 * A cell that only one side defines has no difference: it is left out of the mean and counted. The ranks of λ between
 * two seeds of the full probes stand beside those between cheap and full: a correlation as high as theirs is all
 * that can be asked for.
 *
 * @param full The weights of full probes, one a seed.
 * @param cheap The weights of cheaper probes, of the same seeds in their order. Of tables make weights first, with
 * `weightsFromScores`, at one temperature.
 * @param tokens Training tokens of all probes of either side: `results.totals.probes.tokens`.
 * @returns The errors.
 * @throws {InputError} If there is no seed, or seeds, tasks or tokens do not fit.
 *
 * @example
 * ```ts
 * import { probeError } from "./probe_error.ts";
 * import { weightsFromScores } from "../cotbal/weights_from_scores.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const tasks = ["vqa", "chart"];
 * const full = weightsFromScores({ tasks, mini: [40, 20], plus: [[50, 26], [42, 50]] });
 * const cheap = weightsFromScores({ tasks, mini: [40, 20], plus: [[50, 23], [42, 50]] });
 * const error = probeError([full], [cheap], { full: 3e6, cheap: 1e6 });
 * assertAlmostEquals(error.contribution.mean!, 0.05); // 0.2 and 0.1 in one of two cells
 * assertEquals(error.difficulty.mean, 0);
 * assertEquals(error.rankCorrelation, [1]);
 * assertAlmostEquals(error.tokensSaved!, 2 / 3);
 * ```
 */
export function probeError(
  full: readonly ComparedWeights[],
  cheap: readonly ComparedWeights[],
  tokens?: { full: number; cheap: number },
): ProbeError {
  const [first] = full;
  if (first === undefined || cheap.length !== full.length) {
    throw new InputError(
      `expected weights of full and of cheaper probes, one a seed each, found ${full.length} and ${cheap.length}`,
    );
  }
  for (const [name, side] of [["full", full], ["cheaper", cheap]] as const) {
    side.forEach(({ tasks }, k) => {
      if (JSON.stringify(tasks) === JSON.stringify(first.tasks)) return;
      throw new InputError(
        `${name} probes, seed ${k + 1}: expected the tasks ${first.tasks.join(", ")} in that order, ` +
          `found ${tasks.join(", ")}`,
      );
    });
  }
  if (tokens !== undefined && !(tokens.full > 0 && tokens.cheap >= 0 && Number.isFinite(tokens.full))) {
    throw new InputError(
      `expected tokens above 0 for full probes and of 0 or more for cheaper ones, ` +
        `found ${tokens.full} and ${tokens.cheap}`,
    );
  }
  const error = (of: (weights: ComparedWeights) => readonly (number | null)[]) =>
    cellError(full.flatMap(of), cheap.flatMap(of));
  const ranks = full.map(({ lambda }, k) => rankCorrelation(lambda, cheap[k]!.lambda));
  const ranksOf = (of: (weights: ComparedWeights) => readonly (number | null)[]) =>
    meanOfKnown(full.map((weights, k) => ranksOfKnown(of(weights), of(cheap[k]!))));
  const pairs = full.flatMap((a, i) => full.slice(i + 1).map((b) => rankCorrelation(a.lambda, b.lambda)));
  return {
    contribution: error(({ contribution }) => contribution.flat()),
    difficulty: error(({ difficulty }) => difficulty),
    lambda: error(({ lambda }) => lambda),
    rankCorrelation: ranks,
    meanRankCorrelation: meanOfKnown(ranks),
    contributionRanks: ranksOf(({ contribution }) => contribution.flat()),
    difficultyRanks: ranksOf(({ difficulty }) => difficulty),
    fullBetweenSeeds: meanOfKnown(pairs),
    tokensSaved: tokens === undefined ? null : 1 - tokens.cheap / tokens.full,
  };
}

function cellError(full: readonly (number | null)[], cheap: readonly (number | null)[]): CellError {
  let oneSided = 0;
  const differences = full.flatMap((a, k) => {
    const b = cheap[k] ?? null;
    if ((a === null) !== (b === null)) oneSided++;
    return a === null || b === null ? [] : [Math.abs(b - a)];
  });
  return {
    mean: meanOfKnown(differences),
    largest: differences.length === 0 ? null : Math.max(...differences),
    cells: differences.length,
    oneSided,
  };
}

function meanOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((x) => x !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
}

/** Rank correlation over the cells that both define; null where fewer than two do. */
function ranksOfKnown(a: readonly (number | null)[], b: readonly (number | null)[]): number | null {
  const both = a.flatMap((x, i) =>
    x === null || b[i] === null || b[i] === undefined ? [] : [[x, b[i]!] as const]
  );
  return both.length < 2 ? null : rankCorrelation(both.map(([x]) => x), both.map(([, y]) => y));
}
