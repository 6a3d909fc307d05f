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
