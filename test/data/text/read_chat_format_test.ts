import { assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { needs } from "../../house/permissions.ts";
import { openFormat } from "./_samples.ts";

const test = needs("read");
const template = (mark: string) =>
  `{% for m in messages %}{% for p in m.content %}{{ p.text if p.type == 'text' else '<image>' }}{% endfor %}${mark}</s>{% endfor %}`;
const files = (
  processor: string | undefined,
  json: string | undefined,
  jinja: string | undefined,
  tokenizer: unknown,
) => ({
  "processor_config.json": JSON.stringify({ chat_template: processor && template(processor) }),
  "chat_template.json": json && JSON.stringify({ chat_template: template(json) }),
  "chat_template.jinja": jinja && template(jinja),
  "tokenizer_config.json": JSON.stringify({ chat_template: tokenizer }),
});

// What AutoProcessor of transformers 5.24 takes from such folders.
test("the template that transformers takes, and a word about the others", async () => {
  const named = [{ name: "tools", template: "" }, { name: "default", template: template("D") }];
  const cases: [Parameters<typeof files>, string, string[]][] = [
    [["P", "J", "F", template("T")], "processor_config.json, chat_template", [
      "chat_template.json",
      "chat_template.jinja",
      "tokenizer_config.json, chat_template",
    ]],
    [[undefined, "J", "F", template("J")], "chat_template.json", ["chat_template.jinja"]],
    [[undefined, undefined, "F", template("F")], "chat_template.jinja", []],
    [[undefined, undefined, undefined, named], "tokenizer_config.json, chat_template", []],
    [
      [undefined, undefined, undefined, { default: template("D") }],
      "tokenizer_config.json, chat_template",
      [],
    ],
  ];
  for (const [given, place, others] of cases) {
    const { format } = await openFormat("chat_llava", 9, files(...given));
    assertEquals(format.name, `the template in ${place}`);
    assertEquals(
      format.notes.filter((note) => note.includes("not heeded")),
      others.map((other) =>
        `${other} holds another chat template, which is not heeded: ${place} comes first`
      ),
    );
  }
});

test("without a template, LLaVA 1.5's layout", async () => {
  const { format } = await openFormat("chat_llava", 9, files(undefined, undefined, undefined, undefined));
  assertEquals(format.name, "LLaVA 1.5's layout");
});

test("files that do not belong together, or cannot be read, are named", async () => {
  const wrong: [Record<string, string>, string][] = [
    [{ "processor_config.json": '{"image_token": "<pic>"}' }, "expected the image's token <pic>, found none"],
    [
      { "processor_config.json": '{"image_token": {"content": "</s>"}}' },
      "expected the id of </s>, which is 2",
    ],
    [{ "chat_template.json": "{" }, "chat_template.json: expected JSON"],
    [{ "chat_template.json": "[]" }, "chat_template.json: expected an object, found a list"],
    [
      { "chat_template.json": '{"chat_template": [{"name": "tools", "template": "x"}]}' },
      'one called "default", found tools',
    ],
    [{ "chat_template.json": '{"chat_template": 5}' }, "chat_template.json: expected a template"],
    [{ "tokenizer_config.json": "7" }, "tokenizer_config.json: expected an object, found 7"],
  ];
  for (const [changes, message] of wrong) {
    await assertRejects(() => openFormat("chat_llava", 9, changes), InputError, message);
  }
  const lost = (await openFormat("chat_smolvlm", 4)).tokenizer.specials.filter((token) =>
    token.includes("fake")
  );
  assertEquals(lost, ["<fake_token_around_image>"]);
  await assertRejects(
    () =>
      openFormat("chat_smolvlm", 4, {
        "tokenizer_config.json": '{"fake_image_token": "<none>", "eos_token": "<end_of_utterance>"}',
      }),
    InputError,
    "expected the tokens that stand around an image's tiles",
  );
});
