/**
 * Warnings and notes of a run: what limits what its numbers say.
 *
 * @module
 */

import type { LoadedRun } from "../../../run/records/loaded_run.ts";
import { type Html, html } from "../../kit/html.ts";
import { plural } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";

/**
 * Every warning of a run, once: those of its results, and of its weights if the results do not repeat them.
 *
 * @param run The run.
 * @returns Sentences.
 */
export function warnings({ results, balances: first, furtherBalances = [] }: LoadedRun): string[] {
  const said = results.warnings.join("\n");
  const seed = (n: number) => first.length > 1 ? `Seed ${n}: ` : "";
  const balances = [...first, ...furtherBalances.flatMap(({ balances }) => balances)];
  const ofWeights = balances.flatMap((b) =>
    b.weights.warnings.filter((text) => !said.includes(text)).map((text) => seed(b.seed) + text)
  );
  return [...new Set([...results.warnings, ...ofWeights])];
}

/**
 * The section "Read with care"; nothing where there is nothing to say.
 *
 * @param view The run.
 * @returns The section or null.
 */
export function notesSection(view: RunView): Html | null {
  const said = warnings(view.run);
  const notes = [...new Set([...view.run.run.notes, ...view.run.run.dataset.notes])]
    .filter((note) => !said.includes(note));
  if (said.length + notes.length === 0) return null;
  return section(
    view,
    "notes",
    "Read with care",
    html`${said.length > 0 && html`<ul class="warnings">${said.map((w) => html`<li>${w}</li>`)}</ul>`}
${
      notes.length > 0 &&
      html`
        <details>
          <summary>${plural(notes.length, "thing")} decided by the run itself</summary>
          <ul>${notes.map((n) => html`<li>${n}</li>`)}</ul>
        </details>
      `
    }`,
  );
}
