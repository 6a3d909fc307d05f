import { assertEquals } from "@std/assert";
import { multipleChoice, parseChoice, parseOptions } from "../../src/metrics/multiple_choice.ts";
import { score } from "../../src/metrics/score.ts";

const QUESTIONS: [name: string, question: string, options: [string, string][]][] = [
  ["lines with points", "What is it?\nA. red\nB. dark blue", [["A", "red"], ["B", "dark blue"]]],
  ["lines with brackets", "What is it?\nA) red\n B) blue\nC) green", [["A", "red"], ["B", "blue"], [
    "C",
    "green",
  ]]],
  ["lines with colons", "A: red\nB: blue\nAnswer with a letter.", [["A", "red"], ["B", "blue"]]],
  ["in a row", "What is it? A. red B. dark blue", [["A", "red"], ["B", "dark blue"]]],
  ["in brackets", "Which one? (A) red, (B) blue or (C) green", [["A", "red"], ["B", "blue"], ["C", "green"]]],
  ["in brackets, a line each", "Options:\n(A) a cat\n(B) a dog\n", [["A", "a cat"], ["B", "a dog"]]],
  [
    "ScienceQA",
    "Context: N/A\nWhich is alive? Options: (A) rock (B) fern\nAnswer:",
    [["A", "rock"], ["B", "fern"]],
  ],
  [
    "the last of several lists",
    "What?\nA. one\nB. two\nAnswer: B\nWhat?\nA. three\nB. four\nC. five",
    [["A", "three"], ["B", "four"], ["C", "five"]],
  ],
  ["none", "What colour is it?", []],
  ["only one", "Look at figure A. What is it?", []],
  ["not from A on", "B. red\nC. blue", []],
  ["a letter out of turn", "A. red\nD. vitamin\nB. blue", [["A", "red"], ["B", "blue"]]],
  ["other signs inside", "A. 3.5 m (long)\nB. U.S.A.", [["A", "3.5 m (long)"], ["B", "U.S.A."]]],
];

for (const [name, question, options] of QUESTIONS) {
  Deno.test(`parseOptions: ${name}`, () => {
    assertEquals([...parseOptions(question)], options);
  });
}

const OPTIONS = new Map([["A", "a cat"], ["B", "red"], ["C", "dark blue"], ["D", "red"], ["E", "Yes"]]);
const ANSWERS: [answer: string, choice: string | null][] = [
  ["B", "B"],
  ["b", "B"],
  ["B.", "B"],
  ["b)", "B"],
  ["(B)", "B"],
  ["[B]", "B"],
  ["**B**", "B"],
  ['"B"', "B"],
  [" B \n", "B"],
  ["B) red", "B"],
  ["(B) red", "B"],
  ["B. red", "B"],
  ["b. red", "B"],
  ["B: red", "B"],
  ["B - red", "B"],
  ["B, because it is red", "B"],
  ["B.Red", "B"],
  ["B red", "B"],
  ["C dark  blue.", "C"],
  ["A dog", null], // a word, not the letter
  ["a cat", "A"],
  ["A Cat.", "A"],
  ["dark blue", "C"],
  ["Dark Blue.", "C"],
  ["red", null], // two options say so
  ["yes", "E"],
  ["The answer is B", "B"],
  ["The answer is B.", "B"],
  ["The answer is (b).", "B"],
  ["the correct option is C because it is dark", "C"],
  ["Answer: C", "C"],
  ["Answer:C", "C"],
  ["**Answer:** C", "C"],
  ["The answer is **C**", "C"],
  ["The answer is: option C.", "C"],
  ["The answer is A", "A"],
  ["The answer is A, since it has fur", "A"],
  ["The answer is a dog", null],
  ["The answer is A dog", null],
  ["The answer is a cat.", "A"],
  ["The answer is dark blue", "C"],
  ["The answer is C, not option A", "C"],
  ["Option A is wrong; the answer is C", "C"],
  ["The answer is B. No: the answer is C", "C"],
  ["Option C", "C"],
  ["I would say (C), as it is dark", "C"],
  ["(A) or (C)", null],
  ["B or C", null],
  ["The answer is B or C.", null],
  ["B. or so", "B"],
  ["Either (A) or (C)", null],
  ["F", null],
  ["The answer is F", null],
  ["The answer is not clear", null],
  ["I do not know", null],
  ["e.g. nothing", null],
  ["", null],
];

for (const [answer, choice] of ANSWERS) {
  Deno.test(`parseChoice of ${JSON.stringify(answer)}`, () =>
    assertEquals(parseChoice(answer, OPTIONS), choice));
}

Deno.test("parseChoice without options takes any letter, and no text", () => {
  assertEquals(["f", "(F) red", "The answer is F"].map((answer) => parseChoice(answer)), ["F", "F", "F"]);
  assertEquals(["red", "U.S. army", "A red cat", "I think so"].map((answer) => parseChoice(answer)), [
    null,
    null,
    null,
    null,
  ]);
});

Deno.test("parseChoice: the text of an option may be a letter", () => {
  const types = parseOptions("Blood type?\nA. O\nB. A\nC. AB");
  assertEquals(["O", "A", "ab", "B. A"].map((answer) => parseChoice(answer, types)), ["A", "A", "C", "B"]);
});

Deno.test("multipleChoice: the truth may be a letter, a text or both", () => {
  const question = "Which?\nA. red\nB. blue";
  for (const truth of ["B", "b.", "(B)", "B. blue", "blue", "The answer is B."]) {
    assertEquals(multipleChoice("B) blue", truth, question), { right: 1, parsed: true }, truth);
    assertEquals(multipleChoice("A", truth, question), { right: 0, parsed: true }, truth);
    assertEquals(multipleChoice("green", truth, question), { right: 0, parsed: false }, truth);
  }
  // No options to read, no letter: as exact match.
  assertEquals(multipleChoice("Red.", "red", "Red, blue or green?"), { right: 1, parsed: true });
  assertEquals(multipleChoice("B", "red", "Red, blue or green?"), { right: 0, parsed: true });
});

Deno.test("score of multiple-choice says how many answers name no option", () => {
  const question = "Which?\nA. red\nB. blue";
  const result = score("multiple-choice", [
    { prediction: "The answer is B", truth: "B", question },
    { prediction: "Red", truth: "B", question },
    { prediction: "It is a picture.", truth: "A", question },
    { prediction: "A", truth: "B", references: ["B", "A"], question },
  ]);
  assertEquals(result.perItem, [100, 0, 0, 100]);
  assertEquals([result.score, result.others], [50, { unparsed: 25 }]);
});
