import { assertEquals } from "@std/assert";
import { evaluationItems } from "../../../src/data/draw/evaluation_items.ts";

Deno.test("evaluationItems: every turn of every sample, in order", () => {
  const samples = [1, 2].map((n) => ({
    id: `${n}`,
    task: "vqa",
    images: [],
    turns: Array.from(
      { length: n },
      (_, t) => ({ question: `q${t}`, answer: `a${t}`, ...(t === 0 ? { template: "x" } : {}) }),
    ),
    file: "vqa_val.json",
  }));
  const [first, second] = samples;
  assertEquals(evaluationItems([]), []);
  assertEquals(evaluationItems(samples), [
    { sample: first!, turn: 0, question: "q0", truth: "a0", template: "x" },
    { sample: second!, turn: 0, question: "q0", truth: "a0", template: "x" },
    { sample: second!, turn: 1, question: "q1", truth: "a1" },
  ]);
});

Deno.test("evaluationItems: turns that hold one list of references are one question", () => {
  const references = ["a cat", "a small cat"];
  const of = (id: string, answer: string, list: string[] | undefined) => ({
    id,
    task: "caption",
    images: ["1.png"],
    turns: [{ question: "What is it?", answer, ...(list === undefined ? {} : { references: list }) }],
    file: "caption_val.json",
  });
  const samples = [
    of("1", "a cat", references),
    of("2", "a small cat", references),
    of("3", "a cat", [...references]),
    of("4", "a cat", undefined),
    of("5", "a cat", undefined),
  ];
  const items = evaluationItems(samples);
  assertEquals(items.map(({ sample }) => sample.id), ["1", "3", "4", "5"]);
  assertEquals(items[0], {
    sample: samples[0]!,
    turn: 0,
    question: "What is it?",
    truth: "a cat",
    references,
  });
});
