import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { needs } from "../../house/permissions.ts";
import type { WeightIntervals } from "../../../src/balance/cotbal/noise/intervals.ts";
import type { WeightsReport } from "../../../src/balance/cotbal/weights_from_scores.ts";
import type { ResolvedOptions } from "../../../src/run/records/run_info.ts";
import type { Prepared } from "../../../src/tune/data/prepare.ts";
import { readJson, writeJson } from "../../../src/run/files.ts";
import { runBalancePart } from "../../../src/tune/parts/balance_part.ts";

const test = needs("read", "write");

test("runBalancePart gathers scores by name, in the order of the tasks, and has them weighed", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // The scores of a file stand in any order.
    const result = (b: number, a: number) => ({ scores: [{ task: "b", score: b }, { task: "a", score: a }] });
    const files = {
      mini: result(20, 40),
      "plus-a": result(26, 50),
      "plus-b": result(50, 42),
      base: { scores: [] },
    };
    for (const [name, value] of Object.entries(files)) await writeJson(join(folder, `${name}.json`), value);
    const question = { questions: [{}, {}] };
    const context = {
      folder,
      options: { tasks: ["a", "b"], temperature: 0.5, seeds: [1] } as unknown as ResolvedOptions,
      prepared: {
        dataset: { tasks: [{ metric: "iou" }, { metric: "anls" }] },
        questions: { val: [question, question] },
      } as unknown as Prepared,
    };
    await runBalancePart({
      kind: "balance",
      id: "balance",
      seed: 4,
      file: "weights.json",
      needs: [],
      method: "cotbal",
      table: "validation.json",
      scores: { base: "base.json", mini: "mini.json", plus: ["plus-a.json", "plus-b.json"] },
    }, context);
    assertEquals(await readJson(join(folder, "validation.json")), {
      seed: 4,
      tasks: ["a", "b"],
      metrics: ["iou", "anls"],
      base: [null, null], // scored on neither
      mini: [40, 20],
      plus: [[50, 26], [42, 50]],
      questions: [2, 2],
    });
    const weights = await readJson<{ contributionOut: number[] }>(join(folder, "weights.json"));
    assertEquals(weights?.contributionOut, [0.2, 0.2]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("runBalancePart hands over the points of the questions, and writes intervals before the weights", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const result = (a: number, b: number) => ({
      scores: [{ task: "a", score: 10 * a }, { task: "b", score: 10 * b }],
      answers: [["b", b] as const, ["a", a] as const].flatMap(([task, right]) =>
        Array.from({ length: 10 }, (_, q) => ({ task, score: q < right ? 100 : 0 }))
      ),
    });
    const files = { mini: result(4, 2), "plus-a": result(8, 3), "plus-b": result(5, 9), base: result(0, 0) };
    for (const [name, value] of Object.entries(files)) await writeJson(join(folder, `${name}.json`), value);
    const question = { questions: Array.from({ length: 10 }, () => ({})) };
    const context = {
      folder,
      options: { tasks: ["a", "b"], temperature: 0.5, seeds: [1] } as unknown as ResolvedOptions,
      prepared: {
        dataset: { tasks: [{ metric: "iou" }, { metric: "anls" }] },
        questions: { val: [question, question] },
      } as unknown as Prepared,
    };
    for (const method of ["cotbal", "noise-aware"]) {
      await runBalancePart({
        kind: "balance",
        id: `balance-${method}`,
        seed: 4,
        file: `weights-${method}.json`,
        needs: [],
        method,
        table: `validation-${method}.json`,
        intervals: `intervals-${method}.json`,
        scores: { base: "base.json", mini: "mini.json", plus: ["plus-a.json", "plus-b.json"] },
      }, context);
      const intervals = await readJson<WeightIntervals>(join(folder, `intervals-${method}.json`));
      const weights = await readJson<WeightsReport>(join(folder, `weights-${method}.json`));
      assertEquals([intervals?.draws, intervals?.questions], [1, [10, 10]]);
      weights!.lambda.forEach((w, i) => {
        const [low, high] = intervals!.lambda[i]!;
        assert(low <= w && w <= high, `${method}: ${low} ${w} ${high}`);
      });
    }
    const table = await readJson<object>(join(folder, "validation-cotbal.json"));
    assertEquals(Object.keys(table!), ["seed", "tasks", "metrics", "base", "mini", "plus", "questions"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
