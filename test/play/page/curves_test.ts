import { assertEquals, assertStringIncludes } from "@std/assert";
import { curvesFigure, sentence } from "../../../src/play/page/curves.ts";
import { answerCards, noteAnswers } from "../../../src/play/page/answers.ts";
import type { ShownRun } from "../../../src/play/page/runs.ts";
import type { Example } from "../../../src/run/records/example.ts";

const TASKS = ["vqa", "<b>"];

const run = (name: ShownRun["name"], weights: number[], losses: [number, number][]): ShownRun => ({
  name,
  weights,
  steps: 10,
  seed: 1,
  points: losses.map((loss, i) => ({ step: 5 * i, loss })),
});

const EQUAL = run("equal", [1, 1], [[3, 2], [1, 1], [0.5, 0.8]]);

Deno.test("the sentence says what the curves do", () => {
  const yours = (last: [number, number]) => run("yours", [2, 1], [[3, 2], [1, 1], last]);
  assertEquals(sentence(TASKS, []), "Nothing is trained yet.");
  assertEquals(
    sentence(TASKS, [EQUAL]),
    "After 10 steps of 10 with equal weights the loss of every task has fallen.",
  );
  assertEquals(
    sentence(TASKS, [EQUAL, yours([0.4, 0.9])]),
    "After 10 steps of 10 the loss with your weights is lower for vqa, and higher for <b>, than with equal ones.",
  );
  assertEquals(
    sentence(TASKS, [EQUAL, yours([0.501, 0.799])]),
    "After 10 steps of 10 the loss with your weights is as with equal ones.",
  );
  assertEquals(
    sentence(TASKS, [EQUAL, run("yours", [2, 1], [[3, 2]])]),
    "Training with your weights begins where that with equal ones began.",
  );
});

Deno.test("equal weights are the thin line beside the visitor's, and the table has both", () => {
  const { text } = curvesFigure(TASKS, [EQUAL, run("yours", [3, 1], [[3, 2], [0.7, 1.2]])]);
  assertEquals(text.match(/<polyline class="thin"/g)?.length, 2);
  assertEquals(text.match(/<polyline/g)?.length, 4);
  assertStringIncludes(text, "your λ, mean 1");
  assertStringIncludes(text, "1.50");
  assertStringIncludes(
    text,
    "Loss of vqa, equal weights: 3.00 at step 0, 0.50 at step 10. Loss of vqa, your weights",
  );
  assertEquals(text.includes("<b></p>"), false);
  assertEquals(curvesFigure(TASKS, [EQUAL]).text.includes('class="thin"'), false);
});

Deno.test("answers are noted at their questions, and taken away before another training", () => {
  const example = (id: string, metric: Example["metric"]): Example => ({
    task: "vqa",
    metric,
    index: 0,
    id,
    turn: 0,
    before: [],
    question: "?",
    truth: "yes",
    images: [],
    answers: {},
  });
  const examples = [example("1", "exact-match"), example("2", "cider")];
  const answer = (id: string) => ({ task: "vqa", id, turn: 0, answer: "yes", score: 100 });
  noteAnswers(examples, "yours", [answer("1"), answer("2")]);
  const { text } = answerCards(examples);
  assertEquals(text.match(/your weights/g)?.length, 2);
  assertEquals(text.match(/✓ right/g)?.length, 1);
  noteAnswers(examples, "yours", []);
  assertEquals(examples.map(({ answers }) => answers), [{}, {}]);
});
