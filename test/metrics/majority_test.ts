import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { type AnswerItem, majorityScores } from "../../src/metrics/majority.ts";
import { METRICS } from "../../src/metrics/metric_name.ts";
import { score } from "../../src/metrics/score.ts";
import { Random } from "../../src/random.ts";

const answers = (truths: string[], template?: string): AnswerItem[] =>
  truths.map((truth) => ({ truth, ...(template !== undefined && { template }) }));

Deno.test("majorityScores of exact-match is the most frequent answer, whatever its case", () => {
  const train = answers(["Red", "blue", "red.", "blue", "red"]);
  const { overall, perTemplate } = majorityScores(
    train,
    answers(["red", "red", "blue", "green"]),
    "exact-match",
  );
  assertEquals([overall.answer, overall.score.score, perTemplate], ["Red", 50, null]);
});

Deno.test("majorityScores gives ties to the answer seen first", () => {
  assertEquals(
    majorityScores(answers(["b", "a", "a", "b"]), answers(["a"]), "exact-match").overall.answer,
    "b",
  );
});

Deno.test("majorityScores answers by template, and with the overall answer where a template is new", () => {
  const train = [
    ...answers(["yes", "yes", "no", "yes"], "exists"),
    ...answers(["2", "2", "3"], "count"),
    ...answers(["yes"]), // no template: only in the overall answer
  ];
  const test = [...answers(["yes", "no"], "exists"), ...answers(["2"], "count"), ...answers(["yes"], "new")];
  const { overall, perTemplate } = majorityScores(train, test, "exact-match");
  assertEquals([overall.answer, overall.score.score], ["yes", 50]);
  assertEquals([...perTemplate!.answers], [["exists", "yes"], ["count", "2"]]);
  assertEquals(perTemplate!.score.score, 75);
});

Deno.test("majorityScores chooses on the training set alone", () => {
  const train = answers(["a", "a", "b"]);
  assertEquals(majorityScores(train, answers(["b", "b"]), "exact-match").overall.score.score, 0);
});

Deno.test("majorityScores of relaxed-match finds the number near most others", () => {
  // 7 is the most frequent, but 100 is within 5% of four answers.
  const train = answers(["7", "7", "100", "98", "103", "104"]);
  const { overall } = majorityScores(train, train, "relaxed-match");
  assertEquals(overall.answer, "100");
  assertAlmostEquals(overall.score.score, 100 * 4 / 6, 1e-9);
});

Deno.test("majorityScores of anls finds the text nearest to the others", () => {
  const { overall } = majorityScores(answers(["stop", "shop", "step", "xyzw"]), answers(["stop"]), "anls");
  assertEquals(overall.answer, "stop");
});

Deno.test("majorityScores of cider finds the caption most like the others", () => {
  const train = answers([
    "two bars over a sign",
    "a red circle and a blue square",
    "a red circle and a green square",
    "a red circle and a blue star",
  ]);
  const { overall } = majorityScores(train, train, "cider");
  assertEquals(overall.answer, "a red circle and a blue square");
  for (const { truth } of train) {
    const other = score("cider", train.map((item) => ({ truth: item.truth, prediction: truth })));
    assert(other.score <= overall.score.score + 1e-12);
  }
});

Deno.test("majorityScores of iou takes the best of mean, median and frequent boxes", () => {
  // No box overlaps another by more than a half, but their mean overlaps all of them.
  const train = answers(["[0.2, 0.2, 0.8, 0.6]", "[0.2, 0.4, 0.8, 0.8]"]);
  const { overall } = majorityScores(train, train, "iou");
  assertEquals([overall.answer, overall.score.score], ["[0.2, 0.3, 0.8, 0.7]", 100]);
  // A box given often beats the mean, which lies between.
  const often = answers(["[0, 0, 0.1, 0.1]", "[0, 0, 0.1, 0.1]", "[0.8, 0.8, 1, 1]"]);
  assertEquals(majorityScores(often, often, "iou").overall.answer, "[0, 0, 0.1, 0.1]");
});

Deno.test("majorityScores is at least the most frequent answer's training score", () => {
  const random = new Random(3);
  const train = answers(
    Array.from({ length: 60 }, () => `${random.int(4)} ${random.pick(["red", "blue"])} bars`),
  );
  const first = train[0]!.truth;
  for (const metric of METRICS.filter((name) => name !== "iou")) {
    const { overall } = majorityScores(train, train, metric);
    const other = score(metric, train.map((item) => ({ truth: item.truth, prediction: first })));
    assert(overall.score.score >= other.score - 1e-9, metric);
  }
});

Deno.test("majorityScores of a benchmark gives the same each time", () => {
  const random = new Random(4);
  const word = () =>
    random.pick(["red", "blue", "green", "circle", "star", "left", "of", "a", "the", "small"]);
  const captions = answers(Array.from({ length: 1000 }, () => Array.from({ length: 30 }, word).join(" ")));
  const first = majorityScores(captions, captions.slice(0, 300), "cider");
  assertEquals(majorityScores(captions, captions.slice(0, 300), "cider"), first);
});

Deno.test("majorityScores refuses empty sets and boxes that are none", () => {
  assertThrows(
    () => majorityScores([], answers(["a"]), "anls"),
    InputError,
    "majority, anls: expected training answers",
  );
  assertThrows(
    () => majorityScores(answers(["a"]), [], "anls"),
    InputError,
    "majority, anls: expected test answers",
  );
  const boxes = answers(["[0, 0, 1, 1]", "left"]);
  assertThrows(() => majorityScores(boxes, answers(["[0, 0, 1, 1]"]), "iou"), InputError, "iou, item 2");
});

Deno.test("majorityScores takes the answer that is true for most questions, any of their references", () => {
  const train = [
    { truth: "sofa", references: ["sofa", "couch", "Couch"] },
    { truth: "sofa" },
    { truth: "settee", references: ["settee", "couch"] },
    { truth: "couch" },
  ];
  const { overall } = majorityScores(train, train, "exact-match");
  assertEquals([overall.answer, overall.score.score], ["couch", 75]);
  const votes = [
    { truth: "yes", references: ["yes", "yes", "no", "no", "no", "no"] },
    { truth: "yes", references: ["yes", "maybe", "no", "no", "no", "no"] },
  ];
  const vqa = majorityScores(votes, votes, "vqa-accuracy").overall;
  assertEquals([vqa.answer, vqa.score.score], ["no", 100]);
});

Deno.test("majorityScores of multiple-choice reads the options of each question", () => {
  const train = [
    { truth: "red", question: "Which?\nA. blue\nB. red" },
    { truth: "green", question: "Which?\nA. blue\nB. green" },
    { truth: "B", question: "Which?\nA. blue\nB. black" },
    { truth: "red", question: "Which?\nA. red\nB. blue" },
  ];
  const { overall } = majorityScores(train, train, "multiple-choice");
  assertEquals([overall.answer, overall.score.score], ["B", 75]);
});
