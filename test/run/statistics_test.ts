import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { meanInterval } from "../../src/balance/compare/statistics.ts";
import { methodFolder } from "../../src/run/folders.ts";
import type { PartResult } from "../../src/run/records/part_result.ts";
import { referenceMethod, runStatistics } from "../../src/run/statistics.ts";

const cost = {
  part: "",
  conversations: 0,
  steps: 0,
  tokens: 0,
  answerTokens: 0,
  trainSeconds: 0,
  evaluateSeconds: 0,
};

/** Tests of methods: `points[method][seed][task][question]`. */
function input(points: Record<string, number[][][]>, seeds = [1, 2, 3]) {
  const tasks = ["a", "b"];
  const methods = Object.keys(points);
  const parts = new Map<string, PartResult>();
  for (const method of methods) {
    for (const [s, seed] of seeds.entries()) {
      const part = methodFolder(method, seeds, seed);
      const answers = points[method]![s]!.flatMap((questions, t) =>
        questions.map((score, q) => ({ id: `${q}`, task: tasks[t]!, turn: 0, answer: "", score }))
      );
      parts.set(part, { part, seed, split: "test", scores: [], answers, cost });
    }
  }
  return { tasks, methods, seeds, parts, weights: [] };
}

const ew = [[[0, 100], [50]], [[100, 100], [0]], [[0, 0], [100]]];
const plus = (by: number[]) => ew.map((tasks, s) => tasks.map((points) => points.map((x) => x + by[s]!)));

Deno.test("runStatistics pairs methods by seed and question", () => {
  const by = [1, 2, 3];
  const { reference, differences, scores } = runStatistics(input({ ew, tla: plus(by) }));
  assertEquals(reference, "ew");
  const { mean, tasks } = differences[0]!;
  assertEquals([differences.length, differences[0]!.method], [1, "tla"]);
  const { low, high } = meanInterval(by);
  assertAlmostEquals(mean.low!, low!, 1e-9);
  assertAlmostEquals(mean.high!, high!, 1e-9);
  // All questions differ alike, so the bootstrap draws seeds alone, and knows their range.
  assertEquals([mean.bootstrap!.mean, mean.bootstrap!.low >= 1, mean.bootstrap!.high <= 3], [2, true, true]);
  // One method: the mean is not corrected, its two tasks are.
  assertEquals(mean.corrected, mean.p);
  assertAlmostEquals(tasks[0]!.corrected!, 2 * tasks[0]!.p!, 1e-12);
  assertEquals(mean.seedsNeeded, 10); // a deviation of one point
  assertEquals(scores.ew!.tasks.map(({ mean }) => mean), [50, 50]);
});

Deno.test("runStatistics does not say how many seeds it takes where no seed differs from another", () => {
  const [one] = runStatistics(input({ ew, tla: ew })).differences;
  assertEquals([one!.mean.deviation, one!.mean.seedsNeeded], [0, null]);
  assertEquals(one!.tasks.map((task) => task.seedsNeeded), [null, null]);
});

Deno.test("runStatistics corrects for the number of methods", () => {
  const { differences } = runStatistics(input({ ew, tla: plus([1, 2, 3]), cotbal: plus([5, 6, 9]) }));
  const [tla, cotbal] = differences;
  assert(cotbal!.mean.p! < tla!.mean.p!);
  assertAlmostEquals(cotbal!.mean.corrected!, 2 * cotbal!.mean.p!, 1e-12);
});

Deno.test("runStatistics with one seed draws questions, and claims nothing", () => {
  const one = input({ ew: ew.slice(0, 1), tla: plus([1, 2, 3]).slice(0, 1) }, [4]);
  const { differences, scores, agreement } = runStatistics(one);
  const { mean } = differences[0]!;
  assertEquals([mean.p, mean.low, mean.wide, mean.corrected, mean.seedsNeeded], [
    null,
    null,
    null,
    null,
    null,
  ]);
  assertAlmostEquals(mean.bootstrap!.mean, 1, 1e-9);
  assert(scores.ew!.tasks[0]!.low < scores.ew!.tasks[0]!.high);
  assertEquals(agreement, null);
});

Deno.test("runStatistics without a pair, with other questions, or a part that is missing", () => {
  assertEquals(runStatistics(input({ tla: ew })).reference, null);
  const other = input({ ew, tla: ew });
  for (const [id, part] of other.parts) {
    if (id.endsWith("tla")) part.answers = part.answers.map((answer) => ({ ...answer, id: `x${answer.id}` }));
  }
  const { mean } = runStatistics(other).differences[0]!;
  assertEquals([mean.bootstrap, mean.mean], [null, 0]);
  other.parts.delete("seed-2/methods/ew");
  assertThrows(() => runStatistics(other), Error, "seed-2/methods/ew has no result yet");
});

Deno.test("runStatistics measures how seeds agree, term by term", () => {
  const weights = [[1, 2, 3], [1, 2, 3], [3, 2, 1]].map((list) => ({
    method: "cotbal",
    weights: {
      contributionOut: list,
      contributionIn: list.map(() => null),
      difficulty: [1, 2, 3],
      lambda: list,
    },
  }));
  const { agreement } = runStatistics({ ...input({ ew }), weights });
  assertAlmostEquals(agreement!.out.mean!, -1 / 3, 1e-12);
  assertEquals([agreement!.in.mean, agreement!.difficulty.mean, agreement!.lambda.low], [null, 1, -1]);
});

Deno.test("the reference is EW if it ran, else the base, else the first", () => {
  assertEquals(referenceMethod(["cotbal", "stl", "ew"]), "ew");
  assertEquals(referenceMethod(["cotbal", "stl"]), "stl");
  assertEquals(referenceMethod(["cotbal", "tla"]), "cotbal");
  assertEquals(referenceMethod([]), null);
});
