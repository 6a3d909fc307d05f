import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { parseConfig } from "../../src/lmm/families/parse_config.ts";
import { imageTokenCount } from "../../src/lmm/config/lmm_config.ts";
import { parsePrompts } from "../../src/verify/stored_prompts.ts";
import { verifyPrompts } from "../../src/verify/verify_prompts.ts";
import { fixtureFiles } from "../data/text/_samples.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");

async function open(name: string) {
  const files = await fixtureFiles(name);
  const text = (file: string) => new TextDecoder().decode(files.get(file));
  const config = parseConfig(JSON.parse(text("config.json")));
  return {
    of: { folder: name, files, config },
    prompts: parsePrompts(text("prompts.json"), "prompts.json", imageTokenCount(config)),
  };
}

for (
  const [name, count] of Object.entries({
    chat_idefics3: 6,
    chat_llava: 6,
    chat_mistral: 5,
    chat_qwen: 6,
    chat_smolvlm: 6,
  })
) {
  test(`${name}: every conversation as its processor lays it out`, async () => {
    const { of, prompts } = await open(name);
    const found = verifyPrompts(of, prompts);
    assertEquals([found.error, found.count, found.ok, found.where], [0, count, true, ""]);
  });
}

test("what differs is counted and named", async () => {
  const { of, prompts } = await open("chat_qwen");
  prompts[2]!.ids[5]!++;
  prompts[2]!.mask[7] = 1 - prompts[2]!.mask[7]!;
  prompts[3]!.prompt.pop();
  const { error, where, ok } = verifyPrompts(of, prompts);
  assertEquals([error, ok], [2, false]);
  assertEquals(
    where,
    `conversation 2, ids 5: expected ${prompts[2]!.ids[5]}, found ${prompts[2]!.ids[5]! - 1}`,
  );
  const turns = [{ ...prompts[0]!, messages: [prompts[0]!.messages[1]!] }];
  assertThrows(
    () => verifyPrompts(of, turns),
    InputError,
    "expected user and assistant to take turns, found assistant",
  );
  of.files.delete("tokenizer.json");
  assertThrows(() => verifyPrompts(of, prompts), InputError, "chat_qwen: expected tokenizer.json");
});
