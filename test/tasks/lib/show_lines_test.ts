import { assertEquals, assertStringIncludes } from "@std/assert";
import { green } from "@std/fmt/colors";
import { sampleLines } from "../../../tasks/lib/show_lines.ts";

const SAMPLE = {
  id: "7",
  task: "vqa",
  file: "vqa_train.json",
  images: [{ path: "a.png", grid: { rows: 2, columns: 3 }, tiles: 7, imageTokens: 28 }],
  tokens: { all: 40, image: 28, trained: 3 },
  runs: [
    { kind: "special" as const, trained: false, tokens: ["<s>", "USER:"] },
    { kind: "image" as const, trained: false, tokens: new Array<string>(28).fill("<image>") },
    { kind: "text" as const, trained: false, tokens: ["what", "\n", " is", "", "é"] },
    { kind: "text" as const, trained: true, tokens: ["a", " cube"] },
    { kind: "special" as const, trained: true, tokens: ["</s>"] },
  ],
};

Deno.test("sampleLines: without colours trained tokens stand in brackets", () => {
  assertEquals(sampleLines(SAMPLE, false), [
    'vqa_train.json, sample "7" (task vqa)',
    "  a.png: 2 rows of 3 tiles and the whole: 7 tiles, 28 image tokens",
    "  40 tokens: 28 of images, 3 trained on",
    "",
    "    <s>·USER:·{<image> × 28}·what·⏎",
    "    · is·é·[[a· cube·</s>]]",
    "",
  ]);
});

Deno.test("sampleLines: with colours no brackets", () => {
  const text = sampleLines(SAMPLE, true).join("\n");
  assertEquals(text.includes("[["), false);
  assertStringIncludes(text, green("a· cube·</s>"));
});
