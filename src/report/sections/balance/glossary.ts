/**
 * The glossary: every term and formula of the report, in MathML, which browsers show without a library.
 *
 * @module
 */

import { findMethod } from "../../../balance/methods/registry.ts";
import { METRIC_NOTES, type MetricName } from "../../../metrics/metric_name.ts";
import { renderFormula, renderSymbols } from "../../kit/formula.ts";
import { Html, html } from "../../kit/html.ts";
import { type RunView, section } from "../../kit/section.ts";

/**
 * The section "Terms and formulas".
 *
 * @param view The run; only its methods are explained.
 * @returns The section.
 */
export function glossarySection(view: RunView): Html {
  const methods = Object.keys(view.run.results.methods).flatMap((id) => findMethod(id) ?? []);
  return section(
    view,
    "glossary",
    "Terms and formulas",
    html`
      <dl class="glossary">
      ${entry(
        "V",
        html`V<sub>j</sub>(X): validation score on task j of a model tuned on the data X, in points, higher is better.`,
      )}
      ${balanceTerms()}
      ${entry(
        "ΔI%, ΔE%",
        html`M is a method’s score, B the base’s, on each of N tasks. ${DELTA_I} ${DELTA_E} ΔE sees the losses alone, so that a gain on one task cannot hide a loss on another.`,
      )}
      ${methods.map(({ name, text, formula, symbols, source }) =>
        entry(
          name,
          html`${text} ${renderFormula(formula)} ${
            symbols !== undefined && html`
              ${renderSymbols(symbols)}.
            `
          }Source: ${source}.`,
        )
      )}
      ${entry(
        "Base",
        html`The model before tuning: trained on image descriptions, never on these tasks’ questions.`,
      )}
      ${entry(
        "Chance, majority",
        html`<b>Chance</b>: a blind guess among the possible answers. <b>Majority</b>: always the task’s most frequent training answer; <b>a template</b>: the most frequent one of each form of question. <b>Blank images</b>: the EW model with every image blank. What lies above all of them was seen.`,
      )}
      ${metricTerms(view.run.results.metrics)}
      ${view.run.profile !== null && entry(
        "Roofline",
        html`What an adapter can do at most: its peak of arithmetic, or its memory’s bandwidth times the operations for each byte, whichever is less. Both were measured on the adapter, so that a kernel at 100% computes at that peak or moves its bytes at that bandwidth. <b>Dispatch</b>: one launch of a kernel.`,
      )}
      </dl>
      <p
        class="source">The method is described in “CoTBal: Comprehensive Task Balancing for Multi-Task Visual Instruction Tuning”, <span class="nowrap">arXiv 2403.04343</span>. Colours: Okabe and Ito; cividis.</p>
    `,
  );
}

/** What is to be known of the metrics that the tasks are scored by. */
function metricTerms(metrics: readonly MetricName[]): Html {
  // A page made by a newer version may name others.
  const notes = [...new Set(metrics)].flatMap((name) => METRIC_NOTES[name] ?? []);
  return html`${
    notes.map(({ label, right, references, few, chance, source }) =>
      entry(
        label,
        html`${right} Several references: ${references} ${few} Chance: ${chance} Source: ${source}.`,
      )
    )
  }`;
}

/**
 * The terms of balancing, from the probes to the weighted loss.
 *
 * @returns Entries of a list of terms.
 */
export function balanceTerms(): Html {
  return html`
    ${entry(
      "mini, i + mini",
      html`<b>mini</b>: a small random subset of every task. <b>i + mini</b>: a large subset of task i and the minis of all others. The probes are the models tuned on these, all from the same base.`,
    )}
    ${entry(
      "Contribution",
      html`What i’s data does for j, relative to what j’s own data does. ${CONTRIBUTION} Undefined where the denominator is not above 0.`,
    )}
    ${entry(
      "C out, C in",
      html`C<sub>out</sub>[i] is the mean of C[i→j] over the other tasks j; C<sub>in</sub>[i] the mean of C[j→i]; undefined cells are left out.`,
    )}
    ${entry("Difficulty", html`${DIFFICULTY}`)}
    ${entry(
      "Weights",
      html`${WEIGHTS} N tasks; a softmax turns measures into positive numbers that sum to 1; T is its temperature: the lower, the further the weights spread.`,
    )}
    ${entry("Weighted loss", html`${LOSS} Both sums run over all answer tokens of an optimiser step.`)}
  `;
}

