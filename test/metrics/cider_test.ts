import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { captionWords, cider, ciderOfConstants, ciderOfOthers } from "../../src/metrics/cider.ts";
import { Random } from "../../src/random.ts";
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

Deno.test("ciderOfOthers is cider with the captions moved on", () => {
  const captions = [
    "a red circle at top left",
    "a blue square",
    "a red square and a blue circle",
    "two bars",
  ];
  const shifts = [0, 1, 2, 3, 4];
  assertEquals(
    ciderOfOthers(captions, shifts),
    shifts.map((shift) =>
      cider(captions.map((caption, i) => ({
        prediction: captions[(i + shift) % captions.length]!,
        references: [caption],
      }))).score
    ),
  );
  assertThrows(() => ciderOfOthers([], [1]), InputError, "found none");
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

/** The definition, slowly: a list of n-grams, dense vectors over the set's vocabulary, no sharing of work. */
function slowCider(items: { prediction: string; references: string[] }[]): number[] {
  const grams = (text: string, n: number) => {
    const words = captionWords(text);
    return words.flatMap((_, i) => i + n <= words.length ? [words.slice(i, i + n).join("|")] : []);
  };
  return items.map(({ prediction, references }) => {
    let total = 0;
    for (const reference of references) {
      const length = (text: string) => Math.max(0, captionWords(text).length - 1); // in bigrams
      const penalty = Math.exp(-((length(prediction) - length(reference)) ** 2) / 72);
      for (let n = 1; n <= 4; n++) {
        const vocabulary = [...new Set([...grams(prediction, n), ...grams(reference, n)])];
        const vector = (text: string) =>
          vocabulary.map((gram) => {
            const tf = grams(text, n).filter((other) => other === gram).length;
            const df = items.filter((item) => item.references.some((r) => grams(r, n).includes(gram))).length;
            return tf * Math.log(items.length / Math.max(1, df));
          });
        const [c, r] = [vector(prediction), vector(reference)];
        const norm = (v: number[]) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
        const dot = c.reduce((sum, x, i) => sum + Math.min(x, r[i]!) * r[i]!, 0);
        if (norm(c) * norm(r) > 0) total += penalty * dot / (norm(c) * norm(r));
      }
    }
    return 10 * total / 4 / references.length;
  });
}

Deno.test("cider with several references is the definition, computed slowly", () => {
  const random = new Random(5);
  const words = ["a", "red", "blue", "circle", "star", "left", "of", "the", "small", "two"];
  const caption = () => Array.from({ length: random.int(9) }, () => random.pick(words)).join(" ");
  for (let k = 0; k < 20; k++) {
    const items = Array.from({ length: 2 + random.int(6) }, () => ({
      prediction: caption(),
      references: Array.from({ length: 1 + random.int(5) }, caption),
    }));
    const found = cider(items).perItem;
    slowCider(items).forEach((x, i) => assertAlmostEquals(found[i]!, x, 1e-9));
  }
});

Deno.test("cider counts an n-gram once an item, however many of its references hold it", () => {
  // By hand: N = 2. "a" and "b" are in the references of item 1 only (df 1, weight log 2), though in several of them.
  const items = [
    { prediction: "a b", references: ["a b", "a c", "b b"] },
    { prediction: "z", references: ["z"] },
  ];
  // "a b": n = 1 and 2 are 1 each. "a c": n = 1 is 1/2. "b b": n = 1 is min(1, 2)·2/(√2·2) = 1/√2.
  const expected = 10 / 3 * (2 / 4 + (1 / 2) / 4 + (1 / Math.sqrt(2)) / 4);
  assertAlmostEquals(cider(items).perItem[0]!, expected, 1e-12);
});

Deno.test("captionWords cuts scripts without spaces into characters", () => {
  const forms: [text: string, words: string][] = [
    ["一只红色的猫，旁边。", "一 只 红 色 的 猫 旁 边"],
    ["两只iPhone手机", "两 只 iphone 手 机"],
    ["第10张 3.5米", "第 10 张 3.5 米"],
    ["赤い猫とコーヒー", "赤 い 猫 と コ ー ヒ ー"],
    ["แมวสีแดง", "แ ม ว สี แ ด ง"], // a vowel above stays with its consonant
    ["人々 々", "人 々 々"],
    ["红-色", "红 色"],
    ["빨간 고양이", "빨간 고양이"], // Korean has spaces
    ["красный кот", "красный кот"],
    ["un été à l'ombre, 1,5", "un été à l'ombre 1,5"],
  ];
  for (const [text, words] of forms) assertEquals(captionWords(text).join(" "), words, text);
});

Deno.test("cider of a Chinese caption with one other character is high, and that of the characters with spaces", () => {
  const captions = ["一只红色的猫坐在垫子上面", "两条黑狗在海边跑步", "桌上有三个绿色苹果"];
  const items = captions.map((text, i) => ({
    prediction: i === 0 ? text.replace("红", "白") : text,
    references: [text],
  }));
  const { perItem } = cider(items);
  assert(perItem[0]! > 6 && perItem[0]! < 9, `${perItem[0]}`);
  assertAlmostEquals(perItem[1]!, 10, 1e-12);
  const spaced = (text: string) => [...text].join(" ");
  const apart = items.map(({ prediction, references }) => ({
    prediction: spaced(prediction),
    references: references.map(spaced),
  }));
  assertEquals(cider(apart), cider(items));
});
