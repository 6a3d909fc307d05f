/**
 * How sure contributions, difficulties and weights are, in words and tables.
 *
 * @module
 */

import type { IntervalsFile } from "../../../run/records/validation.ts";
import type { Html } from "../../kit/html.ts";
import { fixed, list, MISSING, plural } from "../../kit/numbers.ts";
import type { BalanceView } from "../../kit/section.ts";
import { table } from "../../kit/table.ts";

/**
 * An interval in words.
 *
 * @param interval The interval; null where none is known.
 * @param digits Digits after the point.
 * @returns "0.71 to 1.04", or a dash.
 */
export function between(interval: readonly [number, number] | null | undefined, digits = 2): string {
  return interval ? `${fixed(interval[0], digits)} to ${fixed(interval[1], digits)}` : MISSING;
}

/**
 * Whether contributions and difficulties were shrunk by their noise.
 *
 * @param view The run, or its weights.
 * @returns True for the noise-aware method's.
 */
export function isShrunk({ run: { balances } }: BalanceView): boolean {
  return balances.some(({ weights }) => "rawContribution" in weights);
}

/**
 * Where intervals come from.
 *
 * @param intervals The intervals.
 * @returns A few words, for captions of tables.
 */
export function origin({ level, draws }: IntervalsFile): string {
  const over = draws === 1
    ? "over the validation questions alone, not over the luck of subsets and order"
    : `over the validation questions and ${plural(draws, "draw")} of the probes`;
  return `${fixed(100 * level, 0)}% intervals, by a bootstrap ${over}`;
}

/**
 * Which weights can be told apart. Weights whose interval has no width, such as fixed ones, are left out.
 *
 * @param intervals The intervals.
 * @returns One sentence.
 */
export function distinguishable(intervals: IntervalsFile): string {
  const { tasks, lambda, heavier } = intervals;
  const free = new Set(tasks.filter((_, i) => lambda[i]![0] < lambda[i]![1]));
  const above = tasks.filter((task, i) => free.has(task) && lambda[i]![0] > 1);
  const below = tasks.filter((task, i) => free.has(task) && lambda[i]![1] < 1);
  const pairs = free.size * (free.size - 1) / 2;
  const apart = heavier.filter((pair) => pair.every((task) => free.has(task)));
  const sides = above.length + below.length === 0
    ? "no weight can be told from 1"
    : `clearly above 1: ${list(above) || "none"}; clearly below: ${list(below) || "none"}`;
  return `By ${origin(intervals)}, ${sides}; ${apart.length} of ${
    plural(pairs, "pair")
  } of weights can be told apart.${
    free.size < tasks.length ? " Weights that are fixed, or whose interval has no width, are left out." : ""
  }`;
}

/**
 * Which contributions can be told from 0.
 *
 * @param intervals The intervals.
 * @returns One sentence.
 */
export function clearContributions({ contribution }: IntervalsFile): string {
  const others = contribution.flatMap((row, i) => row.filter((_, j) => i !== j));
  const known = others.filter((each) => each !== null);
  const without = others.length - known.length;
  const help = known.filter(([low]) => low > 0).length;
  const harm = known.filter(([, high]) => high < 0).length;
  const exact = known.some(([low, high]) => low === high);
  return `By their 95% intervals ${help} clearly ${help === 1 ? "helps" : "help"}, ${harm} clearly ` +
    `${harm === 1 ? "harms" : "harm"}, ${known.length - help - harm} cannot be told from 0` +
    (without > 0 ? `; ${without} ${without === 1 ? "has" : "have"} no interval.` : ".") +
    (exact
      ? " An interval of no width says that too few answers differed, not that the value is exact."
      : "");
}

/**
 * The intervals of all contributions.
 *
 * @param intervals The intervals.
 * @returns The table.
 */
export function contributionIntervals(intervals: IntervalsFile): Html {
  const { tasks } = intervals;
  return table(
    `C[i→j]: ${origin(intervals)}`,
    ["from \\ to", ...tasks, "C out"],
    [
      ...tasks.map((task, i) => [
        task,
        ...tasks.map((_, j) => between(intervals.contribution[i]?.[j])),
        between(intervals.contributionOut[i]),
      ]),
      ["C in", ...tasks.map((_, j) => between(intervals.contributionIn[j])), ""],
      ["own gain, points", ...tasks.map((_, j) => between(intervals.ownGain[j], 1)), ""],
    ],
  );
}
