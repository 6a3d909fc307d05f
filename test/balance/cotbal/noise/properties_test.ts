import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { paperIntervals } from "../../../../src/balance/cotbal/noise/intervals.ts";
import type { DrawPoints } from "../../../../src/balance/cotbal/noise/points.ts";
import { balancedPoints, pointTable } from "../../../../src/balance/cotbal/noise/points.ts";
import { noiseIntervals, noiseWeights } from "../../../../src/balance/cotbal/noise/weights.ts";
import {
  DEFAULT_ALPHA,
  weightsFromScores,
  type WeightsReport,
} from "../../../../src/balance/cotbal/weights_from_scores.ts";
import type { ProbeTable } from "../../../../src/balance/cotbal/table.ts";
import { Random } from "../../../../src/random.ts";
import { answers, type Model, reordered } from "./_tables.ts";

const names = ["caption", "vqa", "chart", "reading", "gqa", "grounding"];

/** A score that is often awkward: 0, 100, one that others have too, or just beside it. */
function awkward(random: Random): number {
  const kind = random.int(8);
  if (kind === 0) return 0;
  if (kind === 1) return 100;
  if (kind === 2) return 50;
  if (kind === 3) return 50 + 1e-12 * random.normal();
  return 100 * random.next();
}

function randomTable(random: Random): ProbeTable {
  const tasks = names.slice(0, 1 + random.int(names.length));
  const row = () => tasks.map(() => awkward(random));
  return { tasks, mini: row(), plus: tasks.map(row), ...(random.int(3) === 0 && { floor: row() }) };
}

function randomModel(random: Random): Model {
  const { tasks, mini, plus, floor } = randomTable(random);
  const share = (row: readonly number[]) => row.map((x) => Math.min(1, Math.max(0, x / 100)));
  return { tasks, mini: share(mini), plus: plus.map(share), ...(floor && { blank: share(floor) }) };
}

/** What every report of weights keeps to. */
function assertReport(report: WeightsReport, where: string) {
  const n = report.tasks.length;
  for (const list of [report.lambda, report.lambdaOut, report.lambdaIn, report.lambdaDifficulty]) {
    assertEquals(list.length, n);
    for (const w of list) assert(w >= 0 && Number.isFinite(w), `${where}: ${list}`);
    assertAlmostEquals(list.reduce((a, b) => a + b, 0), n, 1e-9 * n, where);
  }
  for (
    const value of [
      ...report.contribution.flat(),
      ...report.contributionOut,
      ...report.contributionIn,
      ...report.difficulty,
    ]
  ) assert(value === null || Number.isFinite(value), `${where}: ${value}`);
  report.tasks.forEach((task, j) => {
    const said = report.warnings.filter((text) => text.startsWith(`${task}: `)).join(" ");
    report.contribution.forEach((row, i) => {
      if (i !== j && row[j] === null) {
        assert(said.includes("contributions into it are undefined"), `${where}: ${said}`);
      }
    });
    if (n > 1 && report.contributionIn[j] === null) assert(/C_in|into it/.test(said), `${where}: ${said}`);
    if (n > 1 && report.contributionOut[j] === null) {
      assert(said.includes("C_out is undefined"), `${where}: ${said}`);
    }
    if (report.difficulty[j] === null) assert(/difficulty is undefined/.test(said), `${where}: ${said}`);
  });
}

/** That reports of a table and of its tasks in another order are the same but for the order. */
function assertEquivariant(a: WeightsReport, b: WeightsReport, order: readonly number[], where: string) {
  order.forEach((from, to) => assertAlmostEquals(b.lambda[to]!, a.lambda[from]!, 1e-6, where));
}

const moved = <A>(list: readonly A[], order: readonly number[]) => order.map((i) => list[i]!);

