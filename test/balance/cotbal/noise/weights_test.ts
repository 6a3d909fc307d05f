import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { pointTable } from "../../../../src/balance/cotbal/noise/points.ts";
import { noiseWeights } from "../../../../src/balance/cotbal/noise/weights.ts";
import { measureTasks } from "../../../../src/balance/cotbal/measure_tasks.ts";
import { InputError } from "../../../../src/errors.ts";

const tasks = ["vqa", "chart", "reading", "gqa"];
const right = (n: number) => Array.from({ length: 400 }, (_, q) => (q * 7) % 400 < n ? 100 : 0);

/** Own gains from 80 of 400 questions up; every other task gives a quarter of an own gain. */
function table(mini: number[], own: number[], blank?: number[]) {
  const plus = own.map((_, i) =>
    own.map((n, j) => right(i === j ? n : mini[j]! + Math.floor((n - mini[j]!) / 4)))
  );
  return pointTable(tasks, [{ mini: mini.map(right), plus, ...(blank && { blank: blank.map(right) }) }]);
}

Deno.test("raw values are the paper's, with blank images as floor", () => {
  const points = table([100, 120, 60, 200], [300, 260, 140, 380], [60, 20, 0, 100]);
  const report = noiseWeights(points);
  const { mini, plus, blank } = report.scores;
  const paper = measureTasks({ tasks, mini, plus }, [0, 1, 2, 3], { floor: blank! });
  assertEquals(report.rawContribution, paper.contribution);
  assertEquals(report.rawDifficulty, paper.difficulty);
  const without = noiseWeights(table([100, 120, 60, 200], [300, 260, 140, 380]));
  assertEquals(without.rawContribution, report.rawContribution); // a floor drops out of differences
  assertEquals(without.rawDifficulty, measureTasks({ tasks, mini, plus }, [0, 1, 2, 3], {}).difficulty);
});

Deno.test("a saturated difficulty is warned of as measured, though it was shrunk", () => {
  const { warnings, rawDifficulty } = noiseWeights(table([100, 120, 0, 200], [300, 260, 140, 380]));
  assertEquals(rawDifficulty[2], 1);
  assert(
    warnings.some((text) =>
      text.startsWith("reading: the difficulty is 1: the mini subset teaches next to nothing")
    ),
  );
});

Deno.test("an own gain within its noise leaves the column undefined, named with its standard error", () => {
  const points = table([100, 120, 60, 200], [300, 260, 62, 380]);
  const report = noiseWeights(points);
  report.contribution.forEach((row) => assertEquals(row[2], null));
  assert(report.ownGain[2]! < 1.96 * report.ownGainError[2]! + 1e-9);
  const said = report.warnings.find((text) => text.startsWith("reading: its own gain is 0.5 points"));
  assert(said?.includes("contributions into it are undefined"), said);
  assertAlmostEquals(report.lambdaIn[2]!, 1);
});

Deno.test("the band is kept by a temperature above the least, and that is said", () => {
  const options = { alpha: { out: 0, in: 0, difficulty: 1 }, temperature: 0.1 };
  const report = noiseWeights(table([10, 240, 20, 350], [390, 300, 380, 390]), options);
  assert(report.temperature > 0.1);
  for (const w of report.lambda) assert(w >= 0.5 && w <= 2, `${report.lambda}`);
  assert(report.warnings.some((text) => text.startsWith("The temperature was raised from 0.1 to")));
});

Deno.test("points that cannot be paired are refused with their place", () => {
  const of = (...lists: number[][]) => lists;
  const plus = [of([1, 2], [3]), of([1, 2], [3, 4])];
  assertThrows(
    () => pointTable(["a", "b"], [{ mini: of([0, 0], [0]), plus }]),
    InputError,
    "points, draw 1, b + mini, task b: expected 1 answers, as many as the mini probe of draw 1 gave, found 2",
  );
  assertThrows(() => pointTable(["a"], []), InputError, "one draw or more, found none");
  assertThrows(
    () => pointTable(["a"], [{ mini: [null], plus: [[[1]]] }]),
    InputError,
    "mini, task a: expected answers",
  );
  assertThrows(
    () => pointTable(["a"], [{ mini: [[NaN]], plus: [[[1]]] }]),
    InputError,
    "finite points, found NaN",
  );
});
