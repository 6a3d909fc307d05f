import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { buildTokenizer, loadTokenizer } from "../../../src/data/mod.ts";
import { AnswerAttention } from "../../../src/page/attention/answer_attention.ts";
import { attentionInWords } from "../../../src/page/attention/in_words.ts";

const tokenizer = loadTokenizer(buildTokenizer(["what", "red", "circle"]));
const [what, red, circle] = ["what", "red", "circle"].map((word) => tokenizer.encode(word)[0]!) as [
  number,
  number,
  number,
];
const IMAGE = 3;

/** Two pictures of one token each, a word, two tokens of an answer; two layers. */
const attention = new AnswerAttention({
  length: 4,
  layers: [
    Float32Array.of(0.5, 0.25, 0.25, 0, 0.125, 0.5, 0.125, 0.25),
    Float32Array.of(0.25, 0.25, 0.5, 0, 0.375, 0, 0.125, 0.5),
  ],
}, {
  prompt: Int32Array.of(IMAGE, IMAGE, what),
  answer: Int32Array.of(red, circle),
  imageId: IMAGE,
  tokenizer,
  tile: { side: 1, before: 0, cover: 1 },
  pictures: [1, 2].map(() => ({
    grid: { rows: 0, columns: 0 },
    shown: { x: 0, y: 0, width: 1, height: 1 },
  })),
});

Deno.test("a token's attention is dealt to pictures and words", () => {
  const first = attention.of(0, 0);
  assertEquals(first.pictures.map(({ cells }) => [...cells]), [[0.5], [0.25]]);
  assertEquals([first.onPictures, first.words.map(({ share }) => share)], [0.75, [0.25]]);
  // The second token has the first before it; the layers' mean.
  const second = attention.of(1);
  assertEquals(second.pictures.map(({ cells }) => [...cells]), [[0.25], [0.25]]);
  assertEquals(second.words.map(({ share }) => share), [0.125, 0.375]);
  assertEquals(attention.layers, 2);
});

Deno.test("all that a token looked at adds up to one", () => {
  for (const token of [0, 1]) {
    for (const layer of [undefined, 0, 1]) {
      const { onPictures, words } = attention.of(token, layer);
      assertAlmostEquals(words.reduce((sum, { share }) => sum + share, onPictures), 1, 1e-6);
    }
  }
});

Deno.test("attention in a sentence", () => {
  const said = attentionInWords(" circle", attention.of(1));
  assert(
    said.startsWith("“circle”: 50% of the attention went to the picture (all 2 pictures together)."),
    said,
  );
  assert(said.includes("50% went to the text: “red” 38%, “what” 13%"), said);
});