/**
 * A term and what it means.
 *
 * @param term The term.
 * @param text What it means.
 * @returns An entry of a list of terms.
 */
export function entry(term: string, text: Html): Html {
  return html`
    <div>
      <dt>${term}</dt>
      <dd>${text}</dd>
    </div>
  `;
}

// A few words of MathML. All texts below are this file's own, so nothing needs escaping.
const i = (name: string) => `<mi>${name}</mi>`;
const o = (sign: string) => `<mo>${sign}</mo>`;
const n = (value: string) => `<mn>${value}</mn>`;
const row = (...parts: string[]) => `<mrow>${parts.join("")}</mrow>`;
const frac = (top: string, bottom: string) => `<mfrac>${top}${bottom}</mfrac>`;
const sub = (base: string, index: string) => `<msub>${base}${index}</msub>`;
const text = (words: string) => `<mtext>${words}</mtext>`;
const paren = (...parts: string[]) => row(o("("), ...parts, o(")"));
const math = (...parts: string[]) => new Html(`<math display="block">${parts.join("")}</math>`);

const V = (task: string, ...data: string[]) => row(sub(i("V"), i(task)), paren(...data));
const mini = text("mini");
const lambda = (index: string) => sub(i("λ"), text(index));
const alpha = (index: string) => sub(i("α"), text(index));
const softmax = (sign: string, measure: string) =>
  row(i("N"), o("·"), i("softmax"), paren(sign ? o(sign) : "", measure, o("/"), i("T")));
const sumOver = (index: string) => `<munder>${o("∑")}${index}</munder>`;

const CONTRIBUTION = math(
  row(i("C"), o("["), i("i"), o("→"), i("j"), o("]")),
  o("="),
  frac(
    row(V("j", i("i"), o("+"), mini), o("−"), V("j", mini)),
    row(V("j", i("j"), o("+"), mini), o("−"), V("j", mini)),
  ),
);
const DIFFICULTY = math(
  row(sub(i("D"), i("i")), o("="), n("1"), o("−"), frac(V("i", mini), V("i", i("i"), o("+"), mini))),
);
const WEIGHTS = new Html(
  [
    math(lambda("out"), o("="), softmax("", sub(i("C"), text("out")))),
    math(lambda("in"), o("="), softmax("−", sub(i("C"), text("in")))),
    math(lambda("D"), o("="), softmax("", i("D"))),
    math(
      i("λ"),
      o("="),
      row(alpha("out"), lambda("out")),
      o("+"),
      row(alpha("in"), lambda("in")),
      o("+"),
      row(alpha("D"), lambda("D")),
    ),
  ].join(""),
);
const LOSS = math(
  i("L"),
  o("="),
  frac(
    row(
      sumOver(i("t")),
      sub(i("λ"), row(i("task"), paren(i("t")))),
      o("·"),
      paren(o("−"), i("log"), sub(i("p"), i("t"))),
    ),
    row(sumOver(i("t")), sub(i("λ"), row(i("task"), paren(i("t"))))),
  ),
);
const change = (a: string, b: string) =>
  frac(row(sub(i(a), i("i")), o("−"), sub(i(b), i("i"))), sub(i("B"), i("i")));
const share = frac(n("100"), i("N"));
const DELTA_I = math(text("ΔI%"), o("="), share, sumOver(i("i")), change("M", "B"));
const DELTA_E = math(
  text("ΔE%"),
  o("="),
  share,
  sumOver(i("i")),
  i("max"),
  paren(n("0"), o(","), change("B", "M")),
);
