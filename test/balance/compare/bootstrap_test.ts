import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { bootstrapTable } from "../../../src/balance/compare/bootstrap.ts";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";

/** Differences of two methods that are 0 in truth: an effect a seed, one a question, and noise, all normal. */
function simulate(
  random: Random,
  size: { seeds: number; questions: number; seed: number; question: number; shared: boolean },
): number[][][] {
  const draw = () => Array.from({ length: size.questions }, () => size.question * random.normal());
  const own = draw();
  return Array.from({ length: size.seeds }, () => {
    const effect = size.seed * random.normal();
    const questions = size.shared ? own : draw();
    return [questions.map((x) => x + effect + random.normal())];
  });
}

/** How often the interval holds 0. */
function coverage(size: Parameters<typeof simulate>[1], tables = 200): number {
  const random = new Random(`coverage ${JSON.stringify(size)}`);
  let held = 0;
  for (let k = 0; k < tables; k++) {
    const { mean } = bootstrapTable(simulate(random, size), { rounds: 200, seed: k, shared: size.shared });
    if (mean.low <= 0 && mean.high >= 0) held++;
  }
  return held / tables;
}

Deno.test("bootstrapTable gives the means, and equal bits for equal seeds", () => {
  const points = [[[100, 0, 50], [10]], [[0, 0, 0], [30]]];
  const found = bootstrapTable(points, { seed: 3 });
  assertEquals(found.tasks.map(({ mean }) => mean), [25, 20]);
  assertEquals(found.mean.mean, 22.5);
  assertEquals(bootstrapTable(points, { seed: 3 }), found);
  const random = new Random(0);
  const fine = [[Array.from({ length: 30 }, () => random.normal())]];
  assertEquals(bootstrapTable(fine, { seed: 4 }), bootstrapTable(fine, { seed: 4 }));
  assert(bootstrapTable(fine, { seed: 4 }).mean.low !== bootstrapTable(fine, { seed: 5 }).mean.low);
});

Deno.test("bootstrapTable with one seed has the width of a normal interval over questions", () => {
  const random = new Random(1);
  const values = Array.from({ length: 400 }, () => random.normal());
  const mean = values.reduce((a, b) => a + b, 0) / 400;
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 399);
  const { low, high } = bootstrapTable([[values]], { rounds: 4000 }).mean;
  assertAlmostEquals((high - low) / 2, 1.96 * deviation / 20, 0.005);
});

Deno.test("bootstrapTable has the variance of its closed forms, crossed and nested", () => {
  // Seeds that differ and questions that do not: the mean of S of S values, var = (S − 1)/S · s² / S.
  const seeds = [[[0, 0]], [[2, 2]], [[4, 4]], [[6, 6]]];
  for (const shared of [true, false]) {
    const { low, high } = bootstrapTable(seeds, { rounds: 8000, level: 0.6827, shared }).mean;
    assertAlmostEquals((high - low) / 2, Math.sqrt(5 / 4), 0.15); // population variance 5, over four seeds
  }
  // Questions that differ and seeds that do not: shared ones vary as with one seed, own ones half as much with four.
  const random = new Random(2);
  const row = Array.from({ length: 100 }, () => random.normal());
  const width = (shared: boolean, count: number) => {
    const { low, high } = bootstrapTable(Array.from({ length: count }, () => [row]), { shared }).mean;
    return high - low;
  };
  assertAlmostEquals(width(true, 4) / width(true, 1), 1, 0.1);
  assertAlmostEquals(width(false, 4) / width(false, 1), 0.5, 0.05);
});

Deno.test("bootstrapTable takes tasks for what they are: their mean is narrower than each", () => {
  const random = new Random(3);
  const points = [Array.from({ length: 9 }, () => Array.from({ length: 50 }, () => random.normal()))];
  const { mean, tasks } = bootstrapTable(points);
  const widths = tasks.map(({ low, high }) => high - low);
  const middle = widths.reduce((a, b) => a + b, 0) / 9;
  assertAlmostEquals((mean.high - mean.low) / middle, 1 / 3, 0.04);
});

Deno.test("bootstrapTable holds the truth about as often as its level says, where its table says so", () => {
  // Bounds: binomial deviations of 200 tables are 1.5%; the doc comment has 400 tables and more rounds.
  const both = { questions: 50, seed: 0.14, question: 0.5 };
  for (const seeds of [4, 12]) {
    for (const shared of [true, false]) {
      const found = coverage({ ...both, seeds, shared });
      assert(found > 0.89 && found <= 0.995, `${seeds} seeds, ${shared}: ${found}`);
    }
  }
  const alone = coverage({ questions: 50, seed: 0, question: 0.5, seeds: 1, shared: true });
  assert(alone > 0.9 && alone < 0.99, `one seed: ${alone}`);
});

Deno.test("bootstrapTable is too narrow with few seeds that alone are noisy, as it says", () => {
  const noisy = { questions: 20, seed: 3, question: 0, shared: true };
  const three = coverage({ ...noisy, seeds: 3 });
  assert(three > 0.65 && three < 0.88, `${three}`);
  const twelve = coverage({ ...noisy, seeds: 12 });
  assert(twelve > 0.86 && twelve < 0.98, `${twelve}`);
});

Deno.test("bootstrapTable refuses what it cannot draw from", () => {
  const refused: [number[][][], string][] = [
    [[], "expected one seed or more"],
    [[[]], "expected one task or more"],
    [[[[]]], "seed 1, task 1: expected one question or more"],
    [[[[1]], [[1], [2]]], "seed 2: expected 1 tasks, found 2"],
    [[[[1, 2]], [[1]]], "seed 2, task 1: expected 2 questions, found 1"],
    [[[[1, NaN]]], "expected finite points, found NaN"],
  ];
  for (const [points, message] of refused) assertThrows(() => bootstrapTable(points), InputError, message);
  assertThrows(() => bootstrapTable([[[1]]], { rounds: 0 }), InputError, "rounds");
  assertThrows(() => bootstrapTable([[[1]]], { level: 1 }), InputError, "level");
});
