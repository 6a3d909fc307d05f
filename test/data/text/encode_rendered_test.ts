import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { buildTokenizer } from "../../../src/data/text/build_tokenizer.ts";
import { placesInPiece, type RenderedText, type Stretch } from "../../../src/data/text/encode_rendered.ts";
import { loadTokenizer } from "../../../src/data/text/tokenizer.ts";

const rendered = (text: string, trained: Stretch[] = [], literal: number[] = []): RenderedText => ({
  text,
  trained,
  literal: new Set(literal),
});

/** A tokenizer of words and letters, with tokens of its own. */
function words(added: Record<string, unknown>[], change: Record<string, unknown> = {}) {
  const vocab = [
    "[UNK]",
    "red",
    "cu",
    "##be",
    "##s",
    "a",
    ".",
    ...added.map(({ content }) => content as string),
  ];
  return loadTokenizer({
    added_tokens: added.map((token, i) => ({ id: 7 + i, special: true, ...token })),
    pre_tokenizer: { type: "BertPreTokenizer" },
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      lowercase: true,
      strip_accents: null,
    },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocab.map((token, id) => [token, id])),
    },
    ...change,
  });
}

Deno.test("special tokens become special ids, but not where they are spelled out", () => {
  const tokenizer = loadTokenizer(buildTokenizer(["a", "cube"]));
  const { ids, mask } = tokenizer.encodeRendered(rendered("<s>a</s>cube</s>", [[4, 12]], [4]));
  const spelled = tokenizer.encode("a</s>cube");
  assertEquals(ids, [1, ...spelled, 2]);
  assertEquals(tokenizer.decode(ids), "a</s>cube");
  assertEquals(mask, [0, ...tokenizer.encode("a").map(() => 0), ...spelled.slice(1).map(() => 1), 0]);
});

Deno.test("a token is trained that overlaps what is trained, be it by a letter", () => {
  const tokenizer = words([{ content: "<e>" }]);
  const mask = (...trained: Stretch[]) =>
    tokenizer.encodeRendered(rendered("Red  CUBES a.<e>", trained)).mask.join("");
  assertEquals(tokenizer.encodeRendered(rendered("Red  CUBES a.<e>")).ids, [1, 2, 3, 4, 5, 6, 7]);
  assertEquals(mask(), "0000000");
  assertEquals(mask([0, 16]), "1111111");
  assertEquals(mask([6, 8]), "0110000", "the ends of two tokens");
  assertEquals(mask([3, 5]), "0000000", "white space that is no token");
  assertEquals(mask([1, 2], [12, 14]), "1000011");
});

Deno.test("added tokens take white space away and stand alone, where they say so", () => {
  const tokenizer = words([
    { content: "<l>", lstrip: true },
    { content: "<r>", rstrip: true },
    { content: "<w>", single_word: true, special: false },
  ], {
    normalizer: null,
    pre_tokenizer: null,
    model: {
      type: "WordPiece",
      unk_token: "?",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: { "?": 0, a: 1, "##a": 2, " ": 3, "## ": 4, "##<": 5, "##w": 6, "##>": 10 },
    },
  });
  const ids = (text: string) => tokenizer.encodeRendered(rendered(text)).ids;
  assertEquals(ids("a <l> a"), [1, 7, 3, 2]);
  assertEquals(ids("a <r> a"), [1, 4, 8, 1]);
  assertEquals(ids("a <w>"), [1, 4, 9]);
  assertEquals(ids("a<w>"), [1, 5, 6, 10], "letters beside it: text");
  assertEquals(
    tokenizer.encodeRendered(rendered("a <l> a", [[1, 2]])).mask,
    [0, 1, 0, 0],
    "what it took is its own",
  );
});

Deno.test("where tokens stand in a piece: bytes where their character does, unknown ones, later parts of words", () => {
  const places = (piece: string, tokens: string[], continuing?: string) => {
    const { from, to } = placesInPiece(piece, tokens, { unknown: "<unk>", continuing });
    return from.map((at, i) => `${at}-${to[i]}`).join(" ");
  };
  assertEquals(places("▁a猫b", ["▁a", "<0xE7>", "<0x8C>", "<0xAB>", "b"]), "0-2 2-3 2-3 2-3 3-4");
  assertEquals(places("🙂x", ["<0xF0>", "<0x9F>", "<0x99>", "<0x82>", "x"]), "0-2 0-2 0-2 0-2 2-3");
  assertEquals(places("a🙂b", ["a", "<unk>", "b"]), "0-1 1-3 3-4");
  assertEquals(places("abc", ["<unk>"]), "0-3");
  assertEquals(places("cubes", ["cu", "##be", "##s"], "##"), "0-2 2-4 4-5");
  assertEquals(places("<0x0A>", ["<0x0A>"]), "0-6", "spelled out");
  for (const tokens of [["a"], ["a", "c"], ["a", "b", "c"], ["<0xE7>"], []]) {
    assertThrows(() => places("ab", tokens), InputError, 'expected tokens that spell "ab", found');
  }
});

Deno.test("a tokenizer that leaves text out is refused only where something is trained", () => {
  const tokenizer = words([], {
    pre_tokenizer: { type: "Split", pattern: { Regex: "red|a" }, behavior: "Removed", invert: true },
  });
  assertEquals(tokenizer.encodeRendered(rendered("redba")).mask.length, 2);
  assertThrows(
    () => tokenizer.encodeRendered(rendered("redba", [[0, 5]])),
    InputError,
    "places of tokens are not known",
  );
});
