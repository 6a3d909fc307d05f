import { assert, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";
import { buildTokenizer, SPECIAL_TOKENS } from "../../../src/data/text/build_tokenizer.ts";
import { vocabulary } from "../../../src/scenes/vocabulary.ts";
import { loadTokenizer } from "../../../src/data/text/tokenizer.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read");

const WORDS = [
  "what",
  "color",
  "is",
  "the",
  "cube?",
  "cube",
  "a",
  "red",
  "[0.25,",
  "0.5,",
  "0.75,",
  "0.94]",
  "café",
];
const tokenizer = loadTokenizer(buildTokenizer(WORDS));

Deno.test("buildTokenizer: special tokens have their fixed ids and the vocabulary stays compact", () => {
  assertEquals(SPECIAL_TOKENS.map((token) => tokenizer.id(token)), [0, 1, 2, 3, 4, 5]);
  // 6 special, 256 bytes, 94 printable ASCII characters at a word start ("a" is one of them), the other words.
  assertEquals(tokenizer.vocabSize, 6 + 256 + 94 + WORDS.length - 1);
});

Deno.test("encode: whole words are single tokens wherever they stand", () => {
  const words = WORDS.map((word) => tokenizer.encode(word));
  assert(words.every((ids) => ids.length === 1));
  assertEquals(tokenizer.encode(WORDS.join(" ")), words.flat());
});

Deno.test("encode: a box is one token a coordinate", () => {
  assertEquals(tokenizer.encode("[0.25, 0.5, 0.75, 0.94]").length, 4);
});

Deno.test("encode: a known word before unknown signs keeps its token", () => {
  const ids = tokenizer.encode("red!!");
  assertEquals([ids[0], ids.length], [tokenizer.encode("red")[0], 3]);
});

Deno.test("encode: no text becomes a special token", () => {
  for (const token of SPECIAL_TOKENS) {
    for (const text of [token, `x${token}`, `${token} ${token}`, `a ${token}\n`]) {
      const ids = tokenizer.encode(text);
      assert(ids.every((id) => id >= SPECIAL_TOKENS.length), text);
      assertEquals(tokenizer.decode(ids), text);
    }
  }
});

Deno.test("decode: special tokens, and ids outside the vocabulary, say nothing", () => {
  const ids = tokenizer.encode("the red cube");
  assertEquals(tokenizer.decode([1, 4, 3, 3, ...ids, 2, 0, 99999, -1]), "the red cube");
  assertEquals(tokenizer.decode([]), "");
  assertEquals(tokenizer.decode([1, 2]), "");
  assertEquals(tokenizer.decode(Int32Array.from(ids)), "the red cube");
});

Deno.test("decode: a broken byte sequence gives a replacement character, not an error", () => {
  const [first] = tokenizer.encode("é").slice(1);
  assertEquals(tokenizer.decode([first!]), "\ufffd");
});

Deno.test("encode and decode: chosen texts survive", () => {
  for (
    const text of [
      "",
      " ",
      "  ",
      "\n",
      "\t\ttabs",
      " leading",
      "trailing ",
      "double  space   three",
      "line\r\nend\n\n",
      "Ġ ▁ <0x0A> \u0000 \u0001",
      "\ufeffmark",
      "no-break\u00a0space\u3000wide\u2028line",
      "e\u0301 é ﬁ ½",
      "赤い立方体",
      "👩‍👩‍👧 🏳️‍🌈",
      "\u{10ffff}",
      "<s>USER:</s>",
      "constructor __proto__ toString",
      "don't . , n't 's ?",
    ]
  ) {
    assertEquals(tokenizer.decode(tokenizer.encode(text)), text);
  }
});

