import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { readStoredPictures } from "../../src/verify/stored_pictures.ts";
import { verifyPictures } from "../../src/verify/verify_pictures.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");

const CASES = { chat_idefics3: 24, chat_llava: 24, chat_mistral: 24, chat_qwen: 23, chat_smolvlm: 28 };

async function open(name: string, side: number) {
  const folder = new URL(`../fixtures/${name}`, import.meta.url).pathname;
  const files = new Map<string, Uint8Array>();
  for (const file of ["config.json", "preprocessor_config.json", "processor_config.json"]) {
    const bytes = await Deno.readFile(join(folder, file)).catch(() => undefined);
    if (bytes !== undefined) files.set(file, bytes);
  }
  return { of: { folder, files }, pictures: (await readStoredPictures(folder, side))! };
}

for (const [name, side] of Object.entries(CASES)) {
  test(`${name}: every picture as its processor makes it`, async () => {
    const { of, pictures } = await open(name, side);
    assertEquals(pictures.length, 8);
    const { error, ok, count } = await verifyPictures(of, pictures);
    assert(ok && error < 1e-3, `${error}`);
    assertEquals(count, 8);
  });
}

test("a pixel that is off, and a picture that is none, are found", async () => {
  const { of, pictures } = await open("chat_qwen", 23);
  pictures[3]!.tiles[0]![23 + 4]! += 3 / 255 / 0.5;
  const { ok, error, where } = await verifyPictures(of, pictures);
  assert(!ok && Math.abs(error - 3) < 1e-3, `${error}`);
  assertEquals(where, `${pictures[3]!.file}, tile 0, row 1, column 4, red`);
  pictures[0]!.bytes = new Uint8Array(9);
  await assertRejects(
    () => verifyPictures(of, pictures),
    InputError,
    `/pictures/${pictures[0]!.file}: expected a PNG`,
  );
  of.files.delete("preprocessor_config.json");
  of.files.delete("processor_config.json");
  await assertRejects(() => verifyPictures(of, pictures), InputError, "found neither");
});
