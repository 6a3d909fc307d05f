import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { anls } from "../../src/metrics/anls.ts";
import { Random } from "../../src/random.ts";

const cases: [prediction: string, truth: string, similarity: number][] = [
  ["stop", "stop", 1],
  [" STOP ", "stop", 1],
  ["shop", "stop", 3 / 4],
  ["sto", "stop", 3 / 4],
  ["stopp", "stop", 4 / 5],
  ["tsop", "stop", 0], // two replacements of four: half wrong
  ["kitten", "sitting", 4 / 7],
  ["", "stop", 0],
  ["stop", "", 0],
  ["", "", 1],
  ["two  words", "two words", 1],
  ["abc", "xyz", 0],
  ["🙂a", "🙂b", 0], // characters, not halves of them
  ["🙂ab", "🙂ac", 2 / 3],
];

for (const [prediction, truth, similarity] of cases) {
  Deno.test(`anls of ${JSON.stringify(prediction)} and ${JSON.stringify(truth)}`, () => {
    assertAlmostEquals(anls(prediction, truth), similarity, 1e-12);
  });
}

Deno.test("anls is symmetric, from 0 to 1, and never between 0 and a half", () => {
  const random = new Random(1);
  const word = () => Array.from({ length: random.int(6) }, () => random.pick(["a", "b", "c"])).join("");
  for (let k = 0; k < 300; k++) {
    const [a, b] = [word(), word()];
    const s = anls(a, b);
    assertEquals(s, anls(b, a));
    assert(s === 0 || (s > 0.5 && s <= 1), `${a} ${b} ${s}`);
    assertEquals(s === 1, a === b);
  }
});
