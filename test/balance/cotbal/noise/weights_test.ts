import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { weightsOfGroups } from "../../../../src/balance/cotbal/groups.ts";
import { balancedPoints, pointTable } from "../../../../src/balance/cotbal/noise/points.ts";
import { noiseIntervals, noiseWeights } from "../../../../src/balance/cotbal/noise/weights.ts";
import { measureTasks } from "../../../../src/balance/cotbal/measure_tasks.ts";
import { InputError } from "../../../../src/errors.ts";
import { Random } from "../../../../src/random.ts";
import { answers, fiveTasks } from "./_tables.ts";

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

Deno.test("a group is measured by its own score, as weightsOfGroups joins it", () => {
  const groups = { seen: ["chart", "vqa"] };
  const [mini, own, blank] = [[100, 120, 60, 200], [300, 260, 140, 380], [60, 20, 0, 100]];
  // The rows of vqa and chart are those of one model.
  const plus = own.map((_, i) =>
    own.map((n, j) => right(i === j || i < 2 && j < 2 ? n : mini[j]! + Math.floor((n - mini[j]!) / 4)))
  );
  const draw = {
    mini: mini.map(right),
    plus: [plus[0]!, plus[0]!, plus[2]!, plus[3]!],
    blank: blank.map(right),
  };
  const report = noiseWeights(pointTable(tasks, [draw], { groups }));
  const { scores } = report;
  const paper = weightsOfGroups([{ tasks, ...scores, floor: scores.blank! }], { groups });
  assertEquals(report.rawContribution, paper.contribution);
  assertEquals(report.rawDifficulty, paper.difficulty);
  assertEquals(report.groups, { seen: ["vqa", "chart"] });
  assertEquals(report.lambda[0], report.lambda[1]);
  assertAlmostEquals(report.lambda.reduce((a, b) => a + b), 4);
  assert(report.warnings.some((text) => text.startsWith("groups differ in size")), report.warnings.join());
  assertEquals(report.ownGain[0], report.ownGain[1]);

  // A task's scale has no say in its group, in no interval either.
  const eighth = (model: readonly (readonly number[])[]) =>
    model.map((points, j) => j === 1 ? points.map((x) => x / 8) : points);
  const scaled = pointTable(tasks, [{
    mini: eighth(draw.mini),
    plus: draw.plus.map(eighth),
    blank: eighth(draw.blank),
  }], { groups });
  const [a, b] = [pointTable(tasks, [draw], { groups }), scaled].map((points) =>
    [
      noiseWeights(points).lambda,
      noiseIntervals(points, {}, { replicates: 100 }).lambda,
    ].flat(2)
  );
  a!.forEach((x, i) => assertAlmostEquals(x, b![i]!, 1e-9));
});

Deno.test("groups of one task are no groups, and fixed tasks might as well not be there: the same bits", () => {
  const random = new Random("ones");
  const draws = [3, 0.05] as const;
  const points = answers(random, fiveTasks(), 60, ...draws);
  const { groups, ...report } = noiseWeights({
    ...points,
    units: points.units.with(0, { name: "x", tasks: [0] }),
  });
  assertEquals(report, noiseWeights(points));
  assertEquals(groups, { x: ["a"] });

  const fixed = answers(new Random("f"), fiveTasks(), 60, ...draws, undefined, { fixed: { b: 0.7 } });
  const [all, alone] = [noiseWeights(fixed), noiseWeights(balancedPoints(fixed))];
  assertEquals(all.lambda, [...alone.lambda.slice(0, 1), 0.7, ...alone.lambda.slice(1)]);
  assertEquals([all.difficulty[1], all.ownGain[1], all.contribution[1]], [null, null, [
    null,
    null,
    null,
    null,
    null,
  ]]);
  assert(all.warnings.includes("b: the weight is fixed at 0.7, outside the balancing."));
});

Deno.test("a task of a group whose own score is not clear of 0 is left out of it, and said", () => {
  const groups = { seen: ["vqa", "chart"] };
  const none = right(1);
  const plus = [[right(300), none, right(80), right(250)], [], [right(120), none, right(200), right(210)]];
  const draw = {
    mini: [100, 0, 60, 200].map(right),
    plus: [plus[0]!, plus[0]!, plus[2]!, [right(110), none, right(70), right(380)]],
  };
  const report = noiseWeights(pointTable(tasks, [draw], { groups }));
  assertAlmostEquals(report.rawDifficulty[1]!, 1 - 100 / 300);
  const said = report.warnings.find((text) => text.startsWith("chart: "));
  assert(said?.includes("not above 1.96 of them: it is left out of the score of its group seen"), said);
  assertEquals(report.lambda[0], report.lambda[1]);
});

Deno.test("the standard error of a group's gain is that of many tables", () => {
  const gains: number[] = [];
  let error = 0;
  const times = 300;
  for (let k = 0; k < times; k++) {
    const groups = { ace: ["a", "c", "e"] };
    const points = answers(new Random(`group ${k}`), fiveTasks(), 100, 1, 0, undefined, { groups });
    const report = noiseWeights(points);
    gains.push(report.ownGain[0]!);
    error += report.ownGainError[0]! / times;
  }
  const mean = gains.reduce((a, b) => a + b) / times;
  const spread = Math.sqrt(gains.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (times - 1));
  assert(Math.abs(error / spread - 1) < 0.12, `${error} and ${spread}`);
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
