// deno-lint-ignore-file no-console -- the figures are what these tests are for

import { assert } from "@std/assert";
import { difficulties } from "../../../../src/balance/cotbal/difficulty.ts";
import { weightsOfGroups } from "../../../../src/balance/cotbal/groups.ts";
import {
  type IntervalOptions,
  paperIntervals,
  paperValues,
  type Values,
  type WeightIntervals,
} from "../../../../src/balance/cotbal/noise/intervals.ts";
import type { PointTable } from "../../../../src/balance/cotbal/noise/points.ts";
import { meanScores } from "../../../../src/balance/cotbal/noise/resample.ts";
import { noiseIntervals, noiseWeights } from "../../../../src/balance/cotbal/noise/weights.ts";
import { weightsAtTemperature } from "../../../../src/balance/cotbal/temperature.ts";
import { DEFAULT_ALPHA } from "../../../../src/balance/cotbal/weights_from_scores.ts";
import { Random } from "../../../../src/random.ts";
import { answers, fiveTasks, type Model, truth } from "./_tables.ts";

const model = fiveTasks();
const real = paperValues(truth(model), DEFAULT_ALPHA, 0.5);

/**
 * Tables that a coverage is counted over, and replicates of each. With 120 tables the standard error of a coverage is
 * about 0.6 points for C (20 a table), 0.9 for λ and 1.1 for D (5 a table each), so that 90% and 98% are told from 95% by
 * three of them or so. It is counted over tables, since the values of one are not independent, and printed.
 */
const TABLES = 120;
const REPLICATES = 250;

/** Counts how often intervals hold the truth: C, D and λ apart, one share a table. */
function counter(real: Values) {
  const shares = { C: [] as number[], D: [] as number[], lambda: [] as number[] };
  let known = 0;
  const look = (
    what: keyof typeof shares,
    intervals: readonly (readonly [number, number] | null)[],
    values: readonly (number | null)[],
  ) => {
    const pairs = intervals.flatMap((each, k) =>
      each === null || values[k] === null ? [] : [[each, values[k]!] as const]
    );
    if (what === "C") known += pairs.length;
    const held = pairs.filter(([[low, high], value]) => low <= value && value <= high);
    if (pairs.length > 0) shares[what].push(held.length / pairs.length);
  };
  const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  const percent = (what: keyof typeof shares) => 100 * mean(shares[what]);
  /** Standard error of it. */
  const error = (what: keyof typeof shares) => {
    const list = shares[what];
    const middle = mean(list);
    return 100 * Math.sqrt(mean(list.map((x) => (x - middle) ** 2)) / (list.length - 1));
  };
  return {
    add(intervals: WeightIntervals) {
      look("C", intervals.contribution.flat(), real.contribution.flat());
      look("D", intervals.difficulty, real.difficulty);
      look("lambda", intervals.lambda, real.lambda);
    },
    percent,
    text: () =>
      (["C", "D", "lambda"] as const).map((w) => `${w} ${percent(w).toFixed(1)}% ± ${error(w).toFixed(1)}`)
        .join(", "),
    contributions: () => known,
  };
}

const paper = (table: PointTable, options: IntervalOptions) =>
  paperIntervals(table, DEFAULT_ALPHA, 0.5, options);
const aware = (table: PointTable, options: IntervalOptions) => noiseIntervals(table, {}, options);

/** Two of the five tasks as a group, one outside the balancing. */
const units = { groups: { ac: ["a", "c"] }, fixed: { e: 0.8 } };
// The group's one model, as `answers` makes it, is that of its first task's row.
const grouped: Model = {
  ...model,
  plus: model.plus.map((row, i) => i === 0 || i === 2 ? row.with(2, model.plus[2]![2]!) : row),
};
const { mini, plus } = truth(grouped);
const realOfUnits = weightsOfGroups([{ tasks: model.tasks, mini, plus }], units);

