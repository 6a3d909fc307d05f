import { assert, assertEquals } from "@std/assert";
import { logRatios, randomInBand } from "../../../src/balance/search/band.ts";
import { bestWeights, nextWeights, streamOf } from "../../../src/balance/search/search.ts";
import type { Trial, TrialTable } from "../../../src/balance/search/trial.ts";
import { Random } from "../../../src/random.ts";

const tasks = ["a", "b", "c", "d"];
/** Best far from equal weights: the first task doubled against the others. */
const peak = logRatios([1.6, 0.8, 0.8, 0.8]);
const gainAt = (lambda: readonly number[]) =>
  -12 * logRatios(lambda).reduce((sum, x, i) => sum + (x - peak[i]!) ** 2, 0);

function trial(lambda: number[], noise: Random, deviation: number): Trial {
  const scores = tasks.map(() => 50 + gainAt(lambda) + 2 * deviation * noise.normal());
  return { lambda, scores, errors: tasks.map(() => 2 * deviation * Math.SQRT2) };
}

/** A search as the plan carries it out, with the scores of a known function. */
function searchFor(budget: number, seed: number, deviation: number): TrialTable {
  const noise = new Random(`noise ${seed}`);
  const table: TrialTable = { seed, tasks, tried: [trial([1, 1, 1, 1], noise, deviation)], covariance: [] };
  for (let k = 1; k <= budget; k++) {
    const lambda = k <= budget / 2
      ? randomInBand(4, streamOf("test", seed, k))
      : nextWeights(table, streamOf("test", seed, k)).lambda;
    table.tried.push(trial(lambda, noise, deviation));
  }
  return table;
}

Deno.test("a search finds the best weights of a known function, and its steps are worth more than draws", () => {
  let found = 0, steps = 0, draws = 0;
  for (let seed = 1; seed <= 6; seed++) {
    const table = searchFor(12, seed, 0.1);
    found += gainAt(bestWeights([table]).lambda) / 6;
    for (let k = 1; k <= 6; k++) {
      draws += gainAt(table.tried[k]!.lambda) / 36;
      steps += gainAt(table.tried[6 + k]!.lambda) / 36;
    }
  }
  const equal = gainAt([1, 1, 1, 1]);
  assert(found > equal / 4, `${found}, equal weights ${equal}`);
  assert(steps > draws, `${steps}, draws ${draws}`);
});

Deno.test("of scores that are noise, equal weights are kept or little is promised", () => {
  const random = new Random("luck");
  let promised = 0, luckiest = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const tried = Array.from({ length: 9 }, (_, k): Trial => ({
      lambda: k === 0 ? [1, 1, 1, 1] : randomInBand(4, random),
      scores: tasks.map(() => 50 + 4 * random.normal()),
      errors: tasks.map(() => 4 * Math.SQRT2),
    }));
    const found = bestWeights([{ seed, tasks, tried, covariance: [] }]);
    promised += found.gain / 10;
    luckiest += Math.max(...found.tried.map(({ scored }) => scored)) / 10;
  }
  assert(promised < luckiest / 3, `${promised} promised, ${luckiest} scored`);
});

Deno.test("what is tried next depends on the table and the stream alone", () => {
  const table = searchFor(4, 3, 1);
  const next = () => nextWeights(table, streamOf("test", 3, 5));
  assertEquals(next(), next());
  assert(next().improvement > 0);
  assert(next().lambda.every((w) => w >= 0.5 && w <= 2));
  assert(nextWeights(table, streamOf("test", 4, 5)).lambda[0] !== next().lambda[0]);
});

Deno.test("the trials of several seeds are weighed together, each against its own first", () => {
  const tables = [searchFor(6, 1, 0.1), searchFor(6, 2, 0.1)];
  // A seed that scores 20 points higher throughout is no better.
  for (const one of tables[1]!.tried) one.scores = one.scores.map((x) => x + 20);
  const found = bestWeights(tables);
  assertEquals(found.tried.map(({ seed }) => seed), [...Array(7).fill(1), ...Array(7).fill(2)]);
  assert(Math.max(...found.tried.map(({ scored }) => scored)) < 10);
  assert(gainAt(found.lambda) >= gainAt(bestWeights([tables[0]!]).lambda) - 1);
});

Deno.test("with nothing but equal weights tried they are the best", () => {
  const found = bestWeights([searchFor(0, 1, 1)]);
  assertEquals([found.lambda, found.gain], [[1, 1, 1, 1], 0]);
});