Deno.test("the paper’s weights sum to N, are above 0, finite, and every undefined value is named: 4,000 tables", () => {
  for (let k = 0; k < 4000; k++) {
    const random = new Random(`paper ${k}`);
    const table = randomTable(random);
    const temperature = random.int(2) === 0 ? "auto" : 0.5;
    const report = weightsFromScores(table, { temperature });
    assertReport(report, `table ${k}`);
    // A weight is above 0 as far as numbers reach: an extreme C leaves exp(C/T) beyond them in one part only.
    for (const w of report.lambda) assert(w > 0, `table ${k}: ${report.lambda}`);
    const order = random.shuffle(table.tasks.map((_, i) => i));
    const other = weightsFromScores({
      tasks: moved(table.tasks, order),
      mini: moved(table.mini, order),
      plus: moved(table.plus, order).map((row) => moved(row, order)),
      ...(table.floor && { floor: moved(table.floor, order) }),
    }, { temperature });
    // Where T is searched, rounding may move it by one step.
    if (temperature !== "auto") assertEquivariant(report, other, order, `table ${k}`);
  }
});

Deno.test("so they do for scores of any size that a number can have: 2,000 tables", () => {
  for (let k = 0; k < 2000; k++) {
    const random = new Random(`size ${k}`);
    const n = 2 + random.int(4);
    const score = () => (random.int(2) === 0 ? -1 : 1) * 10 ** (616 * random.next() - 308);
    const row = () => Array.from({ length: n }, score);
    const table = { tasks: names.slice(0, n), mini: row(), plus: Array.from({ length: n }, row) };
    for (const temperature of ["auto", 0.5] as const) {
      assertReport(weightsFromScores(table, { temperature }), `table ${k}`);
    }
  }
});

Deno.test("noise-aware weights keep the same, and the band: 2,000 tables", () => {
  for (let k = 0; k < 2000; k++) {
    const random = new Random(`noise ${k}`);
    const model = randomModel(random);
    const draws = 1 + random.int(3);
    const table = answers(random, model, 1 + random.int(30), draws, random.int(2) * 0.05);
    const report = noiseWeights(table);
    assertReport(report, `table ${k}`);
    for (const w of report.lambda) assert(w >= 0.5 - 1e-9 && w <= 2 + 1e-9, `table ${k}: ${report.lambda}`);
    assert(report.temperature >= 0.5);
    const order = random.shuffle(table.tasks.map((_, i) => i));
    assertEquivariant(report, noiseWeights(reordered(table, order)), order, `table ${k}`);
  }
});

