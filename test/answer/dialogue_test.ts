import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { openDialogue } from "../../src/answer/open_dialogue.ts";
import { InputError } from "../../src/errors.ts";
import type { Sequence } from "../../src/lmm/batch.ts";
import type { AnswerOptions } from "../../src/lmm/generation/options.ts";
import { readCheckpoint } from "../../src/train/checkpoint_files.ts";
import type { Engine, EngineModel } from "../../src/train/engine.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");

const BASE = new URL("../../data/base", import.meta.url).pathname;
const IMAGES = new URL("../data/images/fixtures/", import.meta.url).pathname;

/** An engine whose model answers with given tokens, and keeps what it was asked. */
function scripted(answers: number[][]) {
  const asked: { prompt: Sequence; options: AnswerOptions }[] = [];
  let alive = 0, encoded = 0;
  const model = {
    imageTokens: 1,
    maxPositions: 60,
    encodeImages: (pixels: Float32Array[]) => {
      encoded += pixels.length;
      return Promise.resolve(pixels.map((image) => image.slice(0, 4)));
    },
    session: () => {
      alive++;
      return {
        answer: (prompt: Sequence, options: AnswerOptions) => {
          asked.push({ prompt, options });
          const ids = Int32Array.from(answers[asked.length - 1]!);
          for (const id of ids) options.onToken?.(id, 0);
          const stop = ids.length < options.maxNewTokens ? options.stops[0] : undefined;
          return Promise.resolve({ ids, stop, reused: asked.length - 1 });
        },
        destroy: () => alive--,
      };
    },
    destroy: () => alive--,
  };
  const load = () => {
    alive++;
    return Promise.resolve(model as unknown as EngineModel);
  };
  return { engine: { load } as unknown as Engine, asked, counts: () => ({ alive, encoded }) };
}

test("a dialogue: what was said before stands before the question", async () => {
  const checkpoint = await readCheckpoint(BASE);
  const { tokenizer } = checkpoint;
  const words = ["a red circle", "", "two"].map((text) => tokenizer.encode(text));
  const { engine, asked, counts } = scripted([...words, words[0]!]);
  const dialogue = await openDialogue(engine, checkpoint, [join(IMAGES, "gray.png")]);
  const told: string[] = [];
  const options = {
    maxNewTokens: 20,
    temperature: 0.5,
    seed: 4,
    onText: (piece: string) => told.push(piece),
  };
  const first = await dialogue.ask("what is it?", options);
  const { seconds: _, ...facts } = first;
  assertEquals(facts, {
    ...{ answer: "a red circle", ended: "stop", stop: 2, tokens: 3 },
    ...{ promptTokens: asked[0]!.prompt.ids.length, imageTokens: 16, reusedTokens: 0 },
  });
  assertEquals(told.join(""), "a red circle");
  assertEquals((await dialogue.ask("and now?", options)).answer, "");
  await dialogue.add(join(IMAGES, "alpha.png"));
  const third = await dialogue.ask("how many?", { ...options, maxNewTokens: 1 });
  assertEquals([third.ended, third.stop, third.imageTokens, third.reusedTokens], [
    "length",
    undefined,
    32,
    2,
  ]);
  // The empty answer is left out, and each image stands before its own question.
  const text = tokenizer.decode(asked[2]!.prompt.ids);
  assertEquals(text.includes("now"), false);
  assertEquals(asked[2]!.prompt.images.length, 2);
  assertEquals(counts(), { alive: 2, encoded: 2 }, "each image is encoded once");
  // The first question draws as one by itself, the next ones differently.
  assertEquals(asked.map(({ options: { seed } }) => seed), [4, "4, question 2", "4, question 3"]);
  assertEquals(asked.map(({ options: { maxNewTokens } }) => maxNewTokens), [20, 20, 1]);
  dialogue.close();
  assertEquals(counts().alive, 0);
});

test("a dialogue: what cannot be asked is said, and the dialogue goes on", async () => {
  const checkpoint = await readCheckpoint(BASE);
  const { engine, asked } = scripted([[5]]);
  const missing = join(IMAGES, "none.png");
  await assertRejects(() => openDialogue(engine, checkpoint, [missing]), InputError, missing);
  const dialogue = await openDialogue(engine, checkpoint, []);
  await assertRejects(() => dialogue.add(missing), InputError, missing);
  const long = "red ".repeat(80);
  await assertRejects(
    () => dialogue.ask(long, { maxNewTokens: 5 }),
    InputError,
    "expected a conversation of at most 59 tokens",
  );
  await dialogue.ask("red?", { maxNewTokens: 500 });
  const { prompt, options } = asked[0]!;
  assertEquals(options.maxNewTokens, 60 - prompt.ids.length);
  assertEquals(prompt.images, []);
  dialogue.close();
});
