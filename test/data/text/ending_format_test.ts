import { assertEquals, assertThrows } from "@std/assert";
import { endlessConversations } from "../../../src/data/text/answer_ends.ts";
import { endingFormat } from "../../../src/data/text/ending_format.ts";
import { InputError } from "../../../src/errors.ts";
import { readCheckpoint } from "../../../src/train/checkpoint_files.ts";
import { needs } from "../../house/permissions.ts";
import { openFormat, sampleOf } from "./_samples.ts";

const test = needs("read");

const WHOLE = { rows: 0, columns: 0 };
const ALL = { maxTokens: Infinity };
const two = sampleOf([{ question: "what", answer: "a cube" }, { question: "is it?", answer: "it is" }], 1);

test("a template that writes no end gets the model's own behind the last answer, and prompts stay as they are", async () => {
  const { format, tokenizer } = await openFormat("chat_llava", 9);
  const id = tokenizer.id("</s>")!;
  const ending = endingFormat(format, { id, text: "</s>" });
  const before = format.encode(two, [WHOLE], ALL), after = ending.encode(two, [WHOLE], ALL);
  assertEquals([...after.ids], [...before.ids, id]);
  assertEquals([...after.mask], [...before.mask, 1]);
  assertEquals(after.images, before.images);
  assertEquals(ending.promptOf(two, 1, [WHOLE], ALL), format.promptOf(two, 1, [WHOLE], ALL));
  assertEquals(ending.stops, [id]);
  assertEquals(ending.notes, [
    "the template in chat_template.jinja writes no token that ends an answer: </s> is put behind the last answer of each " +
    "conversation and trained, so that a tuned model stops",
  ]);
  const { length } = after.ids;
  assertEquals(ending.encode(two, [WHOLE], { maxTokens: length }).ids.length, length);
  assertThrows(
    () => ending.encode(two, [WHOLE], { maxTokens: length - 1 }),
    InputError,
    `expected at most ${length - 1} tokens, found ${length} (9 of them for its images)`,
  );
});

test("a layout with an end of its own is left alone", async () => {
  const { format } = await openFormat("chat_smolvlm", 4);
  assertEquals(endingFormat(format, { id: 1, text: "x" }), format);
});

test("whatever the layout of a checkpoint, a training conversation ends with a stop", async () => {
  for (const name of ["chat_idefics3", "chat_llava", "chat_mistral", "chat_qwen", "chat_smolvlm"]) {
    const { format, stops } = await readCheckpoint(
      new URL(`../../fixtures/${name}`, import.meta.url).pathname,
    );
    const grids = two.images.map(() => WHOLE);
    assertEquals(endlessConversations([format.encode(two, grids, ALL)], stops), 0, name);
  }
});
