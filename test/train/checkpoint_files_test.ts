import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { fakeFolder } from "../tune/fake_data.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

/** Lets one file of a good checkpoint be spoilt, and gives the message. */
async function message(file: string, content: string | null): Promise<string> {
  const folder = await fakeFolder();
  const base = join(folder, "base");
  try {
    if (content === null) await Deno.remove(join(base, file));
    else await Deno.writeTextFile(join(base, file), content);
    const { message } = await assertRejects(() => readCheckpoint(base), InputError);
    return message.replaceAll(base, "BASE");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const CASES: [name: string, file: string, content: string | null, expected: string][] = [
  [
    "no configuration",
    "config.json",
    null,
    "checkpoint BASE: expected a Hugging Face folder with config.json",
  ],
  ["no weights", "model.safetensors", null, "checkpoint BASE: expected model.safetensors in it, found none"],
  ["a broken configuration", "config.json", "{", "BASE/config.json: expected a JSON object"],
  ["a broken tokenizer", "tokenizer.json", "{", "checkpoint BASE: tokenizer.json: expected JSON"],
  [
    "a broken list of stops",
    "generation_config.json",
    '{"eos_token_id": "two"}',
    'checkpoint BASE: generation_config.json: eos_token_id: expected a token id or a list of them, found "two"',
  ],
  ["broken settings", "generation_config.json", "[]", "BASE/generation_config.json: expected a JSON object"],
  [
    "no preprocessing",
    "preprocessor_config.json",
    "{}",
    "checkpoint BASE: preprocessor_config.json: expected image_processor_type to be one of CLIPImageProcessor",
  ],
  [
    "another model's tokenizer",
    "config.json",
    '{"text_config": {"vocab_size": 100}}',
    "checkpoint BASE: expected a tokenizer of at most 100 tokens (vocab_size in config.json), found ",
  ],
  [
    "another placeholder",
    "config.json",
    '{"image_token_index": 32000}',
    "checkpoint BASE: expected files of one model, but config.json has the image's token 32000, and tokenizer.json, " +
    "the id of the image's token: 3.",
  ],
  [
    "another size of images",
    "config.json",
    '{"vision_config": {"image_size": 224}}',
    "checkpoint BASE: expected files of one model, but config.json has vision_config.image_size 224, and " +
    "the settings of its pictures: 4.",
  ],
];

for (const [name, file, content, expected] of CASES) {
  test(`readCheckpoint: ${name} names the folder`, async () => {
    const found = await message(file, content);
    assertEquals(found.slice(0, expected.length), expected, found);
  });
}

/** A good folder that a test may change. */
async function inBase(use: (base: string) => Promise<void>): Promise<void> {
  const folder = await fakeFolder();
  try {
    await use(join(folder, "base"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

test("readCheckpoint: every file that transformers needs travels with a tuned model", () =>
  inBase(async (base) => {
    const names = [
      "processor_config.json",
      "chat_template.jinja",
      "chat_template.json",
      "tokenizer_config.json",
      "special_tokens_map.json",
      "added_tokens.json",
      "vocab.json",
      "merges.txt",
    ];
    for (const name of [...names, "README.md"]) await Deno.writeTextFile(join(base, name), "{}");
    const template = "{% for m in messages %}{{ m.content[0].text }}</s>{% endfor %}";
    await Deno.writeTextFile(join(base, "chat_template.jinja"), template);
    const { companions } = await readCheckpoint(base);
    const there = ["tokenizer.json", "preprocessor_config.json", "generation_config.json"];
    assertEquals(new Set(companions.keys()), new Set([...there, ...names]));
    assertEquals(companions.get("merges.txt"), new TextEncoder().encode("{}"));
  }));

test("readCheckpoint: processor_config.json is enough, as transformers 5 writes it", () =>
  inBase(async (base) => {
    const before = await readCheckpoint(base);
    const settings = JSON.parse(await Deno.readTextFile(join(base, "preprocessor_config.json")));
    await Deno.remove(join(base, "preprocessor_config.json"));
    await Deno.writeTextFile(
      join(base, "processor_config.json"),
      JSON.stringify({ image_processor: settings, processor_class: "LlavaProcessor" }),
    );
    const { processor, companions } = await readCheckpoint(base);
    const image = { width: 5, height: 3, data: new Uint8Array(45).map((_, i) => 5 * i) };
    assertEquals(processor.picture(image), before.processor.picture(image));
    assertEquals(companions.has("processor_config.json"), true);
    await Deno.remove(join(base, "processor_config.json"));
    await assertRejects(
      () => readCheckpoint(base),
      InputError,
      "found no preprocessor_config.json or processor_config.json",
    );
  }));

test("readCheckpoint: weights stay on the disk, and several files are found by their index", () =>
  inBase(async (base) => {
    const one = join(base, "model.safetensors"), index = join(base, "model.safetensors.index.json");
    const whole = await Deno.readFile(one);
    const { weights: [file] } = await readCheckpoint(base);
    assertEquals([file!.name, file!.size], ["model.safetensors", whole.length]);
    assertEquals(await file!.read(5, 20), whole.slice(5, 25));
    assertEquals(await file!.read(whole.length - 3, 20), whole.slice(-3));
    await Deno.rename(one, join(base, "part.safetensors"));
    await Deno.writeTextFile(index, JSON.stringify({ weight_map: { all: "part.safetensors" } }));
    assertEquals((await readCheckpoint(base)).weights.map(({ name }) => name), ["part.safetensors"]);
    await Deno.writeTextFile(index, JSON.stringify({ weight_map: { all: "../data/tasks.json" } }));
    await assertRejects(
      () => readCheckpoint(base),
      InputError,
      `checkpoint ${base}: model.safetensors.index.json: expected names of safetensors files beside it`,
    );
  }));

test("readCheckpoint: all ids that end an answer, wherever they are named", async () => {
  const cases: [generation: string | null, config: string, stops: number[]][] = [
    ['{"eos_token_id": 2}', "{}", [2]],
    ['{"eos_token_id": [7, 5]}', '{"eos_token_id": 9}', [7, 5, 2]],
    ["{}", '{"eos_token_id": [9, 2]}', [9, 2]],
    [null, '{"text_config": {"eos_token_id": 8}}', [8, 2]],
    [null, "{}", [2]],
  ];
  const folder = await fakeFolder();
  const base = join(folder, "base");
  try {
    for (const [generation, config, stops] of cases) {
      const file = join(base, "generation_config.json");
      if (generation === null) await Deno.remove(file);
      else await Deno.writeTextFile(file, generation);
      await Deno.writeTextFile(join(base, "config.json"), config);
      assertEquals((await readCheckpoint(base)).stops, stops);
      await Deno.writeTextFile(file, "{}");
    }
    // A tokenizer without </s>, and no template.
    const tokenizer = await Deno.readTextFile(join(base, "tokenizer.json"));
    await Deno.writeTextFile(join(base, "tokenizer.json"), tokenizer.replaceAll('"</s>"', '"<end>"'));
    const { message } = await assertRejects(() => readCheckpoint(base), InputError);
    assertStringIncludes(message, `checkpoint ${base}: tokenizer.json: expected the special token </s>`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("readCheckpoint: what is no file is named, and not waited for", async () => {
  const lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n";
  assertStringIncludes(
    await message("tokenizer.json", lfs),
    "BASE/tokenizer.json: expected text, found a Git LFS pointer, not the file itself; run git lfs pull",
  );
  await inBase(async (base) => {
    const path = join(base, "generation_config.json");
    await Deno.remove(path);
    await Deno.mkdir(path);
    const { message } = await assertRejects(() => readCheckpoint(base), InputError);
    assertEquals(message, `${path}: expected a file, found a folder; put the file there, or take it away`);
  });
});
