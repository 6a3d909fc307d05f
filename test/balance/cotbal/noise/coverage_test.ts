// deno-lint-ignore-file no-console -- the figures are what these tests are for

import { assert } from "@std/assert";
import {
  paperIntervals,
  paperValues,
  type WeightIntervals,
} from "../../../../src/balance/cotbal/noise/intervals.ts";
import { meanScores } from "../../../../src/balance/cotbal/noise/resample.ts";
import { noiseIntervals, noiseWeights } from "../../../../src/balance/cotbal/noise/weights.ts";
import { DEFAULT_ALPHA } from "../../../../src/balance/cotbal/weights_from_scores.ts";
import { Random } from "../../../../src/random.ts";
import { answers, fiveTasks, truth } from "./_tables.ts";

const model = fiveTasks();
const real = paperValues(truth(model), DEFAULT_ALPHA, 0.5);

/** Tables that a coverage is counted over, and replicates of each. */
const TABLES = 80;
const REPLICATES = 250;

/** Counts how often intervals hold the truth: C, D and λ apart, in per cent. */
function counter() {
  const held = { C: 0, D: 0, lambda: 0 };
  const seen = { C: 0, D: 0, lambda: 0 };
  const look = (
    what: keyof typeof held,
    interval: readonly [number, number] | null,
    value: number | null,
  ) => {
    if (interval === null || value === null) return;
    seen[what]++;
    if (interval[0] <= value && value <= interval[1]) held[what]++;
  };
  return {
    add(intervals: WeightIntervals) {
      intervals.contribution.flat().forEach((each, k) => look("C", each, real.contribution.flat()[k]!));
      intervals.difficulty.forEach((each, k) => look("D", each, real.difficulty[k]!));
      intervals.lambda.forEach((each, k) => look("lambda", each, real.lambda[k]!));
    },
    percent: (what: keyof typeof held) => 100 * held[what] / seen[what],
    text: () =>
      (["C", "D", "lambda"] as const).map((w) => `${w} ${(100 * held[w] / seen[w]).toFixed(1)}%`).join(", "),
    seen,
  };
}

for (
  const { name, draws, luck, make, most } of [
    { name: "the paper’s CoTBal, one draw", draws: 1, luck: 0, most: 98, make: paperIntervals },
    { name: "noise-aware, one draw without luck", draws: 1, luck: 0, most: 98, make: undefined },
    { name: "noise-aware, five draws", draws: 5, luck: 0.04, most: 98, make: undefined },
    // With two degrees of freedom a task, the draws' part of λ is put too wide.
    { name: "noise-aware, three draws", draws: 3, luck: 0.04, most: 100, make: undefined },
  ]
) {
  Deno.test(`95% intervals of C, D and λ hold the truth: ${name}`, () => {
    const counted = counter();
    for (let k = 0; k < TABLES; k++) {
      const table = answers(new Random(`coverage ${k}`), model, 200, draws, luck);
      const options = { replicates: REPLICATES };
      counted.add(
        make === undefined ? noiseIntervals(table, {}, options) : make(table, DEFAULT_ALPHA, 0.5, options),
      );
    }
    console.log(`${name}: ${counted.text()}`);
    assert(counted.seen.C > 0.9 * 20 * TABLES, "too many contributions are undefined");
    for (const what of ["C", "D", "lambda"] as const) {
      const share = counted.percent(what);
      assert(share >= 90 && share <= (what === "lambda" ? most : 98), `${what}: ${share}%`);
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
