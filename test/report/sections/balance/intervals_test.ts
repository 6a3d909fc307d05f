import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { paperIntervals } from "../../../../src/balance/cotbal/noise/intervals.ts";
import { pointTable } from "../../../../src/balance/cotbal/noise/points.ts";
import { DEFAULT_ALPHA } from "../../../../src/balance/cotbal/weights_from_scores.ts";
import { Random } from "../../../../src/random.ts";
import {
  between,
  clearContributions,
  distinguishable,
} from "../../../../src/report/sections/balance/intervals.ts";
import { renderReport } from "../../../../src/report/render_report.ts";
import { believableRun } from "../../fixture.ts";

/** Intervals of a run's own validation table, its answers drawn by chance. */
function intervalsOf(run: ReturnType<typeof believableRun>) {
  const random = new Random("answers");
  const { tasks, mini, plus } = run.balances[0]!.validation;
  const of = (row: readonly number[]) =>
    row.map((p) => Array.from({ length: 300 }, () => 100 * random.next() < p ? 100 : 0));
  const table = pointTable(tasks, [{ mini: of(mini), plus: plus.map(of) }]);
  return paperIntervals(table, DEFAULT_ALPHA, 0.5, { replicates: 200 });
}

Deno.test("the report shows intervals where a run has them, and a further method's weights", async () => {
  const run = believableRun();
  const plain = await renderReport([run]);
  assert(!plain.includes("95% interval of λ"));
  run.intervals = intervalsOf(run);
  run.furtherBalances = [{ method: "noise-aware", balances: run.balances, intervals: run.intervals }];
  const page = await renderReport([run]);
  for (
    const text of [
      "95% interval of λ",
      "95% interval of D",
      "pairs of weights can be told apart",
      "arrayminus",
    ]
  ) {
    assertStringIncludes(page, text);
  }
  assertStringIncludes(page, "noise-aware (not the paper’s)");
  assert(!/NaN|undefined \(|\bnull to\b/.test(page.replace(/<script[\s\S]*?<\/script>/g, "")));
});

Deno.test("intervals in words", () => {
  assertEquals([between([0.5, -0.25], 1), between(null)], ["0.5 to −0.3", "–"]);
  const intervals = { ...intervalsOf(believableRun()) };
  intervals.lambda = intervals.lambda.map((_, i): [number, number] => i === 0 ? [1.1, 1.3] : [0.8, 1.2]);
  intervals.heavier = [];
  assertStringIncludes(
    distinguishable(intervals),
    `clearly above 1: ${intervals.tasks[0]}; clearly below: none; 0 of 21 pairs`,
  );
  const fixed: [number, number] = [1.5, 1.5];
  assertStringIncludes(
    distinguishable({
      ...intervals,
      lambda: [intervals.lambda[0]!, fixed, ...intervals.lambda.slice(2)],
      heavier: [[intervals.tasks[1]!, intervals.tasks[2]!]],
    }),
    `clearly below: none; 0 of 15 pairs of weights can be told apart. Weights that are fixed, or`,
  );
  intervals.contribution = [[null, [0.1, 0.2]], [[-1, 1], null]];
  assertEquals(
    clearContributions(intervals),
    "By their 95% intervals 1 clearly helps, 0 clearly harm, 1 cannot be told from 0.",
  );
  intervals.contribution = [[null, [0.1, 0.2]], [null, null]];
  assertStringIncludes(clearContributions(intervals), "0 cannot be told from 0; 1 has no interval.");
});

Deno.test("the sections of contributions and difficulties say what the noise-aware method changed", async () => {
  const run = believableRun();
  const plain = await renderReport([run]);
  assert(!plain.includes("towards their mean by its noise"));
  for (const balance of run.balances) {
    const { weights, validation: { mini, plus, tasks } } = balance;
    balance.weights = {
      ...weights,
      scores: { mini, plus },
      draws: 3,
      ownGain: tasks.map(() => 10),
      ownGainError: tasks.map(() => null),
      rawContribution: weights.contribution,
      contributionOwn: weights.contribution,
      rawDifficulty: weights.difficulty,
      difficultyOwn: weights.difficulty,
    };
  }
  assertEquals((await renderReport([run])).split("towards their mean by its noise").length, 3);
});
