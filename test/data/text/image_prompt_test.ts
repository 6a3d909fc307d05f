import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { imagePrompt } from "../../../src/data/text/image_prompt.ts";

const tokens = (family: string, names: Record<string, string> = {}) => ({
  family,
  image: "<image>",
  perTile: 2,
  names: new Map(Object.entries(names)),
});
const short = (text: string) =>
  text.replaceAll("<image>", "I").replaceAll("<fake_token_around_image>", "F").replaceAll(
    "<global-img>",
    "G",
  );

Deno.test("LLaVA: a placeholder a feature", () => {
  assertEquals(imagePrompt(tokens("llava"), { rows: 0, columns: 0 }), "<image><image>");
});

Deno.test("Idefics3 and SmolVLM: tiles by row and column, then the whole", () => {
  for (const family of ["idefics3", "smolvlm"]) {
    assertEquals(short(imagePrompt(tokens(family), { rows: 0, columns: 0 })), "FGIIF");
    assertEquals(
      short(imagePrompt(tokens(family), { rows: 2, columns: 1 })),
      "F<row_1_col_1>II\nF<row_2_col_1>II\n\nFGIIF",
    );
  }
});

Deno.test("tokens by the names that the tokenizer's file gives them", () => {
  const names = { fake_image_token: "<f>", global_image_token: "<g>" };
  assertEquals(
    short(imagePrompt(tokens("smolvlm", names), { rows: 1, columns: 2 })),
    "<f><row_1_col_1>II<f><row_1_col_2>II\n\n<f><g>II<f>",
  );
});

Deno.test("more placeholders than any model takes are refused before they are written", () => {
  const of = (perTile: number, grid = { rows: 0, columns: 0 }) => () =>
    imagePrompt({ ...tokens("smolvlm"), perTile }, grid);
  assertEquals(of(1_000_000)().length > 7_000_000, true);
  assertThrows(of(1e12), InputError, "config.json: expected sizes (image_size, patch_size, scale_factor)");
  assertThrows(of(100_001, { rows: 3, columns: 3 }), InputError, "found 100001 a tile and 10 tiles");
});
