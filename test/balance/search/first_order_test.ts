import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { doubled } from "../../../src/balance/search/band.ts";
import { firstOrder } from "../../../src/balance/search/first_order.ts";
import type { TrialTable } from "../../../src/balance/search/trial.ts";
import { Random } from "../../../src/random.ts";

const tasks = ["a", "b", "c", "d", "e"];
const n = tasks.length;

/** A table with true gradients of the mean, and noise of the gains with this deviation (the first trial's included). */
function table(gradient: number[], deviation: number, random: Random, seed = 1): TrialTable {
  const own = tasks.map(() => deviation * random.normal());
  const shared = deviation * random.normal();
  const score = (gain: number) => tasks.map(() => 50 + gain);
  return {
    seed,
    tasks,
    tried: [
      { lambda: tasks.map(() => 1), scores: score(0), errors: tasks.map(() => 0) },
      ...gradient.map((g, i) => ({
        lambda: doubled(n, i),
        scores: score(g * Math.log(2) + own[i]! - shared),
        errors: tasks.map(() => deviation * Math.sqrt(2 * n)),
      })),
    ],
    covariance: Array.from(
      { length: n + 1 },
      (_, k) => Array.from({ length: n + 1 }, (_, l) => k * l === 0 ? 0 : deviation ** 2 * (k === l ? 2 : 1)),
    ),
  };
}

Deno.test("the largest gain is the best of all weights in the band, to first order", () => {
  const random = new Random("gain");
  const gradient = [3, 1, 0.5, -1, -2];
  const found = firstOrder([table(gradient, 0, random)]);
  assertEquals(found.steepest, [2, 1.5, 0.5, 0.5, 0.5]);
  assertAlmostEquals(found.gain, 3 * 1 + 1 * 0.5 + (0.5 - 1 - 2) * -0.5, 1e-9);
  assertAlmostEquals(found.trust, 1);
  assert(found.lambda[0]! > 1.4 && found.lambda[4]! < 0.75);
  assert(found.lambda.every((w, i) => i === 0 || w < found.lambda[i - 1]!));
  // A common gain of all doublings has no effect on weights or gain: a common factor of λ has none.
  const raised = firstOrder([table(gradient.map((g) => g + 5), 0, random)]);
  assertAlmostEquals(raised.gain, found.gain, 1e-9);
  raised.lambda.forEach((w, i) => assertAlmostEquals(w, found.lambda[i]!, 1e-9));
});

Deno.test("noise alone gives weights near 1, and no more gain than noise promises", () => {
  const random = new Random("noise");
  const runs = Array.from({ length: 200 }, () => firstOrder([table(tasks.map(() => 0), 2, random)]));
  const mean = (of: (run: typeof runs[number]) => number) =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  assertAlmostEquals(mean(({ gain }) => gain) / mean(({ gainByNoise }) => gainByNoise), 1, 0.1);
  assert(mean(({ lambda }) => Math.max(...lambda.map((w) => Math.abs(Math.log(w))))) < 0.2);
  assert(mean(({ trust }) => trust === 0 ? 1 : 0) > 0.45);
  const clear = runs.filter(({ gain, gainByNoise, gainError }) => gain > gainByNoise + gainError);
  assert(clear.length < 50, `${clear.length} of 200`);
});

Deno.test("the error of the gain is that of many runs, with what trials share", () => {
  const random = new Random("error");
  const gradient = [9, 4, 0, -4, -9];
  const runs = Array.from({ length: 300 }, () => firstOrder([table(gradient, 1, random)]));
  const gains = runs.map(({ gain }) => gain);
  const middle = gains.reduce((a, b) => a + b, 0) / gains.length;
  const spread = Math.sqrt(gains.reduce((sum, x) => sum + (x - middle) ** 2, 0) / gains.length);
  const told = runs.reduce((sum, { gainError }) => sum + gainError, 0) / runs.length;
  assertAlmostEquals(told / spread, 1, 0.15);
});

Deno.test("several seeds: the mean, and errors over seeds", () => {
  const random = new Random("seeds");
  const one = table([2, 0, 0, 0, 0], 0, random, 1);
  const two = table([4, 0, 0, 0, 0], 0, random, 2);
  const found = firstOrder([one, two]);
  assertAlmostEquals(found.sensitivity[0]![1]!, 3);
  assertAlmostEquals(found.seedErrors![0]![1]!, 1);
  assertAlmostEquals(found.gradientErrors[1]!, Math.sqrt(2 / n / 2)); // one variance for all tasks: 2, 0, 0, 0, 0
  assertEquals(firstOrder([one]).seedErrors, null);
});

Deno.test("where nothing moves, weights are 1 and the gain is 0", () => {
  const found = firstOrder([table(tasks.map(() => 0), 0, new Random(0))]);
  assertEquals([found.lambda, found.gain, found.trust, found.gainByNoise], [tasks.map(() => 1), 0, 0, 0]);
});
