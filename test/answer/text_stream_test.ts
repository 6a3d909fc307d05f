import { assertEquals } from "@std/assert";
import { TextStream } from "../../src/answer/text_stream.ts";
import type { Tokenizer } from "../../src/data/text/tokenizer.ts";

/** A tokenizer whose tokens are bytes. */
const BYTES: Tokenizer = {
  vocabSize: 256,
  encode: (text) => [...new TextEncoder().encode(text)],
  decode: (ids) => new TextDecoder().decode(Uint8Array.from(ids)),
  id: () => undefined,
  special: () => undefined,
};

/** What a stream gives, token by token and at the end. */
function pieces(tokenizer: Tokenizer, ids: Iterable<number>) {
  const stream = new TextStream(tokenizer);
  const given = Array.from(ids, (id) => stream.push(id));
  return { given, end: stream.end() };
}

Deno.test("streamed text: characters come whole, however many bytes they have", () => {
  const text = "é 🙂 漢字";
  const { given, end } = pieces(BYTES, BYTES.encode(text));
  assertEquals(given.join("") + end, text);
  assertEquals(given.filter((piece) => piece !== ""), ["é", " 🙂", " 漢", "字"]);
});

Deno.test("streamed text: white space around the answer is left out, inside it waits for what follows", () => {
  const { given, end } = pieces(BYTES, BYTES.encode(" \n a \n b \n"));
  assertEquals(given.filter((piece) => piece !== ""), ["a", " \n b"]);
  assertEquals(end, "");
});

Deno.test("streamed text: bytes that make no character show at the end", () => {
  const { given, end } = pieces(BYTES, [97, 0xf0, 0x9f]);
  assertEquals(given, ["a", "", ""]);
  assertEquals(end, "\uFFFD");
});

Deno.test("streamed text: nothing said, nothing given", () => {
  assertEquals(pieces(BYTES, []), { given: [], end: "" });
  assertEquals(pieces(BYTES, [32]), { given: [""], end: "" });
});

Deno.test("streamed text: where a later token changes what was given, the end has the whole", () => {
  const words: Tokenizer = {
    ...BYTES,
    decode: (ids) => [...ids].length > 2 ? "can't" : ["", "can", "can not"][[...ids].length]!,
  };
  const { given, end } = pieces(words, [0, 1, 2]);
  assertEquals(given, ["can", " not", ""]);
  assertEquals(end, "\ncan't");
});
