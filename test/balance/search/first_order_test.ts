import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { doubled } from "../../../src/balance/search/band.ts";
import { firstOrder } from "../../../src/balance/search/first_order.ts";
import type { TrialTable } from "../../../src/balance/search/trial.ts";
import { Random } from "../../../src/random.ts";

const tasks = ["a", "b", "c", "d", "e"];
const n = tasks.length;

/**
 * A table with true gradients of the mean, and noise of the scores with this deviation (the first trial's included), of
 * which the questions know `told`; the rest is the training's.
 */
function table(
  gradient: number[],
  deviation: number,
  random: Random,
  seed = 1,
  told = deviation,
): TrialTable {
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
      (_, k) => Array.from({ length: n + 1 }, (_, l) => k * l === 0 ? 0 : told ** 2 * (k === l ? 2 : 1)),
    ),
  };
}

Deno.test("the largest gain is the best of all weights in the band, to first order", () => {
  const random = new Random("gain");
  const gradient = [3, 1, 0.5, -1.5, -3];
  const found = firstOrder([table(gradient, 0, random)]);
  assertEquals(found.steepest, [2, 1.5, 0.5, 0.5, 0.5]);
  assertAlmostEquals(found.gain, 3 * 1 + 1 * 0.5 + (0.5 - 1.5 - 3) * -0.5, 1e-9);
  assertAlmostEquals(found.trust, 1);
  assert(found.lambda[0]! > 1.4 && found.lambda[4]! < 0.75);
  assert(found.lambda.every((w, i) => i === 0 || w < found.lambda[i - 1]!));
  // A common gain of all doublings has no effect on the gain: a common factor of λ has none. It is taken for noise.
  const raised = firstOrder([table(gradient.map((g) => g + 5), 0, random)]);
  assertAlmostEquals(raised.gain, found.gain, 1e-9);
  assert(raised.trust < 1);
});

Deno.test("noise alone gives weights near 1, and no more gain than noise promises", () => {
  const random = new Random("noise");
  const runs = Array.from({ length: 200 }, () => firstOrder([table(tasks.map(() => 0), 2, random)]));
  const mean = (of: (run: typeof runs[number]) => number) =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  // A variance of the training that is none is found now and then, never a negative one: errors are rather too large.
  const ratio = mean(({ gain }) => gain) / mean(({ gainByNoise }) => gainByNoise);
  assert(ratio > 0.75 && ratio < 1.02, `${ratio}`);
  assert(mean(({ lambda }) => Math.max(...lambda.map((w) => Math.abs(Math.log(w))))) < 0.2);
  assert(mean(({ trust }) => trust === 0 ? 1 : 0) > 0.45);
  const clear = runs.filter(({ gain, gainByNoise, gainError }) => gain > gainByNoise + gainError);
  assert(clear.length < 50, `${clear.length} of 200`);
});

Deno.test("the error of the gain is that of many runs, where noise is shared, and where it is the training's", () => {
  const random = new Random("error");
  const gradient = [9, 4, 0, -4, -9];
  for (const told of [1, 0.5, 0]) {
    const runs = Array.from({ length: 400 }, () => firstOrder([table(gradient, 1, random, 1, told)]));
    const gains = runs.map(({ gain }) => gain);
    const middle = gains.reduce((a, b) => a + b, 0) / gains.length;
    const variance = gains.reduce((sum, x) => sum + (x - middle) ** 2, 0) / gains.length;
    const found = runs.reduce((sum, { gainError }) => sum + gainError ** 2, 0) / runs.length;
    assert(found / variance > 0.8 && found / variance < 1.6, `${told}: ${found / variance}`);
  }
});

Deno.test("several seeds: the mean, and errors over seeds", () => {
  const random = new Random("seeds");
  const one = table([2, 0, 0, 0, 0], 0, random, 1);
  const two = table([4, 0, 0, 0, 0], 0, random, 2);
  const found = firstOrder([one, two]);
  assertAlmostEquals(found.sensitivity[0]![1]!, 3);
  assertAlmostEquals(found.seedErrors![0]![1]!, 1);
  // h differs by 1.6 and four times 0.4: τ² = 0.4 / 2 seeds, and as much again from the shared model.
  assertAlmostEquals(found.gradientErrors[1]!, Math.sqrt(0.4));
  assertEquals(firstOrder([one]).seedErrors, null);
});

Deno.test("one seed: what all doublings move alike is noise of the training", () => {
  const found = firstOrder([table([-4, -6, -5, -5, -5], 0, new Random(0))]);
  assertAlmostEquals(found.gradientErrors[0]!, Math.sqrt(2 * 25 / (1 + 1 / n)));
  assertEquals([found.trust, found.lambda], [0, tasks.map(() => 1)]);
  assert(found.gainByNoise > found.gain);
});

Deno.test("where nothing moves, weights are 1 and the gain is 0", () => {
  const found = firstOrder([table(tasks.map(() => 0), 0, new Random(0))]);
  assertEquals([found.lambda, found.gain, found.trust, found.gainByNoise], [tasks.map(() => 1), 0, 0, 0]);
});
