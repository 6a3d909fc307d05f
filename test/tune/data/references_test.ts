import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Dataset, Sample, Turn } from "../../../src/data/types.ts";
import type { MetricName } from "../../../src/metrics/metric_name.ts";
import { questionsOf } from "../../../src/answer/questions.ts";
import { references } from "../../../src/tune/data/references.ts";

function dataset(metric: MetricName, train: Turn[][], test: Turn[][]): Dataset {
  const samples = (turns: Turn[][]) =>
    new Map([[
      "t",
      turns.map((turns, i): Sample => ({ id: `${i}`, task: "t", images: [], turns, file: "t.json" })),
    ]]);
  return {
    tasks: [{ name: "t", metric }],
    samples: { train: samples(train), val: new Map(), test: samples(test) },
    notes: [],
  };
}

function scores(metric: MetricName, train: Turn[][], test: Turn[][]) {
  const data = dataset(metric, train, test);
  const questions = questionsOf(data, "test", "t", null);
  return references(data, [{ task: "t", metric, questions, maxNewTokens: 4 }]);
}

const turn = (answer: string, template?: string): Turn => (
  { question: "?", answer, ...(template === undefined ? {} : { template }) }
);

Deno.test("chance is one over the answers of a template, majority the most frequent one", () => {
  const train = [
    [turn("yes", "exists"), turn("no", "exists")],
    [turn("yes", "exists")],
    [turn("1", "count"), turn("2", "count"), turn("3", "count"), turn("3", "count")],
  ];
  const test = [[turn("no", "exists"), turn("3", "count")], [turn("yes", "exists")], [turn("1", "count")]];
  const found = scores("exact-match", train, test);
  assertAlmostEquals(found.chance[0]!, 100 * (1 / 2 + 1 / 3) / 2);
  assertEquals(found.majorityAnswer, ["yes"]);
  assertEquals(found.majority, [25]);
  assertEquals(found.majorityPerTemplate, [50]);
});

Deno.test("without templates there is no majority a template", () => {
  const found = scores("exact-match", [[turn("a")], [turn("b")]], [[turn("a")]]);
  assertEquals([found.chance, found.majority, found.majorityPerTemplate], [[50], [100], [null]]);
});

Deno.test("the chance of a box is the score of the other questions' boxes", () => {
  const box = [turn("[0, 0, 0.5, 0.5]")];
  const far = [turn("[0.5, 0.5, 1, 1]")];
  assertEquals(scores("iou", [box, far], [box, far]).chance, [0]);
  assertEquals(scores("iou", [box, far], [box, box]).chance, [100]);
});

Deno.test("limited questions come from as many conversations as possible", () => {
  const data = dataset("exact-match", [], [[turn("a"), turn("b")], [turn("c"), turn("d")], [turn("e")]]);
  assertEquals(questionsOf(data, "test", "t", 4).map(({ truth }) => truth), ["a", "c", "e", "b"]);
  assertEquals(questionsOf(data, "test", "t", null).length, 5);
  assertEquals(questionsOf(data, "val", "t", null), []);
});

Deno.test("chance and majority count every reference of a question", () => {
  const sofa: Turn = { question: "What?", answer: "sofa", references: ["sofa", "couch"] };
  const found = scores("exact-match", [[sofa], [turn("couch")]], [[sofa], [turn("bed")]]);
  assertEquals([found.majorityAnswer, found.majority], [["couch"], [50]]);
  // Guesses are "sofa" and "couch": both right for the first question, neither for the second.
  assertEquals(found.chance, [50]);
});
