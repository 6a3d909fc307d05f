import { assert, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../../src/errors.ts";
import { Random } from "../../../../src/random.ts";
import { buildTokenizer } from "../../../../src/data/text/build_tokenizer.ts";
import type { ChatFormat } from "../../../../src/data/text/chat_format.ts";
import { templateFormat } from "../../../../src/data/text/template/template_format.ts";
import { type ChatTokenizer, loadTokenizer } from "../../../../src/data/text/tokenizer.ts";
import { needs } from "../../../house/permissions.ts";
import { openFormat, sampleOf } from "../_samples.ts";

const test = needs("read");
const WHOLE = { rows: 0, columns: 0 };
const ALL = { maxTokens: 4096 };
const CASES: Record<string, number> = {
  chat_idefics3: 4,
  chat_smolvlm: 4,
  chat_qwen: 9,
  chat_llava: 9,
  chat_mistral: 9,
};

const own = loadTokenizer(buildTokenizer(["what", "is", "it?", "a", "red", "cube"]));
const PARTS = "{% for m in messages %}{{ m.role }}:{% for p in m.content %}" +
  "{% if p.type == 'image' %}<image>{% else %}{{ p.text }}{% endif %}{% endfor %}</s>{% endfor %}" +
  "{% if add_generation_prompt %}assistant:{% endif %}";

function layout(
  text: string,
  { names = {}, tokenizer = own }: { names?: object; tokenizer?: ChatTokenizer } = {},
): ChatFormat {
  return templateFormat({
    template: { place: "chat_template.jinja", text },
    tokenizer,
    names: new Map(Object.entries(names)),
    image: { family: "llava", image: "<image>", perTile: 3, names: new Map() },
  });
}

/** The text of what is trained, stretch by stretch. */
function trained(
  format: ChatFormat,
  tokenizer: ChatTokenizer,
  sample: ReturnType<typeof sampleOf>,
): string[] {
  const { ids, mask } = format.encode(sample, sample.images.map(() => WHOLE), ALL);
  const found: string[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (!mask[i]) continue;
    const from = i;
    while (mask[i]) i++;
    found.push(tokenizer.decode(ids.subarray(from, i)));
  }
  return found;
}

Deno.test("a template is rendered, encoded and masked", () => {
  const format = layout(PARTS);
  const { ids, mask, images } = format.encode(sampleOf([{ question: "what is it?", answer: "a cube" }], 1), [
    WHOLE,
  ], ALL);
  assertEquals(format.stops, [2]);
  assertEquals(format.imageId, 3);
  assertEquals(format.notes, []);
  assertEquals(images, ["0.png"]);
  const say = (text: string) => own.encode(text);
  assertEquals([...ids], [
    ...say("user:"),
    3,
    3,
    3,
    ...say("what is it?"),
    2,
    ...say("assistant:a cube"),
    2,
  ]);
  const decoded = own.decode(ids.filter((_, i) => mask[i]));
  assertEquals(decoded.trim(), "a cube");
  assertEquals(mask.at(-1), 1);
  assertEquals(format.name, "the template in chat_template.jinja");
});

for (const [name, tileTokens] of Object.entries(CASES)) {
  test(`${name}: texts come back, special tokens in them are text, images stand at their places`, async () => {
    const { format, tokenizer } = await openFormat(name, tileTokens);
    const draw = new Random(name.length);
    const words = [
      "red",
      "cube",
      " ",
      "\n",
      "</s>",
      "<image>",
      "<|im_end|>",
      "<end_of_utterance>",
      "<s>",
      "猫",
      "🙂",
      "é",
      "é",
      ".",
      "USER:",
      "<|im_start|>user",
    ];
    const text = () =>
      "x" + Array.from({ length: 1 + draw.int(6) }, () => words[draw.int(words.length)]!).join("") +
      "y";
    const specials = new Set(tokenizer.specials.map((token) => tokenizer.id(token)!));
    for (let round = 0; round < 40; round++) {
      let images = 0;
      const turns = Array.from({ length: 1 + draw.int(3) }, () => {
        const question = text();
        const places = Array.from({ length: draw.int(3) }, () => draw.int(question.length + 1)).sort((
          a,
          b,
        ) => a - b)
          .filter((at) => !/[\uDC00-\uDFFF]/.test(question[at] ?? ""));
        images += places.length;
        return { question, answer: text(), places };
      });
      const sample = sampleOf(turns, images);
      const grids = sample.images.map(() => WHOLE);
      const whole = format.encode(sample, grids, ALL);
      assertEquals(whole.images, sample.images);
      assertEquals(whole.ids.filter((id) => id === format.imageId).length, images * tileTokens);
      // As many special tokens as with harmless texts: none comes from a text.
      const plain = format.encode(
        {
          ...sample,
          turns: turns.map((turn) => ({ ...turn, question: "x".repeat(turn.question.length), answer: "y" })),
        },
        grids,
        ALL,
      );
      const count = (ids: Int32Array) => ids.reduce((sum, id) => sum + (specials.has(id) ? 1 : 0), 0);
      assertEquals(count(whole.ids), count(plain.ids));
      // A text that is normalised comes back as that.
      const same = (a: string) => a.normalize("NFC").trim();
      assertEquals(trained(format, tokenizer, sample).map(same), turns.map(({ answer }) => same(answer)));
      turns.forEach((_, turn) => {
        const prompt = format.promptOf(sample, turn, grids, ALL);
        const shown = turns.slice(0, turn + 1).reduce((sum, { places }) => sum + places.length, 0);
        assertEquals(prompt.images, sample.images.slice(0, shown));
        assertEquals(prompt.ids.filter((id) => id === format.imageId).length, shown * tileTokens);
      });
    }
  });
}

test("SmolVLM: what is trained begins right after the colon and ends with the end of the utterance", async () => {
  const { format, tokenizer } = await openFormat("chat_smolvlm", 4);
  const { ids, mask } = format.encode(
    sampleOf([{ question: "What?", answer: "A red cube." }], 1),
    [WHOLE],
    ALL,
  );
  const end = tokenizer.id("<end_of_utterance>")!;
  const first = mask.indexOf(1), last = mask.lastIndexOf(1);
  assert(tokenizer.decode(ids.subarray(0, first)).endsWith("Assistant:"));
  assertEquals(tokenizer.decode(ids.subarray(first, last)), " A red cube.");
  assertEquals([ids[last], ...ids.subarray(last + 1)], [end, ...tokenizer.encode("\n")]);
  assertEquals([...format.promptOf(sampleOf([{ question: "What?", answer: "" }], 1), 0, [WHOLE], ALL).ids], [
    ...ids.subarray(0, first),
  ]);
});

test("blocks that mark what is trained give what turn by turn gives", async () => {
  const plain = "{% for m in messages %}<|im_start|>{{ m.role }}\n{% for p in m.content %}" +
    "{{ p.text if p.type == 'text' else '<image>' }}{% endfor %}<|im_end|>\n{% endfor %}" +
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
  const marked = plain.replace(
    "{% for p",
    "{% if m.role == 'assistant' %}{% generation %}{{ m.content[0].text }}<|im_end|>" +
      "{% endgeneration %}{{ '\\n' }}{% continue %}{% endif %}{% for p",
  );
  const change = (text: string) => ({ "chat_template.jinja": text, "tokenizer_config.json": "{}" });
  const [a, b] = [
    await openFormat("chat_qwen", 9, change(plain)),
    await openFormat("chat_qwen", 9, change(marked)),
  ];
  const sample = sampleOf(
    [{ question: "What?", answer: " It.\n" }, { question: "And?", answer: "é🙂" }],
    2,
    "Short.",
  );
  const [one, two] = [a, b].map(({ format }) => format.encode(sample, [WHOLE, WHOLE], ALL));
  assertEquals(one, two);
  assertEquals(trained(a.format, a.tokenizer, sample), [" It.\n", "é🙂"]);
});

/** Each trained stretch with its special tokens. */
function spelled(format: ChatFormat, sample: ReturnType<typeof sampleOf>): string[] {
  const { ids, mask } = format.encode(sample, [], ALL);
  const text = Array.from(
    ids,
    (id, i) => mask[i] ? own.special(id) ?? own.decode([own.encode("#")[0]!, id]).slice(1) : "\n\n",
  );
  return text.join("").split(/\n\n+/).filter((part) => part !== "");
}
const TWO = [{ question: "what", answer: "a cube" }, { question: "is it?", answer: "it is\n" }];
const CLOSING = "{% for m in messages %}{{ m.role }}:{{ m.content[0].text }}<pad>\n{% endfor %}" +
  "{% if add_generation_prompt %}assistant:{% else %}</s>{% endif %}";

Deno.test("what ends the whole conversation ends no answer before, and nothing behind an answer's own end is trained", () => {
  const format = layout(CLOSING);
  assertEquals(spelled(format, sampleOf(TWO)), ["a cube<pad>", "it is\n<pad>"]);
  assertEquals(spelled(format, sampleOf([{ question: "<pad>", answer: " x</s>" }])), [" x</s><pad>"]);
  assertEquals(format.stops, [0]);
  assertEquals(format.notes, []);
  // The next message begins with the same letter as the end of the conversation.
  const joined = layout(
    "{% for m in messages %}<pad>{{ m.role }}:{{ m.content[0].text }}{% endfor %}" +
      "{% if add_generation_prompt %}<pad>assistant:{% else %}</s>{% endif %}",
  );
  assertEquals(spelled(joined, sampleOf(TWO)), ["a cube", "it is\n</s>"]);
});

Deno.test("answers are found where earlier turns are written in another way than in their prompts", () => {
  const late = "{% set sys = messages[0].content[0].text if messages[0].role == 'system' else '' %}" +
    "{% set rest = messages[1:] if sys else messages %}{% for m in rest %}" +
    "{% if m.role == 'user' and loop.index >= rest | length - 1 %}{{ sys }};{% endif %}" +
    "{{ m.role }}:{{ m.content[0].text }}</s>{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";
  const format = layout(late);
  const sample = sampleOf(TWO, 0, "red");
  assertEquals(spelled(format, sample), ["a cube</s>", "it is\n</s>"]);
  const { ids, mask } = format.encode(sample, [], ALL);
  const last = format.promptOf(sample, 1, [], ALL).ids;
  assertEquals([...ids.subarray(0, last.length)], [...last]);
  assertEquals(mask[last.length], 1);
  // A prompt that no conversation holds: where its answer begins is not known.
  const other = late.replace("assistant:{% endif", "you:{% endif");
  assertThrows(() => layout(other), InputError, "it cannot be told where answer 1 begins");
});

Deno.test("a template that looks at an answer's letters is laid out turn by turn, if its turns are what it begins with", () => {
  const looks = (text: string) =>
    text.replace("{{ m.role }}:", "{{ m.role }}{{ '!' if m.content[0].text[0] == 'a' else ':' }}");
  const format = layout(looks(PARTS.replace("assistant:{%", "assistant{%")));
  assertEquals(spelled(format, sampleOf(TWO)), ["!a cube</s>", ":it is\n</s>"]);
  const closing = layout(looks(CLOSING.replace("assistant:{%", "assistant{%")));
  assertThrows(() => closing.encode(sampleOf(TWO), [], ALL), InputError, "it cannot be told where answer 1");
});

Deno.test("a system's words that stand in prompts alone: prompts have them, training is refused", () => {
  const format = layout(
    "{% set sys = messages[0].content[0].text if messages[0].role == 'system' else '' %}" +
      "{% for m in messages if m.role != 'system' %}{% if loop.last and m.role == 'user' %}{{ sys }};{% endif %}" +
      "{{ m.role }}:{{ m.content[0].text }}</s>{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}",
  );
  const sample = sampleOf(TWO, 0, "a red cube");
  assert(own.decode(format.promptOf(sample, 1, [], ALL).ids).includes("a red cube;user"));
  assertThrows(
    () => format.encode(sample, [], ALL),
    InputError,
    "what the system says stands in prompts, but not in whole conversations",
  );
  assertEquals(spelled(format, sampleOf(TWO)), ["a cube</s>", "it is\n</s>"]);
});

Deno.test("templates that take texts alone are given the images in them, and it is said", () => {
  const format = layout("{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '</s>' }}{% endfor %}");
  assertEquals(format.notes, [
    "the template in chat_template.jinja takes texts alone: images are written into them as <image>",
  ]);
  const decoded = (turns: { question: string; answer: string; places?: number[] }[], images: number) => {
    const { ids } = format.encode(sampleOf(turns, images), Array(images).fill(WHOLE), ALL);
    return own.decode(ids.map((id) => id === 3 ? own.encode("#").at(-1)! : id));
  };
  assert(decoded([{ question: "what?", answer: "it" }], 1).includes("#"), "a line of its own");
  assertEquals(decoded([{ question: "what?", answer: "it" }], 0).match(/what\?/g)?.length, 1);
});

Deno.test("a start token that the template leaves out is put there, as the processor does, and not twice", () => {
  const json = {
    ...buildTokenizer(["a"]),
    post_processor: {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: "<s>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
      pair: [],
      special_tokens: { "<s>": { id: "<s>", ids: [1], tokens: ["<s>"] } },
    },
  };
  const tokenizer = loadTokenizer(json);
  const starts = (text: string) => {
    const format = layout(text, { names: { bos_token: "<s>" }, tokenizer });
    return [...format.encode(sampleOf([{ question: "<s>", answer: "a" }]), [], ALL).ids].filter((id) =>
      id === 1
    ).length;
  };
  assertEquals(starts(PARTS), 1);
  assertEquals(starts("{{ bos_token }}" + PARTS), 1);
});

Deno.test("errors name the file, the sample and what the template said", () => {
  const sample = sampleOf([{ question: "what", answer: "it" }, { question: "a", answer: "red" }]);
  const place = 'vqa_train.json, sample "s1" (task vqa)';
  const fails = (format: ChatFormat, of: ReturnType<typeof sampleOf>, message: string) => {
    const error = assertThrows(() => format.encode(of, of.images.map(() => WHOLE), ALL), InputError, message);
    assert(error.message.startsWith(place), error.message);
  };
  const parts = layout(PARTS);
  fails(parts, sampleOf([{ question: "what", answer: " \n" }]), "turn 1: expected an answer to learn");
  fails(
    parts,
    sampleOf([{ question: "what", answer: "it", places: [0] }], 2),
    "as many places as images, found 1 and 2",
  );
  fails(
    parts,
    sampleOf([{ question: "what", answer: "it", places: [9] }], 1),
    "ascending places from 0 to 4, found 9",
  );
  const long = sampleOf([{ question: "what ".repeat(5000), answer: "it" }], 1);
  assertThrows(() => parts.encode(long, [WHOLE], ALL), InputError, "at most 4096 tokens, found 5");
  assertThrows(() => parts.promptOf(long, 0, [WHOLE], ALL), InputError, "(3 of them for its images)");
  assertThrows(() => parts.promptOf(sample, 2, [], ALL), RangeError, "a turn from 0 to 1, found 2");
  assertThrows(() => parts.encode(sample, [WHOLE], ALL), RangeError, "expected 0 grids, found 1");

  const blind = layout(PARTS.replace("<image>", ""));
  blind.encode(sample, [], ALL);
  fails(
    blind,
    sampleOf([{ question: "what", answer: "it" }], 2),
    "it writes no <image>, so that the model would see none of its 2",
  );
  const twice = layout(PARTS.replace("<image>", "<image><image>"));
  fails(
    twice,
    sampleOf([{ question: "what", answer: "it" }], 1),
    "a <image> for each of its 1 images, found 2",
  );

  const roles =
    "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system, please') }}{% endif %}{% endfor %}";
  fails(
    layout(roles + PARTS),
    { ...sample, system: "Hm." },
    "the template in chat_template.jinja does not lay it out: what the system says: no system, please",
  );
  const deaf = PARTS.replace("{% for m in messages %}", "{% for m in messages if m.role != 'system' %}");
  fails(layout(deaf), { ...sample, system: "Hm." }, "what the system says: it does not write");
  const once = "{% if messages | length > 2 %}{{ raise_exception('one turn alone') }}{% endif %}";
  fails(layout(once + PARTS), sample, "one turn alone");
  const endless =
    "{% if messages | length > 2 %}{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}{% endif %}";
  fails(layout(endless + PARTS), sample, "it loops without end");
  const forgets = PARTS.replace("{% for m in messages %}", "{% for m in messages[-2:] %}");
  fails(layout(forgets), sample, "it cannot be told where answer 1 begins and ends");
  const half =
    "{% for m in messages %}{{ m.content[0].text }}{% if loop.last %}{% generation %}</s>{% endgeneration %}{% endif %}{% endfor %}";
  fails(layout(half), sample, "mark 1 stretches for 2 answers");
  for (
    const [text, message] of [
      ["{{ messages[0].content[0].text }}", "expected a chat template for a question and an answer"],
      ["{{ raise_exception('never') }}", "found: never"],
      ["{% for", "expected a Jinja template"],
    ] as const
  ) {
    const error = assertThrows(() => layout(text), InputError, message);
    assert(error.message.startsWith("chat_template.jinja: expected"), error.message);
  }
});

Deno.test("what a layout does not do is said", () => {
  const open = PARTS.replace("</s>", ";");
  assertEquals(layout(open).stops, []);
  assertEquals(layout(open).notes, [
    "the template in chat_template.jinja writes no token that ends an answer: a tuned model may not learn to stop, and its " +
    "answers run into the limit. Have the template write one after each answer, such as {{ eos_token }}",
  ]);
  const apart =
    "{% for m in messages %}{% for p in m.content %}{% if m.role == 'assistant' %}{% generation %}{{ p.text }}" +
    "{% endgeneration %}{% else %}{{ p.text if p.type == 'text' else '<image>' }}{% endif %}{% endfor %}</s>{% endfor %}";
  assertEquals(layout(apart).stops, [2]);
  assertEquals(layout(apart).notes, [
    "the template in chat_template.jinja leaves </s>, which ends an answer, out of its {% generation %} blocks: it is " +
    "trained all the same, so that a tuned model stops",
  ]);
  // Every answer's own, and no other: questions end with the same token.
  assertEquals(spelled(layout(apart), sampleOf(TWO)), [" a cube</s>", " it is\n</s>"]);
  assertEquals(spelled(layout(apart), sampleOf([{ question: "</s>", answer: "a</s>" }])), [" a</s></s>"]);
});

Deno.test("what a tokenizer puts after a whole conversation ends its last answer, where the template writes nothing", () => {
  const closes: ChatTokenizer = { ...own, around: { before: [1], after: [2, 1] } };
  const plain = TWO.map(({ question, answer }) => ({ question, answer: answer.trim() }));
  const format = layout(PARTS.replace("</s>", ""), { tokenizer: closes });
  assertEquals(spelled(format, sampleOf(plain)), ["a cube", "it is</s>"]);
  assertEquals(format.stops, [2]);
  assertEquals(format.notes, [
    "the template in chat_template.jinja writes no token that ends an answer: </s>, which tokenizer.json puts after a whole " +
    "conversation, is trained as the end of its last answer",
  ]);
  const { ids, mask } = format.encode(sampleOf(TWO), [], ALL);
  assertEquals([...ids.subarray(-2)], [2, 1]);
  assertEquals(mask.at(-1), 0);
  const marked = layout(PARTS.replace("</s>", "<pad>"), { tokenizer: closes });
  assertEquals(spelled(marked, sampleOf(TWO)), ["a cube<pad>", "it is\n<pad>"]);
  assertEquals(marked.notes, [
    "tokenizer.json puts tokens after a text: they end conversations, but not prompts, and are not trained",
  ]);
});

Deno.test("the system's words go as a text where a template takes no parts of it", () => {
  const format = layout(
    "{% set sys = messages[0].content if messages[0].role == 'system' else '' %}{{ sys ~ '</s>' }}" +
      PARTS.replace("in messages", "in messages if m.role != 'system'"),
  );
  const { ids } = format.encode(sampleOf([{ question: "what", answer: "it" }], 0, "a red cube"), [], ALL);
  assert(own.decode(ids).includes("a red cube"));
  assert(!own.decode(ids).includes("text"));
});

Deno.test("noncharacters in texts and templates are text", () => {
  const odd = "\uFDD0\uFDD1\uFDD2";
  const format = layout(`${PARTS}{# \uFDD3 #}`);
  const sample = sampleOf([{ question: `</s>${odd}`, answer: `${odd}</s>` }]);
  assertEquals(trained(format, own, sample), [`${odd}</s>`]);
  const all = Array.from({ length: 32 }, (_, i) => String.fromCharCode(0xfdd0 + i)).join("");
  assertThrows(
    () => format.encode(sampleOf([{ question: all, answer: "a" }]), [], ALL),
    InputError,
    "noncharacters",
  );
});
