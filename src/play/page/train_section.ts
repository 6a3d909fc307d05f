/**
 * The section in which a visitor sets weights and trains.
 *
 * @module
 */

import { attribute, type Html, html } from "../../report/kit/html.ts";
import { fixed } from "../../report/kit/numbers.ts";
import { renderFormula } from "../../report/kit/formula.ts";
import { section } from "../../report/kit/section.ts";
import { curvesFigure } from "./curves.ts";

/** Weights under a name. */
export interface Preset {
  /** Its name. */
  name: string;
  /** λ of each task. */
  weights: readonly number[];
}

/** Steps that may be chosen. */
const STEPS = [50, 100, 200, 400];

/** Steps where nobody chooses. */
const USUAL_STEPS = 100;

/** The largest weight that may be set, and how finely. */
const MOST = 4, FINE = 0.05;

/**
 * The section "What a weight does". What it does is in `page_end.js`.
 *
 * @param tasks Names of the tasks.
 * @param presets Weights to choose from; the first are set at the beginning.
 * @param of What is trained on what, in a few words.
 * @returns The section.
 */
export function trainSection(tasks: readonly string[], presets: readonly Preset[], of: string): Html {
  const [first] = presets;
  return section(
    { prefix: "", level: 2 },
    "train",
    "What a weight does",
    html`
      <p>A model is trained on several tasks at once: each step reads a few conversations of any of them. The
      weight λ of a task says how much its answers count in the loss that the step makes smaller:</p>
      ${renderFormula("L = Σ_k λ_i · ℓ_k / Σ_k λ_i")}
      <p>k runs over the answer tokens of the step’s conversations, ℓ<sub>k</sub> is the loss of token k (minus the
      logarithm of the probability that the model gave it), i is the task it belongs to. Only the weights’ ratios
      count. A task with a larger λ is learnt sooner, at the cost of the others, unless what it teaches helps them, too.
      CoTBal measures such help and gives weights by it.</p>
      <p>Set the weights and press Train: ${of}. The first time, equal weights are trained as well, so that there is
      something to compare with.</p>
      <p class="warnings" id="train-missing" hidden></p>
      <form class="train" id="train-form" hidden>
        <fieldset>
          <legend>Weights λ</legend>
          <p class="controls">
            <label for="train-preset">Begin with</label>
            <select
              id="train-preset">${presets.map(({ name, weights }) =>
                html`<option data-weights="${weights.join(" ")}">${name}</option>`
              )}<option id="train-own" hidden disabled>weights of your own</option></select>
          </p>
          <div class="sliders">
            ${tasks.map((task, t) =>
              html`
                <label for="weight-${t}">${task}</label>
                <input id="weight-${t}" type="range" min="0" max="${MOST}" step="${FINE}" value="${first!
                  .weights[t]}">
                <output for="weight-${t}" id="weight-${t}-value">${fixed(first!.weights[t], 2)}</output>
              `
            )}
          </div>
        </fieldset>
        <p class="controls">
          <label for="train-steps">Steps</label>
          <select id="train-steps">${STEPS.map((steps) =>
            html`<option${attribute("selected", steps === USUAL_STEPS)}>${steps}</option>`
          )}</select>
          <label for="train-seed">Seed</label>
          <input id="train-seed" type="number" min="0" max="999999" step="1" value="1" required>
          <button type="submit" id="train-start">Train</button>
          <button type="button" id="train-stop" disabled>Stop</button>
        </p>
        <p role="status" id="train-status"></p>
        <p id="train-progress"
          hidden><label><span id="train-doing"></span> <progress id="train-done"></progress></label></p>
      </form>
      <div id="train-curves">${curvesFigure(tasks, [])}</div>
    `,
  );
}
