import { assertAlmostEquals, assertEquals } from "@std/assert";
import { smooth } from "../../../../src/report/sections/results/loss.ts";
import type { LossCurve } from "../../../../src/run/records/loaded_run.ts";
import type { MetricsLine } from "../../../../src/run/records/metrics_line.ts";

function curve(seed: number, losses: (number | null)[], tokens: number[]): LossCurve {
  const lines = losses.map((loss, i): MetricsLine => ({
    step: i + 1,
    loss: 0,
    gradNorm: 1,
    learningRate: 0,
    taskLoss: [loss],
    taskTokens: [tokens[i] ?? 0],
    answerTokens: 0,
    tokens: 0,
    conversations: 0,
    seconds: 0,
  }));
  return { part: "methods/ew", seed, lines };
}

Deno.test("a stretch is the mean over its tokens", () => {
  const found = smooth([curve(1, [4, 2, 1, 1], [10, 30, 20, 20])], 0, 2)!;
  assertEquals(found.tokens, [20, 60]);
  assertAlmostEquals(found.loss[0]!, (4 * 10 + 2 * 30) / 40);
  assertAlmostEquals(found.loss[1]!, 1);
});

Deno.test("steps without the task leave no trace", () => {
  const with0 = smooth([curve(1, [4, null, 1], [10, 0, 10])], 0, 2);
  assertEquals(with0, smooth([curve(1, [4, 1], [10, 10])], 0, 2));
  assertEquals(smooth([curve(1, [null, null], [0, 0])], 0, 2), null);
  assertEquals(smooth([], 0, 2), null);
});

Deno.test("over seeds: mean, lowest and highest", () => {
  const found = smooth([curve(1, [4, 2], [10, 10]), curve(2, [2, 2], [10, 10])], 0, 2)!;
  assertEquals(found, { tokens: [5, 15], loss: [3, 2], low: [2, 2], high: [4, 2] });
});
