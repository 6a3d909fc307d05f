import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";
import { buildTokenizer } from "../../../src/data/text/build_tokenizer.ts";
import { UNCUT } from "../../../src/data/images/picture.ts";
import { llavaFormat } from "../../../src/data/text/llava_format.ts";
import { loadTokenizer } from "../../../src/data/text/tokenizer.ts";
import type { Sample } from "../../../src/data/types.ts";

const WORDS = ["what", "is", "it?", "a", "red", "cube", "yes"];
const tokenizer = loadTokenizer(buildTokenizer(WORDS));
const format = llavaFormat(tokenizer, 4);
const options = { maxTokens: 512 };
const prompt = (of: Sample, turn: number) => format.promptOf(of, turn, of.images.map(() => UNCUT), options);
const encode = (of: Sample) => format.encode(of, of.images.map(() => UNCUT), options);

function sample(turns: [question: string, answer: string][], images = ["a.png"]): Sample {
  return {
    id: "s1",
    task: "vqa",
    images,
    turns: turns.map(([question, answer]) => ({ question, answer })),
    file: "vqa_train.json",
  };
}

Deno.test("llavaFormat: the layout of two turns about one image", () => {
  const { ids, mask, images } = encode(sample([["what is it?", "a cube"], ["red", "yes"]]));
  const word = (w: string) => tokenizer.encode(w)[0]!;
  // deno-fmt-ignore
  assertEquals([...ids], [
    1, 4, 3, 3, 3, 3, word("what"), word("is"), word("it?"), 5, word("a"), word("cube"), 2,
    4, word("red"), 5, word("yes"), 2,
  ]);
  assertEquals([...mask].join(""), "000000000011100011");
  assertEquals(images, ["a.png"]);
});

Deno.test("llavaFormat: no image, and two images before the first question", () => {
  const none = encode(sample([["red", "yes"]], []));
  assertEquals([...none.ids].filter((id) => id === 3).length, 0);
  const two = encode(sample([["red", "yes"], ["a", "a"]], ["a.png", "b.png"]));
  assertEquals([...two.ids].filter((id) => id === 3).length, 8);
  assertEquals([...two.ids].indexOf(3), 2);
});

Deno.test("llavaFormat: mask and prompts of 500 random conversations", () => {
  const random = new Random("conversations");
  const text = () =>
    Array.from(
      { length: 1 + random.int(6) },
      () => random.pick([...WORDS, "</s>", "USER:", "<image>", "x,y", "é\n"]),
    )
      .join(random.pick([" ", "  "]));
  for (let i = 0; i < 500; i++) {
    const conversation = sample(
      Array.from({ length: 1 + random.int(4) }, () => [text(), text()]),
      ["a.png", "b.png"].slice(random.int(3)),
    );
    const { ids, mask } = encode(conversation);
    // The runs of the mask are the answers, each with its </s>.
    const runs: number[][] = [];
    for (let t = 0; t < ids.length; t++) {
      if (mask[t] !== 1) continue;
      if (mask[t - 1] !== 1) runs.push([]);
      runs.at(-1)!.push(ids[t]!);
    }
    assertEquals(runs.map((run) => run.at(-1)), conversation.turns.map(() => 2));
    assertEquals(runs.map((run) => tokenizer.decode(run)), conversation.turns.map((turn) => turn.answer));
    // A prompt and its answer are what the model was trained on.
    for (const [t, turn] of conversation.turns.entries()) {
      const asked = prompt(conversation, t);
      const whole = [...asked.ids, ...tokenizer.encode(turn.answer), 2];
      assertEquals(whole, [...ids.subarray(0, whole.length)]);
      assertEquals(asked.images, conversation.images);
    }
  }
});

Deno.test("llavaFormat: an answer that masks to nothing names file, sample and task", () => {
  const error = assertThrows(
    () => encode(sample([["red", "yes"], ["a", ""]])),
    InputError,
  );
  assertEquals(
    error.message,
    'vqa_train.json, sample "s1" (task vqa), turn 2: expected an answer to learn, found ""; ' +
      "fill it in or remove the turn",
  );
});

Deno.test("llavaFormat: more placeholders than any model takes are refused", () => {
  assertThrows(() => llavaFormat(tokenizer, 1e9), InputError, "config.json: expected sizes");
});

Deno.test("llavaFormat: too many tokens name file, sample and task", () => {
  const long = sample([["red ".repeat(600).trim(), "yes"]]);
  assertThrows(
    () => encode(long),
    InputError,
    'vqa_train.json, sample "s1" (task vqa): expected at most 512 tokens, found 609 (4 of them for its images)',
  );
  assertThrows(() => prompt(long, 0), InputError, "expected at most 512 tokens");
});

Deno.test("llavaFormat, prompts: a turn that is not there", () => {
  assertThrows(
    () => prompt(sample([["red", "yes"]]), 1),
    RangeError,
    "from 0 to 0, found 1",
  );
});

Deno.test("llavaFormat: a tokenizer without <image>", () => {
  const json = buildTokenizer(WORDS) as {
    added_tokens: { content: string }[];
    model: { vocab: [string, number][] };
  };
  json.added_tokens = json.added_tokens.filter((token) => token.content !== "<image>");
  json.model.vocab[3]![0] = "<other>";
  assertThrows(
    () => llavaFormat(loadTokenizer(json), 4),
    InputError,
    "special token <image>",
  );
});

Deno.test("llavaFormat: a system's words, and images at their places", () => {
  const word = (w: string) => tokenizer.encode(w)[0]!;
  const { turns, ...rest } = sample([["what a cube", "yes"], ["red", "yes"]], ["a.png", "b.png", "c.png"]);
  const places = [[4, 4], [3]];
  const told = {
    ...rest,
    system: "is it?",
    turns: turns.map((turn, i) => ({ ...turn, places: places[i]! })),
  };
  const grids = [UNCUT, { rows: 1, columns: 1 }, UNCUT];
  const images = (n: number) => new Array<number>(n).fill(3);
  const first = [
    1,
    word("is"),
    word("it?"),
    4,
    word("what"),
    ...images(12),
    ...tokenizer.encode(" a cube"),
    5,
  ];
  const { ids, images: shown } = format.promptOf(told, 0, grids, options);
  assertEquals([...ids], first);
  assertEquals(shown, ["a.png", "b.png"]);
  const whole = format.encode(told, grids, options);
  assertEquals([...whole.ids], [...first, word("yes"), 2, 4, word("red"), ...images(4), 5, word("yes"), 2]);
  assertEquals(whole.images, ["a.png", "b.png", "c.png"]);
});

Deno.test("llavaFormat: places that do not fit", () => {
  const of = (images: string[], places: number[]) => ({
    ...sample([], images),
    turns: [{ question: "red", answer: "yes", places }],
  });
  assertThrows(
    () => encode(of(["a.png"], [])),
    InputError,
    "expected as many places as images, found 0 and 1",
  );
  assertThrows(
    () => encode(of(["a.png"], [4])),
    InputError,
    "expected ascending places from 0 to 3, found 4",
  );
  assertThrows(() => encode(of(["a.png", "b.png"], [2, 1])), InputError, "found 2, 1");
});
