/**
 * Warnings and notes of a run: what limits what its numbers say.
 *
 * @module
 */

import type { LoadedRun } from "../train/types.ts";
import { type Html, html } from "./html.ts";
import { plural } from "./numbers.ts";
import { type RunView, section } from "./section.ts";

/**
 * Every warning of a run, once: of its results, of its weights and those that follow from its set-up.
 *
 * @param run The run.
 * @returns Sentences.
 */
export function warnings(run: LoadedRun): string[] {
  const { results, balances } = run;
  const several = balances.length > 1;
  const own = results.seeds.length === 1 && Object.keys(results.methods).length > 1
    ? [
      "One seed: differences between methods may be chance. Repeat with several seeds before you believe one.",
    ]
    : [];
  // The results repeat the warnings of the weights, with or without naming the seed.
  const known = results.warnings.join("\n");
  const ofWeights = balances.flatMap((b) =>
    b.weights.warnings.filter((w) => !known.includes(w)).map((w) => several ? `Seed ${b.seed}: ${w}` : w)
  );
  return [...new Set([...own, ...results.warnings, ...ofWeights])];
}

/**
 * The section "Read with care"; nothing where there is nothing to say.
 *
 * @param view The run.
 * @returns The section or null.
 */
export function notesSection(view: RunView): Html | null {
  const said = warnings(view.run);
  const notes = [...new Set([...view.run.run.notes, ...view.run.run.dataset.notes])];
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
