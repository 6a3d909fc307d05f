import { assertEquals } from "@std/assert";
import { tokenRuns } from "../../src/answer/token_runs.ts";
import { buildTokenizer } from "../../src/data/text/build_tokenizer.ts";
import { loadTokenizer } from "../../src/data/text/tokenizer.ts";
import { Random } from "../../src/random.ts";

const tokenizer = loadTokenizer(buildTokenizer(["red", "cube"]));

Deno.test("tokenRuns: images, special tokens and text, trained or not", () => {
  const [red, cube] = [tokenizer.id("Ġred") ?? tokenizer.encode("red")[0]!, tokenizer.encode("cube")[0]!];
  const ids = [1, 3, 3, red, red, cube, 2, 2];
  assertEquals(tokenRuns(tokenizer, ids, [0, 0, 0, 0, 1, 1, 1, 0], 3), [
    { kind: "special", trained: false, tokens: ["<s>"] },
    { kind: "image", trained: false, tokens: ["<image>", "<image>"] },
    { kind: "text", trained: false, tokens: ["red"] },
    { kind: "text", trained: true, tokens: ["red", " cube"] },
    { kind: "special", trained: true, tokens: ["</s>"] },
    { kind: "special", trained: false, tokens: ["</s>"] },
  ]);
});

Deno.test("tokenRuns: the texts of long runs add up, characters of several bytes with their last one", () => {
  const random = new Random("runs");
  for (let i = 0; i < 50; i++) {
    const text = Array.from({ length: 60 }, () => random.pick(["red", "x", "é", "日本", "🎉", "\n"])).join(
      random.pick(["", " "]),
    );
    const ids = tokenizer.encode(text);
    const [run, ...more] = tokenRuns(tokenizer, ids, ids.map(() => 0), 3);
    assertEquals(more, []);
    assertEquals(run!.tokens.length, ids.length);
    assertEquals(run!.tokens.join(""), text);
  }
});
