/**
 * The section in which a reader asks the tuned models, which run in the browser.
 *
 * @module
 */

import type { Example } from "../../../run/records/example.ts";
import { type Html, html } from "../../kit/html.ts";
import { list } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";

/** What the section shows. */
export interface AskView extends Pick<RunView, "models" | "looks" | "prefix" | "level"> {
  run: { examples: readonly Example[]; results: { seeds: readonly unknown[] } };
  /** What the models inside are, in a sentence; those of a run, as it tuned them, if left out. */
  about?: string;
}

/**
 * The section "Ask the models". What it does is in `src/page/main.js`.
 *
 * @param view The run.
 * @returns The section; null where the page has no models.
 */
export function askSection(view: AskView): Html | null {
  const { models, run } = view;
  if (models === undefined) return null;
  const { beside, packed } = models;
  const samples = run.examples.flatMap(({ task, id, question, images }, i) =>
    images.length === 0
      ? []
      : [html`<option value="${i}" data-question="${question}">${task}: ${id}</option>`]
  );
  const looks = [...view.looks.values()];
  const colours = packed.models.map(({ name }) =>
    looks.find((look) => look.name === name)?.color.slice(1) ?? "grey"
  );
  const several = run.results.seeds.length > 1;
  const inside = packed.models.map(({ name }) => name);
  const about = view.about ?? (inside.length > 0 &&
    `${list(inside)} as tuned here${several ? " (first seed)" : ""}, weights rounded to 16 bits, ${
      inside.length > 1 ? "are" : "is"
    } inside this page.`);
  return section(
    view,
    "ask",
    "Ask the models",
    html`
      <p>${about} Models run on your own
      computer, in this browser, by WebGPU. Nothing is uploaded: neither pictures nor questions leave the page.</p>
      <noscript><p class="warnings">Asking needs JavaScript, which is off.</p></noscript>
      <p class="warnings" id="ask-missing" hidden></p>
      <form class="ask" id="ask-form" data-colours="${colours.join(" ")}" hidden>
        <p class="controls">
          <label for="ask-sample">Picture</label>
          <select
            id="ask-sample">${samples}<option value="draw">draw one</option><option value="own">one of your own</option></select>
          <label for="ask-own">or a file of your own</label>
          <input id="ask-own" type="file" accept="image/*">
        </p>
        <div class="ask-picture" id="ask-drop">
          <div class="picture" id="ask-stage"
            data-small><img id="ask-image" alt="The picture that is asked about"><svg id="ask-boxes" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true"></svg></div>
          <div id="ask-draw" hidden></div>
          <p class="hint">Drop a picture here, or the files of a model.</p>
        </div>
        <div id="ask-suggested" hidden>
          <p class="hint">Questions that suit it, in the words of the benchmark:</p>
          <p class="suggestions" id="ask-suggestions"></p>
        </div>
        <p class="controls">
          <label for="ask-question">Question</label>
          <input id="ask-question" type="text" required autocomplete="off">
          <button type="submit" id="ask-submit">Ask</button>
          <button type="button" id="ask-on" title="Goes on with the conversation: the models know what was said"
            disabled>Ask a follow-up</button>
        </p>
        <div id="ask-turns" aria-live="polite"></div>
        <p role="status" id="ask-status"></p>
        <div class="attention-panel" id="ask-attention" hidden></div>
        <details>
          <summary>Open another model</summary>
          ${beside.map(({ name, folder }) =>
            html`<p>${name} is too large for the page: open the files of <code>${folder}</code>, in the folder of the run.</p>`
          )}
          <p><label for="ask-files">All files of a checkpoint’s folder: config.json, tokenizer.json, model.safetensors and those
          beside them</label> <input id="ask-files" type="file" multiple></p>
        </details>
      </form>
    `,
  );
}
