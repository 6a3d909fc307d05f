import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { parsePrompts } from "../../src/verify/stored_prompts.ts";
import { fixture } from "../lmm/_case.ts";
import { needs } from "../house/permissions.ts";

const PROMPT = {
  messages: [
    { role: "user", content: [{ type: "image" }, { type: "text", text: "what?" }, { type: "image" }] },
    { role: "assistant", content: [{ type: "text", text: "it" }] },
  ],
  imageTokens: 4,
  ids: [1, 2, 3],
  mask: [0, 0, 1],
  prompt: [1, 2],
};
const read = (change: object) => parsePrompts(JSON.stringify([{ ...PROMPT, ...change }]), "prompts.json", 4);

Deno.test("a conversation, one number of placeholders for all pictures or one each", () => {
  const [prompt] = read({});
  assertEquals(prompt!.imageTokens, [4, 4]);
  assertEquals(prompt!.grids, [[{ rows: 0, columns: 0 }, { rows: 0, columns: 0 }]]);
  assertEquals([prompt!.ids, prompt!.mask, prompt!.prompt], [[1, 2, 3], [0, 0, 1], [1, 2]]);
  const [own] = read({ imageTokens: [4, 28], grids: [[0, 0], [2, 3]] });
  assertEquals(own!.imageTokens, [4, 28]);
  assertEquals(own!.grids, [[{ rows: 0, columns: 0 }, { rows: 2, columns: 3 }]]);
});

Deno.test("tiles without a grid may lie in any number of rows", () => {
  const grids = (imageTokens: unknown) =>
    read({ imageTokens })[0]!.grids.map((all) =>
      all.map(({ rows, columns }) => `${rows}x${columns}`).join(" ")
    );
  assertEquals(grids([4, 68]), ["0x0 4x4", "0x0 2x8", "0x0 8x2", "0x0 1x16", "0x0 16x1"]);
  assertEquals(grids([12, 12]), ["1x2 1x2", "2x1 2x1"], "as many tiles, cut alike");
  assertEquals(grids([12, 16]), ["1x2 1x3", "1x2 3x1", "2x1 1x3", "2x1 3x1"]);
});

Deno.test("errors of prompts.json name the conversation, the field and both sides", () => {
  const wrong: [object, string][] = [
    [
      { messages: [{ role: "user", content: "what?" }] },
      "prompts.json, conversation 0: messages: expected a list of",
    ],
    [{ messages: PROMPT.messages.slice(0, 1) }, 'messages: expected an answer at the end, found "user"'],
    [{ ids: [1.5] }, "ids: expected a list of token ids, found [1.5]"],
    [{ mask: [0, 1] }, "mask: expected 3 values of 0 or 1, one a token, found [0,1]"],
    [{ mask: [0, 1, 2] }, "mask: expected 3 values of 0 or 1"],
    [{ prompt: undefined }, "prompt: expected a list of token ids, found nothing"],
    [{ imageTokens: 5 }, "imageTokens: expected placeholders of 2 pictures, multiples of 4"],
    [{ imageTokens: [4] }, "imageTokens: expected placeholders of 2 pictures"],
    [
      { imageTokens: [4, 28], grids: [[0, 0], [2, 2]] },
      "grids: expected [rows, columns] of each picture, for 1, 7 tiles",
    ],
  ];
  for (const [change, message] of wrong) assertThrows(() => read(change), InputError, message);
  assertThrows(() => parsePrompts("[", "prompts.json", 4), InputError, "prompts.json: expected JSON");
  assertThrows(() => parsePrompts("{}", "prompts.json", 4), InputError, "prompts.json: expected a list");
});

needs("read")("the fixtures' conversations", async () => {
  const counts = await Promise.all([["chat_idefics3", 4], ["chat_qwen", 9]].map(async ([name, perTile]) => {
    const file = `${fixture(name as string)}/prompts.json`;
    return parsePrompts(await Deno.readTextFile(file), file, perTile as number).map(({ imageTokens }) =>
      imageTokens
    );
  }));
  assertEquals(counts[0], [[68], [20, 36], [52], [52, 52], [], [68, 20]]);
  assertEquals(counts[1], [[9], [9, 9], [9], [9, 9], [], [9, 9]]);
});
