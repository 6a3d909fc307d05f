import { assertEquals, assertStringIncludes } from "@std/assert";
import { foldWeights } from "../../../../src/report/sections/run/notes.ts";

Deno.test("many warnings of one method's weights are one entry that unfolds, all others stay as they are", () => {
  const texts = [
    "One seed only.",
    "Weights (a): 1",
    "Weights (a): 2",
    "Weights (b): x",
    "Weights (a): 3",
    "Last.",
  ];
  const [first, folded, third, last, ...rest] = foldWeights(texts);
  assertEquals([first, third, last, rest], ["One seed only.", "Weights (b): x", "Last.", []]);
  const text = (folded as { text: string }).text.replaceAll(/\s+/g, " ");
  assertStringIncludes(text, "<summary>Weights (a): 3 warnings</summary>");
  assertStringIncludes(text, "<li>1</li>");
  assertEquals(foldWeights(["Weights: p", "Weights: q"]), ["Weights: p", "Weights: q"]);
});