/** With blank images a part of what the minis score is right, as in every run of noise-aware. */
const floored: Model = { ...model, blank: [0.1, 0.25, 0.05, 0.3, 0.15] };
const realOfFloored: Values = (() => {
  const { mini, plus, blank } = truth(floored);
  const difficulty = difficulties(mini, plus.map((row, i) => row[i]!), blank);
  const values = { out: real.contributionOut, in: real.contributionIn, difficulty };
  return { ...real, difficulty, lambda: weightsAtTemperature(values, DEFAULT_ALPHA, 0.5).lambda };
})();

for (
  const { name, draws, luck, shared, settings, make, from } of [
    { name: "noise-aware, three draws, blank images", draws: 3, luck: 0.04, make: aware, from: floored },
    {
      name: "noise-aware, three draws, a group and a fixed weight",
      draws: 3,
      luck: 0.04,
      settings: units,
      make: aware,
    },
    { name: "the paper’s CoTBal, one draw", draws: 1, luck: 0, make: paper },
    { name: "the paper’s CoTBal, three draws", draws: 3, luck: 0.04, make: paper },
    { name: "noise-aware, one draw without luck", draws: 1, luck: 0, make: aware },
    { name: "noise-aware, three draws", draws: 3, luck: 0.04, make: aware },
    {
      name: "noise-aware, three draws, luck shared by tasks and by probes",
      draws: 3,
      luck: 0.04,
      shared: { task: 0.4, probe: 0.4 },
      make: aware,
    },
    {
      name: "noise-aware, three draws, one task with seven times the luck",
      draws: 3,
      luck: [0.012, 0.012, 0.012, 0.012, 0.08],
      make: aware,
    },
    { name: "noise-aware, five draws", draws: 5, luck: 0.04, make: aware },
  ]
) {
  Deno.test(`95% intervals of C, D and λ hold the truth in 90% to 98%: ${name}`, () => {
    const [of, truth] = settings !== undefined
      ? [grouped, realOfUnits]
      : from !== undefined
      ? [from, realOfFloored]
      : [model, real];
    const counted = counter(truth);
    for (let k = 0; k < TABLES; k++) {
      const table = answers(new Random(`coverage ${k}`), of, 200, draws, luck, shared, settings);
      counted.add(make(table, { replicates: REPLICATES }));
    }
    console.log(`${name}: ${counted.text()}`);
    const cells = truth.contribution.flat().filter((x) => x !== null).length;
    assert(counted.contributions() > 0.9 * cells * TABLES, "too many contributions are undefined");
    for (const what of ["C", "D", "lambda"] as const) {
      const share = counted.percent(what);
      assert(share >= 90 && share <= 98, `${what}: ${share}%`);
    }
  });
}

Deno.test("noise-aware λ is closer to the λ without noise than the paper’s", () => {
  for (const luck of [0, 0.04]) {
    let [one, mean, aware] = [0, 0, 0];
    for (let k = 0; k < 200; k++) {
      const random = new Random(`error ${k}`);
      const all = answers(random, model, 200, 3, luck);
      const first = {
        ...all,
        draws: 1,
        columns: all.columns.map((column) => column.map((draws) => [draws[0]!])),
      };
      const error = (lambda: readonly number[]) =>
        lambda.reduce((sum, w, i) => sum + (w - real.lambda[i]!) ** 2, 0) / lambda.length;
      one += error(paperValues(meanScores(first), DEFAULT_ALPHA, 0.5).lambda) / 200;
      mean += error(paperValues(meanScores(all), DEFAULT_ALPHA, 0.5).lambda) / 200;
      aware += error(noiseWeights(all).lambda) / 200;
    }
    const root = [one, mean, aware].map(Math.sqrt);
    console.log(
      `luck of a draw ${100 * luck} points: root mean square error of λ ${
        root.map((x) => x.toFixed(3)).join(", ")
      } ` +
        "(the paper’s by one draw, the paper’s by the mean of three, noise-aware by the same three): " +
        `closer ${(root[0]! / root[2]!).toFixed(1)}-fold than by one draw, ${
          (root[1]! / root[2]!).toFixed(2)
        }-fold than by three`,
    );
    assert(root[0]! > 1.8 * root[2]!);
    assert(root[1]! > 1.1 * root[2]!);
  }
});
