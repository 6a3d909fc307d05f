import { assert, assertEquals } from "@std/assert";
import { METHODS } from "../../../src/balance/methods/registry.ts";
import { renderFormula, renderSymbols } from "../../../src/report/kit/formula.ts";

const inner = (formula: string) =>
  renderFormula(formula).text.replace('<math display="block"><mrow>', "").replace("</mrow></math>", "");

Deno.test("renderFormula sets indices, numbers, names and signs", () => {
  assertEquals(inner("x_12 - 2.5"), "<msub><mi>x</mi><mn>12</mn></msub><mo>−</mo><mn>2.5</mn>");
  assertEquals(inner("a_i^2"), "<msubsup><mi>a</mi><mi>i</mi><mn>2</mn></msubsup>");
  assertEquals(inner("e^x"), "<msup><mi>e</mi><mi>x</mi></msup>");
  assertEquals(inner("mean loss"), '<mi>mean</mi><mspace width="0.3em"/><mi>loss</mi>');
  assertEquals(inner("a < b"), "<mi>a</mi><mo>&lt;</mo><mi>b</mi>");
  assertEquals(inner("a_"), "<mi>a</mi><mo>_</mo>");
});

Deno.test("every method's formula and symbols are rendered whole", () => {
  for (const { id, formula, symbols = "" } of METHODS) {
    const text = (html: string) => html.replace(/<[^>]*>/g, "").replace(/\s/g, "");
    assertEquals(text(renderFormula(formula).text), formula.replace(/[_^\s]/g, ""), id);
    assert(!renderSymbols(symbols).text.includes("_"), id);
  }
});

Deno.test("renderSymbols sets indices among words, and escapes the words", () => {
  assertEquals(renderSymbols("n_i & λ_out").text, "n<sub>i</sub> &amp; λ<sub>out</sub>");
});
