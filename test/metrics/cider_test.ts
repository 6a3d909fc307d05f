import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { captionWords, cider, ciderOfConstants } from "../../src/metrics/cider.ts";
import gold from "./fixtures/cider_gold.json" with { type: "json" };

/** Two items with nothing in common: every n-gram has df 1, so all weights are log 2. */
const two = (prediction: string) => [
  { prediction, references: ["a b"] },
  { prediction: "c d", references: ["c d"] },
];

Deno.test("cider gives hand-computed scores", () => {
  // n = 1 and 2 are perfect, 3 and 4 do not exist: 10 · 2/4.
  assertAlmostEquals(cider(two("a b")).perItem[0]!, 5, 1e-12);
  // Unigrams share one of two: cosine 1/2. No bigram in common.
  assertAlmostEquals(cider(two("a c")).perItem[0]!, 10 / 4 * 0.5, 1e-12);
  // A repeated word is clipped to one: unigrams (1·1 + 1·1)/(√5·√2), bigrams 1/(√2·1), one bigram too long.
  const expected = 10 / 4 * (2 / Math.sqrt(10) + 1 / Math.sqrt(2)) * Math.exp(-1 / 72);
  assertAlmostEquals(cider(two("a a b")).perItem[0]!, expected, 1e-12);
  assertEquals(cider(two("x y")).perItem[0], 0);
  assertEquals(cider(two("")).perItem[0], 0);
});

gold.sets.forEach((set, k) => {
  Deno.test(`cider agrees with the COCO caption evaluation, set ${k + 1} of ${set.items.length} captions`, () => {
    const { score, perItem } = cider(set.items);
    assertAlmostEquals(score, set.score, 1e-12);
    set.perItem.forEach((x, i) => assertAlmostEquals(perItem[i]!, x, 1e-12, set.items[i]!.prediction));
  });
});

const sentences = [
  "a red circle and a blue square",
  "a green star left of a yellow cross",
  "two bars over a sign with three letters",
  "a small blue triangle below a red star",
];

Deno.test("cider of the references themselves is 10", () => {
  const { score } = cider(sentences.map((text) => ({ prediction: text, references: [text] })));
  assertAlmostEquals(score, 10, 1e-12);
});

Deno.test("cider does not depend on the order of the items or the references", () => {
  const items = sentences.map((text, i) => ({
    prediction: sentences[(i + 1) % 4]!,
    references: [text, sentences[0]!],
  }));
  const { perItem } = cider(items);
  const turned = [...items].reverse().map((item) => ({
    ...item,
    references: [...item.references].reverse(),
  }));
  cider(turned).perItem.reverse().forEach((x, i) => assertAlmostEquals(x, perItem[i]!, 1e-12));
});

Deno.test("cider depends on the evaluated set: what every item says counts nothing", () => {
  const items = ["red", "blue", "green"].map((colour) => ({
    prediction: "a circle here",
    references: [`a ${colour} circle`],
  }));
  // "a" and "circle" are in all three references, "here" in none.
  assertEquals(cider(items).score, 0);
  const more = [...items, { prediction: "x", references: ["two bars"] }];
  assert(cider(more).perItem[0]! > 0);
});

Deno.test("cider of a single item is 0", () => {
  assertEquals(cider([{ prediction: "a b c d", references: ["a b c d"] }]), { score: 0, perItem: [0] });
});

Deno.test("cider punishes length", () => {
  const of = (prediction: string) =>
    cider(sentences.map((text, i) => ({ prediction: i === 0 ? prediction : text, references: [text] })))
      .perItem[0]!;
  const long = `${sentences[0]} and a wall and a door and a window and a house and a tree`;
  assert(of(long) < of(`${sentences[0]} and a wall`));
});

Deno.test("ciderOfConstants is cider with one caption everywhere", () => {
  const references = sentences.map((text) => [text]);
  const captions = ["a red star", sentences[2]!, ""];
  const found = ciderOfConstants(captions, references);
  captions.forEach((prediction, k) => {
    const { score } = cider(references.map((references) => ({ prediction, references })));
    assertAlmostEquals(found[k]!, score, 1e-12);
  });
});

Deno.test("captionWords splits at spaces and punctuation", () => {
  const forms: [text: string, words: string[]][] = [
    ["A red circle, and a blue square.", ["a", "red", "circle", "and", "a", "blue", "square"]],
    ["red,blue;green", ["red", "blue", "green"]],
    ["a light-blue dog's toy", ["a", "light-blue", "dog's", "toy"]],
    ["'quoted' -dash- (round)", ["quoted", "dash", "round"]],
    ["at 0.25, 1,000 and 3.", ["at", "0.25", "1,000", "and", "3"]],
    ["End.Start", ["end", "start"]],
    ["  ...  ", []],
    ["", []],
    ["Ein schöner Tag", ["ein", "schöner", "tag"]],
    ["line\nbreak\tand tab", ["line", "break", "and", "tab"]],
  ];
  for (const [text, words] of forms) assertEquals(captionWords(text), words, text);
});

Deno.test("cider refuses an empty set and an item without reference", () => {
  assertThrows(() => cider([]), InputError, "cider: expected one caption or more, found none");
  assertThrows(() => ciderOfConstants(["a"], []), InputError, "found none");
  assertThrows(
    () => cider([{ prediction: "a", references: ["a"] }, { prediction: "a", references: [] }]),
    InputError,
    "cider, item 2: expected a reference, found none",
  );
});
