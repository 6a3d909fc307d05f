/**
 * Formulas in plain text, as a terminal shows them, to MathML, which browsers show without a library.
 *
 * @module
 */

import { Html, html } from "./html.ts";

/** A name, a number, a space, or any other single character. */
const TOKENS = /\p{L}+|\d+(?:\.\d+)?|\s+|./gu;

/**
 * Renders a formula: letters are names, `_` comes before a lower index and `^` before an upper one, everything else is
 * a sign.
 *
 * @param formula The formula, such as `λ_i = n / (K · n_i)`.
 * @returns A block of MathML.
 *
 * @example
 * ```ts
 * import { renderFormula } from "./formula.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   renderFormula("λ_i = 1").text,
 *   '<math display="block"><mrow><msub><mi>λ</mi><mi>i</mi></msub><mo>=</mo><mn>1</mn></mrow></math>',
 * );
 * ```
 */
export function renderFormula(formula: string): Html {
  const tokens = formula.match(TOKENS) ?? [];
  const out: string[] = [];
  for (let k = 0; k < tokens.length; k++) {
    const token = tokens[k]!;
    if (/^\s/.test(token)) {
      // Signs bring their own space; two words would run together.
      if (isWord(tokens[k - 1]) && isWord(tokens[k + 1])) out.push('<mspace width="0.3em"/>');
      continue;
    }
    const index = (sign: string): string | undefined => {
      if (tokens[k + 1] !== sign || tokens[k + 2] === undefined) return undefined;
      k += 2;
      return element(tokens[k]!);
    };
    const lower = index("_");
    const upper = index("^");
    const base = element(token);
    out.push(
      lower !== undefined && upper !== undefined
        ? `<msubsup>${base}${lower}${upper}</msubsup>`
        : lower !== undefined
        ? `<msub>${base}${lower}</msub>`
        : upper !== undefined
        ? `<msup>${base}${upper}</msup>`
        : base,
    );
  }
  return new Html(`<math display="block"><mrow>${out.join("")}</mrow></math>`);
}

/**
 * Renders words with symbols among them: what follows `_` in a symbol becomes a lower index.
 *
 * @param words Such as "n_i: answer tokens of task i".
 * @returns HTML.
 *
 * @example
 * ```ts
 * import { renderSymbols } from "./formula.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(renderSymbols("n_i: its tokens").text, "n<sub>i</sub>: its tokens");
 * ```
 */
export function renderSymbols(words: string): Html {
  // Pieces at odd places are indices.
  const pieces = words.split(/(?<=\p{L})_(\p{L}+|\d+)/u);
  return html`${pieces.map((piece, k) => k % 2 === 1 ? html`<sub>${piece}</sub>` : piece)}`;
}

function isWord(token: string | undefined): boolean {
  return token !== undefined && /^[\p{L}\d]/u.test(token);
}

function element(token: string): string {
  if (/^\p{L}/u.test(token)) return `<mi>${token}</mi>`;
  if (/^\d/.test(token)) return `<mn>${token}</mn>`;
  const sign = { "<": "&lt;", ">": "&gt;", "&": "&amp;", "-": "−" }[token] ?? token;
  return `<mo>${sign}</mo>`;
}
