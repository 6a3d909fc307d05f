import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { drawLuck, estimateLuck } from "../../../../src/balance/cotbal/noise/luck.ts";
import { bootstrapIntervals, paperValues } from "../../../../src/balance/cotbal/noise/intervals.ts";
import {
  balancedPoints,
  ownModels,
  type PointTable,
  pointTable,
} from "../../../../src/balance/cotbal/noise/points.ts";
import { meanScores, resampleScores } from "../../../../src/balance/cotbal/noise/resample.ts";
import { Random } from "../../../../src/random.ts";
import { answers, fiveTasks, type Model, reordered } from "./_tables.ts";

const model = fiveTasks();
const withBlank: Model = { ...model, blank: model.mini.map((p) => p / 2) };
const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;

Deno.test("variances and correlations of luck are found on average: three draws", () => {
  for (
    const shared of [undefined, { task: 0.4, probe: 0 }, { task: 0, probe: 0.4 }, { task: 0.3, probe: 0.3 }]
  ) {
    const found = Array.from(
      { length: 60 },
      (_, k) => estimateLuck(answers(new Random(`luck ${k}`), withBlank, 200, 3, 0.04, shared)),
    );
    const probes = found.map(({ deviation }) =>
      mean(deviation.flatMap((row) => row.slice(0, 6)).map((s) => s * s))
    );
    const blank = found.map(({ deviation }) => mean(deviation.map((row) => row[6]! ** 2)));
    assert(Math.abs(mean(probes) / 16 - 1) < 0.15, `${mean(probes)}`);
    assert(Math.abs(mean(blank) / 16 - 1) < 0.35, `${mean(blank)}`);
    assertAlmostEquals(mean(found.map(({ ofTask }) => ofTask)), shared?.task ?? 0, 0.1);
    assertAlmostEquals(mean(found.map(({ ofProbe }) => ofProbe)), shared?.probe ?? 0, 0.1);
    // Between one task's twelve and all tasks' sixty.
    for (const { degrees } of found) assert(degrees >= 12 && degrees <= 60, `${degrees}`);
  }
});

Deno.test("parts below 0 are pooled before they are clamped: without luck little of it is found", () => {
  const found = Array.from(
    { length: 40 },
    (_, k) =>
      mean(estimateLuck(answers(new Random(`none ${k}`), model, 200, 3)).deviation.flat().map((s) => s * s)),
  );
  // A draw's 200 answers alone leave a variance of 12 points² and less; clamped cell by cell, 4.6 would be found.
  assert(mean(found) < 2, `${mean(found)}`);
});

Deno.test("a task that luck moves more keeps it", () => {
  const of = (rate: number) => Array.from({ length: 200 }, (_, q) => q < 200 * rate ? 100 : 0);
  const ofTask = [0, 0, 0, 0];
  const times = 40;
  for (let k = 0; k < times; k++) {
    const random = new Random(`uneven ${k}`);
    const row = () =>
      [0.3, 0.5, 0.6, 0.4].map((rate, j) => of(rate + (j === 3 ? 0.1 : 0.01) * random.normal()));
    const draws = Array.from({ length: 3 }, () => ({ mini: row(), plus: [row(), row(), row(), row()] }));
    const { deviation } = estimateLuck(pointTable(["a", "b", "c", "d"], draws));
    deviation.forEach((row, j) => ofTask[j]! += mean(row.map((s) => s * s)) / times);
  }
  const [a, b, c, d] = ofTask.map(Math.sqrt);
  for (const each of [a!, b!, c!]) assert(each < 2, `${ofTask}`);
  assertAlmostEquals(d!, 10, 1);
});

Deno.test("moves have the variances and correlations that were estimated", () => {
  for (const shared of [undefined, { task: 0.4, probe: 0.4 }]) {
    const table = answers(new Random("moves"), withBlank, 200, 4, 0.05, shared);
    const { deviation, ofTask, ofProbe, degrees } = estimateLuck(table);
    const draw = drawLuck(table, new Random(1));
    let [square, inTask, inProbe, blank] = [0, 0, 0, 0];
    const times = 6000;
    for (let k = 0; k < times; k++) {
      const u = draw().map((row, j) => row.map((x, at) => 2 * x / deviation[j]![at]!)); // √n = 2
      square += mean(u.flatMap((row) => row.slice(0, 6)).map((x) => x * x)) / times;
      inTask += u[1]![0]! * u[1]![4]! / times;
      inProbe += u[0]![2]! * u[3]![2]! / times;
      blank += u[2]![6]! ** 2 / times;
    }
    const student = degrees / (degrees - 2);
    assertAlmostEquals(square, student, 0.03);
    assertAlmostEquals(inTask, ofTask, 0.06);
    assertAlmostEquals(inProbe, ofProbe, 0.06);
    assertAlmostEquals(blank, student, 0.08);
  }
});

Deno.test("tasks in another order have the same intervals", () => {
  const table = answers(new Random("order"), withBlank, 50, 3, 0.05);
  const order = [3, 0, 4, 1, 2];
  const other = reordered(table, order);
  const alpha = { out: 0.25, in: 0.25, difficulty: 0.5 };
  const of = (points: PointTable) =>
    bootstrapIntervals(points, (scores) => paperValues(scores, alpha, 0.5), { replicates: 50 }).lambda;
  const [first, second] = [of(table), of(other)];
  order.forEach((from, to) =>
    first[from]!.forEach((end, k) => assertAlmostEquals(second[to]![k]!, end, 1e-9))
  );
});

Deno.test("tasks of a group move with their one probe, those with fixed weights have the mini's row", () => {
  const settings = { groups: { ac: ["a", "c"] }, fixed: { e: 1 } };
  const table = answers(new Random("units"), withBlank, 50, 3, 0.05, undefined, settings);
  assertEquals(table.columns.map((column) => column.length), [5, 5, 5, 5, 5]);
  assertEquals(ownModels(table), [1, 2, 1, 3, 0]);
  const balanced = balancedPoints(table);
  assertEquals([balanced.tasks, ownModels(balanced)], [["a", "b", "c", "d"], [1, 2, 1, 3]]);
  const replicates = [...resampleScores(table, 20)];
  for (const { mini, plus } of [meanScores(table), ...replicates]) {
    assertEquals([plus[2], plus[4]], [plus[0], mini]);
  }
  // A task outside the balancing tells nothing of the others' luck.
  const alone = [...resampleScores(balanced, 20)];
  assertEquals(replicates.map(({ mini }) => mini.slice(0, 4)), alone.map(({ mini }) => mini));
});

Deno.test("a task of one question takes the luck of the others", () => {
  const [a, b] = [[100, 0, 100, 0], [100, 100, 100, 100]];
  const draws = [a, b, a].map((of) => ({ mini: [of, [0]], plus: [[of, [0]], [of, [100]]] }));
  const { deviation, degrees } = estimateLuck(pointTable(["many", "one"], draws));
  assertEquals(deviation[0], deviation[1]);
  assertEquals(degrees, 2 * 3);
});