Deno.test("encode and decode: 4,000 random texts survive", () => {
  const random = new Random("tokenizer fuzz");
  const alphabets: (() => string)[] = [
    () => String.fromCharCode(random.int(128)),
    () => random.pick(WORDS),
    () => " ".repeat(1 + random.int(3)),
    () => random.pick(["\n", "\t", "\r", "\u00a0", "▁", "Ġ", "Ċ", "\ufeff", "<", ">"]),
    () => random.pick([...SPECIAL_TOKENS]),
    () => {
      let code = random.int(0x110000);
      while (code >= 0xd800 && code < 0xe000) code = random.int(0x110000);
      return String.fromCodePoint(code);
    },
  ];
  for (let i = 0; i < 4000; i++) {
    const text = Array.from({ length: random.int(24) }, () => random.pick(alphabets)()).join("");
    assertEquals(tokenizer.decode(tokenizer.encode(text)), text, JSON.stringify(text));
  }
});

Deno.test("loadTokenizer: reads text and object alike", () => {
  const json = buildTokenizer(WORDS);
  assertEquals(
    loadTokenizer(JSON.stringify(json)).encode("a red cube"),
    loadTokenizer(json).encode("a red cube"),
  );
});

Deno.test("loadTokenizer: a byte-fallback BPE tokenizer without the optional parts", () => {
  const vocab: Record<string, number> = { "<unk>": 0, "<s>": 1, "</s>": 2, "▁": 259, "a": 260, "▁a": 261 };
  for (let b = 0; b < 256; b++) vocab[`<0x${b.toString(16).toUpperCase().padStart(2, "0")}>`] = 3 + b;
  const llama = loadTokenizer({
    added_tokens: ["<unk>", "<s>", "</s>"].map((content, id) => ({ id, content, special: true })),
    normalizer: {
      type: "Sequence",
      normalizers: [{ type: "Prepend", prepend: "▁" }, {
        type: "Replace",
        pattern: { String: " " },
        content: "▁",
      }],
    },
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "▁" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
        { type: "Strip", content: " ", start: 1, stop: 0 },
      ],
    },
    model: { type: "BPE", vocab, merges: [["▁", "a"]], byte_fallback: true, unk_token: "<unk>" },
  });
  assertEquals(llama.encode("a a"), [261, 261]);
  assertEquals(llama.decode([1, ...llama.encode("aé a\n"), 2]), "aé a\n");
  assertEquals(llama.vocabSize, 262);
});

/** A Unigram tokenizer with tokens for bytes. Its ids are what `tokenizers` 0.23 gives. */
function unigram(bytes: readonly number[], added: object[] = []) {
  const hex = (byte: number) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
  return loadTokenizer({
    added_tokens: added,
    pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "▁" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
        { type: "Strip", content: " ", start: 1, stop: 0 },
      ],
    },
    model: {
      type: "Unigram",
      unk_id: 0,
      byte_fallback: true,
      vocab: [["<unk>", 0], ["▁", -2], ["u", -3], ["nd", -4], ...bytes.map((byte) => [hex(byte), -20])],
    },
  });
}

Deno.test("loadTokenizer: Unigram spells what it lacks in bytes, where all of them are there", () => {
  const every = Array.from({ length: 256 }, (_, byte) => byte);
  const ids = (text: string) => [...new TextEncoder().encode(text)].map((byte) => 4 + byte);
  const full = unigram(every);
  for (const text of ["猫 und ß%", "猫猫 u", "🙂nd\n"]) {
    const want = text.split(" ").flatMap((word) => [
      1,
      ...word.split(/(u|nd)/).filter((part) => part !== "").flatMap((part) =>
        part === "u" ? [2] : part === "nd" ? [3] : ids(part)
      ),
    ]);
    assertEquals(full.encode(text), want, text);
    assertEquals(full.decode(full.encode(text)), text);
    assertEquals(full.encodeRendered({ text, literal: new Set(), trained: [[0, text.length]] }).ids, want);
  }
  assertEquals(
    full.encodeRendered({ text: "u猫猫", literal: new Set(), trained: [[0, 2]] }).mask,
    [0, 1, 1, 1, 1, 0, 0, 0],
  );
  const ordinary = unigram(every, [{ id: 260, content: "<x>", special: false }]);
  assertEquals(ordinary.encode("<x>猫").slice(-3), ids("猫"), "beside tokens that texts can spell");
  assertEquals(unigram([0xc3, 0x9f]).encode("ß猫 ß"), [1, 0, 1, 4, 5], "one is missing: unknown");
});

