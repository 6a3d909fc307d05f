import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { score } from "../../src/metrics/score.ts";
import { normalizeVqa, vqaAccuracy } from "../../src/metrics/vqa_accuracy.ts";
import { Random } from "../../src/random.ts";

/** `matching` of ten people say "yes". */
const ten = (matching: number) => Array.from({ length: 10 }, (_, i) => i < matching ? "yes" : `no ${i}`);

/** The definition, word by word: leave each person out in turn. */
function byDefinition(prediction: string, references: readonly string[]): number {
  const accuracies = references.map((_, left) => {
    const others = references.filter((_, i) => i !== left);
    const matching = others.filter((other) => normalizeVqa(other) === normalizeVqa(prediction)).length;
    return Math.min(matching / 3, 1);
  });
  return accuracies.reduce((a, b) => a + b, 0) / accuracies.length;
}

Deno.test("vqaAccuracy: 0, 0.3, 0.6, 0.9 and 1 for an answer that 0, 1, 2, 3, 4 of ten gave", () => {
  for (const [matching, accuracy] of [0, 0.3, 0.6, 0.9, 1, 1, 1, 1, 1, 1, 1].entries()) {
    assertEquals(vqaAccuracy("yes", ten(matching)), accuracy, `${matching} of ten`);
  }
});

Deno.test("vqaAccuracy is the definition, for ten answers and for any number from four on", () => {
  const random = new Random(1);
  const words = ["yes", "no", "Two", "2", "the dog", "dog.", "maybe"];
  for (let k = 0; k < 300; k++) {
    const references = Array.from({ length: 4 + random.int(9) }, () => random.pick(words));
    const prediction = random.pick(words);
    assertAlmostEquals(vqaAccuracy(prediction, references), byDefinition(prediction, references), 1e-12);
    assertEquals(
      vqaAccuracy(prediction, random.shuffle([...references])),
      vqaAccuracy(prediction, references),
    );
  }
});

Deno.test("vqaAccuracy of few answers: what all gave is right, what one of two gave is half right", () => {
  for (let n = 1; n <= 12; n++) {
    assertEquals(vqaAccuracy("Yes", Array<string>(n).fill("yes")), 1, `${n}`);
    assertEquals(vqaAccuracy("no", Array<string>(n).fill("yes")), 0, `${n}`);
  }
  assertEquals(vqaAccuracy("yes", ["yes", "no"]), 0.5);
  // Three answers: two of the others are enough. Leaving out a "yes": 1/2, twice; leaving out "no": 1.
  assertEquals(vqaAccuracy("yes", ["yes", "no", "yes"]), 2 / 3);
  assertEquals(vqaAccuracy("no", ["yes", "no", "yes"]), 1 / 3);
  assertThrows(() => vqaAccuracy("yes", []), RangeError, "expected one reference or more, found none");
});

Deno.test("vqaAccuracy never falls when one more person agrees", () => {
  for (let n = 2; n <= 12; n++) {
    let before = 0;
    for (let m = 0; m <= n; m++) {
      const now = vqaAccuracy("a1", Array.from({ length: n }, (_, i) => i < m ? "a1" : `x${i}`));
      assert(now >= before, `${m} of ${n}`);
      before = now;
    }
    assertEquals(before, 1);
  }
});

const FORMS: [text: string, normal: string][] = [
  ["Yes", "yes"],
  [" yes.\n", "yes"],
  ["a\tb c", "b c"], // the article goes
  ["The man and the dog", "man and dog"],
  ["none", "0"],
  ["ten or Two", "10 or 2"],
  ["eleven", "eleven"],
  ["twos", "twos"],
  // Punctuation becomes a space, unless it touches one: then it goes.
  ["red/white", "red white"],
  ["red / white", "red white"],
  ["red, white", "red white"],
  ["red,white", "red white"],
  ["t-shirt", "t shirt"],
  ["t-shirt - red", "tshirt red"], // one touches a space, so all of its kind go
  ["what?", "what"],
  ["(yes)", "yes"],
  ['"stop"', "stop"],
  ["it's", "it's"],
  ["10:30", "10:30"],
  // Commas between digits make all punctuation go.
  ["1,000", "1000"],
  ["$1,000", "$1000"],
  ["1,000/day", "1000day"],
  ["1, 2", "1 2"],
  // Full stops stay before a digit only.
  ["3.5", "3.5"],
  ["3.", "3"],
  [".5", ".5"],
  ["u.s.a.", "usa"],
  ["no. 7", "no 7"],
  // Contractions get the apostrophe back.
  ["dont", "don't"],
  ["don't", "don't"],
  ["Isnt", "isn't"],
  ["wouldntve", "wouldntve"], // two are missing: not in the table
  ["wouldn'tve", "wouldn't've"],
  ["wouldnt've", "wouldn't've"],
  ["oclock", "o'clock"],
  ["twas", "'twas"],
  ["'ows'at", "'ow's'at"],
  ["yall'll", "y'all'll"],
  ["y'alld've", "y'all'd've"],
  ["somebody'd", "somebodyd"],
  ["hell", "hell"],
  ["shed", "shed"],
  ["im", "im"],
  ["", ""],
  ["the", ""],
];

for (const [text, normal] of FORMS) {
  Deno.test(`normalizeVqa of ${JSON.stringify(text)}`, () => assertEquals(normalizeVqa(text), normal));
}

Deno.test("score of vqa-accuracy counts votes, exact-match beside it takes any", () => {
  const result = score("vqa-accuracy", [
    { prediction: "Yes.", truth: "yes", references: ten(2) },
    { prediction: "blue", truth: "yes", references: ten(2) },
    { prediction: "two", truth: "2" },
  ]);
  assertEquals(result.perItem, [60, 0, 100]);
  assertEquals(result.unit, "percent");
  assertAlmostEquals(result.others["exact-match"]!, 100 / 3, 1e-12);
});
