import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";
import { buildTokenizer } from "../../../src/data/text/build_tokenizer.ts";
import { encodeConversation, encodePrompt } from "../../../src/data/text/conversation.ts";
import { loadTokenizer } from "../../../src/data/text/tokenizer.ts";
import type { Sample } from "../../../src/data/types.ts";

const WORDS = ["what", "is", "it?", "a", "red", "cube", "yes"];
const tokenizer = loadTokenizer(buildTokenizer(WORDS));
const options = { imageTokens: 4, maxTokens: 512 };

function sample(turns: [question: string, answer: string][], images = ["a.png"]): Sample {
  return {
    id: "s1",
    task: "vqa",
    images,
    turns: turns.map(([question, answer]) => ({ question, answer })),
    file: "vqa_train.json",
  };
}

Deno.test("encodeConversation: the layout of two turns about one image", () => {
  const { ids, mask, images } = encodeConversation(
    tokenizer,
    sample([["what is it?", "a cube"], ["red", "yes"]]),
    options,
  );
  const word = (w: string) => tokenizer.encode(w)[0]!;
  // deno-fmt-ignore
  assertEquals([...ids], [
    1, 4, 3, 3, 3, 3, word("what"), word("is"), word("it?"), 5, word("a"), word("cube"), 2,
    4, word("red"), 5, word("yes"), 2,
  ]);
  assertEquals([...mask].join(""), "000000000011100011");
  assertEquals(images, ["a.png"]);
});

Deno.test("encodeConversation: no image, and two images before the first question", () => {
  const none = encodeConversation(tokenizer, sample([["red", "yes"]], []), options);
  assertEquals([...none.ids].filter((id) => id === 3).length, 0);
  const two = encodeConversation(
    tokenizer,
    sample([["red", "yes"], ["a", "a"]], ["a.png", "b.png"]),
    options,
  );
  assertEquals([...two.ids].filter((id) => id === 3).length, 8);
  assertEquals([...two.ids].indexOf(3), 2);
});

Deno.test("encodeConversation and encodePrompt: mask and prompts of 500 random conversations", () => {
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
    const { ids, mask } = encodeConversation(tokenizer, conversation, options);
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
      const prompt = encodePrompt(tokenizer, conversation, t, options);
      const whole = [...prompt.ids, ...tokenizer.encode(turn.answer), 2];
      assertEquals(whole, [...ids.subarray(0, whole.length)]);
      assertEquals(prompt.images, conversation.images);
    }
  }
});

Deno.test("encodeConversation: an answer that masks to nothing names file, sample and task", () => {
  const error = assertThrows(
    () => encodeConversation(tokenizer, sample([["red", "yes"], ["a", ""]]), options),
    InputError,
  );
  assertEquals(
    error.message,
    'vqa_train.json, sample "s1" (task vqa), turn 2: expected an answer to learn, found ""; ' +
      "fill it in or remove the turn",
  );
});

Deno.test("encodeConversation: too many tokens name file, sample and task", () => {
  const long = sample([["red ".repeat(600).trim(), "yes"]]);
  assertThrows(
    () => encodeConversation(tokenizer, long, options),
    InputError,
    'vqa_train.json, sample "s1" (task vqa): expected at most 512 tokens, found 609 (4 of them for its images)',
  );
  assertThrows(() => encodePrompt(tokenizer, long, 0, options), InputError, "expected at most 512 tokens");
});

Deno.test("encodePrompt: a turn that is not there", () => {
  assertThrows(
    () => encodePrompt(tokenizer, sample([["red", "yes"]]), 1, options),
    RangeError,
    "from 0 to 0, found 1",
  );
});

Deno.test("encodeConversation: a tokenizer without <image>", () => {
  const json = buildTokenizer(WORDS) as {
    added_tokens: { content: string }[];
    model: { vocab: [string, number][] };
  };
  json.added_tokens = json.added_tokens.filter((token) => token.content !== "<image>");
  json.model.vocab[3]![0] = "<other>";
  assertThrows(
    () => encodeConversation(loadTokenizer(json), sample([["red", "yes"]]), options),
    InputError,
    "special token <image>",
  );
});