Deno.test("loadTokenizer: a normaliser that makes texts grow is refused, and writes dollars as they are", () => {
  const replacing = (content: string, times: number, pattern: object = { String: "a" }) =>
    loadTokenizer({
      normalizer: {
        type: "Sequence",
        normalizers: Array.from({ length: times }, () => ({ type: "Replace", pattern, content })),
      },
      model: { type: "WordPiece", vocab: { "[UNK]": 0, "$&": 1 }, unk_token: "[UNK]" },
    });
  for (const pattern of [{ String: "a" }, { Regex: "a|" }]) {
    const bomb = replacing("a".repeat(20), 8, pattern);
    assertThrows(() => bomb.encode("banana"), InputError, "normalizer: expected texts of at most 4194304");
    assertThrows(
      () => bomb.encodeRendered({ text: "banana", literal: new Set(), trained: [] }),
      InputError,
      "use the model's own file",
    );
  }
  assertEquals(replacing("$&", 1).encode("a"), [1]);
});

Deno.test("loadTokenizer: what cannot be read is an input error", () => {
  assertThrows(() => loadTokenizer("{"), InputError, "expected JSON");
  assertThrows(() => loadTokenizer("{}"), InputError, "vocabulary");
  assertThrows(() => loadTokenizer("null"), InputError, "vocabulary");
  assertThrows(
    () => loadTokenizer({ normalizer: { type: "Odd" }, model: { vocab: { a: 0 } } }),
    InputError,
    "cannot be read",
  );
  const wrong: [object, string][] = [
    [{ model: { vocab: { a: 2 ** 31 } } }, 'expected an id from 0 to 16777215 for "a", found 2147483648'],
    [{ model: { vocab: { a: 0 } }, added_tokens: [{ content: "b", id: -1 }] }, 'for "b", found -1'],
    [{ model: { vocab: { a: 0 } }, added_tokens: { b: 1 } }, "added_tokens: expected a list"],
    [{ model: { vocab: { a: 0 } }, added_tokens: [1] }, "expected tokens with a content, found 1"],
  ];
  for (const [file, message] of wrong) assertThrows(() => loadTokenizer(file), InputError, message);
});

Deno.test("buildTokenizer: a word with white space is an input error", () => {
  assertThrows(() => buildTokenizer(["red", "a cube"]), InputError, 'found "a cube"');
  assertThrows(() => buildTokenizer([""]), InputError, "word 0");
});

test("the shipped tokenizer: every word of the benchmark is one token, any text survives", () => {
  const base = Deno.readTextFileSync(new URL("../../../data/base/tokenizer.json", import.meta.url));
  assertEquals(JSON.parse(base), buildTokenizer(vocabulary()), "rebuild data/base/tokenizer.json");
  const shipped = loadTokenizer(base);
  for (const word of vocabulary()) assertEquals(shipped.encode(word).length, 1, word);
  assert(shipped.vocabSize < 700);
  assertEquals(shipped.decode(shipped.encode("Wo\nist  der Würfel?")), "Wo\nist  der Würfel?");
});

Deno.test("a vocabulary of 150,000 tokens", () => {
  const vocab = Object.fromEntries(Array.from({ length: 150_000 }, (_, i) => [`w${i}`, i]));
  const tokenizer = loadTokenizer({ model: { type: "WordLevel", vocab, unk_token: "w0" } });
  assertEquals([tokenizer.vocabSize, tokenizer.encode("w149999")], [150_000, [149_999]]);
});
