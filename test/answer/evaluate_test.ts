import { assertEquals } from "@std/assert";
import { evaluate, type Question } from "../../src/answer/evaluate.ts";
import { unfinishedAnswers } from "../../src/answer/unfinished.ts";
import { buildTokenizer } from "../../src/data/text/build_tokenizer.ts";
import { loadTokenizer } from "../../src/data/text/tokenizer.ts";
import type { EngineModel } from "../../src/train/engine.ts";

const tokenizer = loadTokenizer(buildTokenizer(["one", "two", "three"]));

/** Says as many words as the prompt is long, then stops. */
const model = {
  maxPositions: 12,
  generate: (prompts, { maxNewTokens }) =>
    Promise.resolve(
      prompts.map(({ ids }) =>
        new Int32Array(Math.min(ids.length, maxNewTokens)).fill(tokenizer.encode("one")[0]!)
      ),
    ),
} as Pick<EngineModel, "maxPositions" | "generate"> as EngineModel;

const question = (length: number): Question => ({
  sample: { id: `${length}`, task: "count", images: [], turns: [], file: "count_test.json" },
  turn: 0,
  question: "how many?",
  truth: "one",
  prompt: new Int32Array(length),
  images: [],
  tiles: 0,
});

Deno.test("answers that ran into the limit are counted, task by task", async () => {
  const task = (name: string, lengths: number[], maxNewTokens: number) => ({
    task: name,
    metric: "exact-match" as const,
    questions: lengths.map(question),
    maxNewTokens,
  });
  const { scores } = await evaluate(model, [task("short", [1, 2, 3, 4], 3), task("long", [1, 2], 3)], {
    tokenizer,
    stops: [2],
    features: () => [],
  });
  assertEquals(scores.map(({ unfinished, maxNewTokens }) => [unfinished, maxNewTokens]), [[2, 3], [0, 3]]);
  assertEquals(unfinishedAnswers(scores), "short 2 of 4 (limit 3 tokens)");
  assertEquals(unfinishedAnswers(scores.map(({ unfinished: _, ...older }) => older)), undefined);
  // Fewer tokens where the model reads no more positions.
  const { scores: [full] } = await evaluate(model, [task("full", [7], 9)], {
    tokenizer,
    stops: [2],
    features: () => [],
  });
  assertEquals(full!.unfinished, 1);
});