Deno.test("so they do with groups and fixed weights: 1,000 tables", () => {
  for (let k = 0; k < 1000; k++) {
    const random = new Random(`units ${k}`);
    const model = randomModel(random);
    const groups: Record<string, string[]> = {};
    const fixed: Record<string, number> = {};
    for (const task of model.tasks) {
      const kind = random.int(6);
      if (kind < 4) (groups[`group ${kind % 2}`] ??= []).push(task);
      else if (kind === 4) fixed[task] = 0.1 + 3 * random.next();
    }
    const [questions, draws, luck] = [1 + random.int(30), 1 + random.int(3), random.int(2) * 0.05];
    const table = answers(random, model, questions, draws, luck, undefined, { groups, fixed });
    const report = noiseWeights(table);
    const where = `table ${k}`;
    const balanced = model.tasks.filter((task) => !(task in fixed));
    const of = (task: string) => report.tasks.indexOf(task);
    for (const list of [report.lambda, report.lambdaOut, report.lambdaIn, report.lambdaDifficulty]) {
      for (const w of list) assert(w >= 0 && Number.isFinite(w), `${where}: ${list}`);
      for (const [task, weight] of Object.entries(fixed)) assertEquals(list[of(task)], weight, where);
    }
    for (const w of report.lambda) assert(w > 0, where);
    const sum = balanced.reduce((sum, task) => sum + report.lambda[of(task)]!, 0);
    assertAlmostEquals(sum, balanced.length, 1e-9, where);
    for (const members of Object.values(groups)) {
      assertEquals(new Set(members.map((task) => report.lambda[of(task)])).size, 1, where);
      assertEquals(new Set(members.map((task) => report.difficulty[of(task)])).size, 1, where);
    }
    for (const { name, tasks } of table.units) {
      const said = report.warnings.filter((text) => text.startsWith(`${name}: `)).join(" ");
      if (report.difficulty[tasks[0]!] === null) {
        assert(/difficulty is undefined/.test(said), `${where}: ${said}`);
      }
      if (table.units.length > 1 && report.contributionIn[tasks[0]!] === null) {
        assert(/C_in|into it/.test(said), `${where}: ${said}`);
      }
    }
    for (const value of [...report.contribution.flat(), ...report.contributionOut, ...report.difficulty]) {
      assert(value === null || Number.isFinite(value), `${where}: ${value}`);
    }
    const order = random.shuffle(table.tasks.map((_, i) => i));
    assertEquivariant(report, noiseWeights(reordered(table, order)), order, where);
    // The fixed tasks may as well not be there.
    if (table.units.length > 0) {
      const alone = noiseWeights(balancedPoints(table));
      assertEquals(alone.lambda, balanced.map((task) => report.lambda[of(task)]), where);
    }
    if (k % 20 > 0) continue;
    const intervals = noiseIntervals(table, {}, { replicates: 60 });
    const found = [...intervals.lambda, ...intervals.contribution.flat(), ...intervals.difficulty];
    for (const each of found) {
      assert(each === null || (each.every(Number.isFinite) && each[0] <= each[1]), where);
    }
    for (const [task, w] of Object.entries(fixed)) assertEquals(intervals.lambda[of(task)], [w, w], where);
  }
});

Deno.test("tasks that score alike weigh alike", () => {
  const tasks = names.slice(0, 4);
  const right = (n: number) => Array.from({ length: 60 }, (_, q) => q < n ? 100 : 0);
  const row = (n: number) => tasks.map(() => right(n));
  const draw: DrawPoints = {
    mini: row(20),
    plus: tasks.map((_, i) => tasks.map((_, j) => right(i === j ? 45 : 25))),
    blank: row(10),
  };
  for (const draws of [1, 3]) {
    const { lambda } = noiseWeights(pointTable(tasks, Array.from({ length: draws }, () => draw)));
    lambda.forEach((w) => assertAlmostEquals(w, 1, 1e-9));
  }
  const scores = {
    tasks,
    mini: [20, 20, 20, 20],
    plus: tasks.map((_, i) => tasks.map((_, j) => i === j ? 45 : 25)),
  };
  weightsFromScores(scores).lambda.forEach((w) => assertAlmostEquals(w, 1, 1e-12));
});

Deno.test("intervals are finite and ordered, undefined where the value is, the same bits twice: 60 tables", () => {
  for (let k = 0; k < 60; k++) {
    const random = new Random(`interval ${k}`);
    const table = answers(random, randomModel(random), 1 + random.int(30), 1 + random.int(3), 0.05);
    const make = [
      () => noiseIntervals(table, {}, { replicates: 60 }),
      () => paperIntervals(table, DEFAULT_ALPHA, 0.5, { replicates: 60 }),
    ];
    for (const of of make) {
      const found = of();
      assertEquals(of(), found);
      const all = [
        ...found.ownGain,
        ...found.lambda,
        ...found.contribution.flat(),
        ...found.contributionIn,
        ...found.contributionOut,
        ...found.difficulty,
      ];
      for (const each of all) {
        assert(each === null || (each.every(Number.isFinite) && each[0] <= each[1]), `table ${k}: ${each}`);
      }
    }
    const weights = noiseWeights(table);
    const intervals = make[0]!();
    weights.difficulty.forEach((d, i) => assert(d !== null || intervals.difficulty[i] === null));
  }
});
