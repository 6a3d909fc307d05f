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
    html`${
      said.length > 0 && html`<ul class="warnings">${foldWeights(said).map((w) => html`<li>${w}</li>`)}</ul>`
    }
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

/** More sentences than this on the weights of one method and seed are folded, so that the others are read. */
const UNFOLDED = 2;

/**
 * Folds what is said of weights by whose they are: `Weights (cotbal-chat): …`.
 *
 * @param sentences All sentences, in order.
 * @returns The sentences, and where there are many of one kind, one entry that unfolds.
 */
export function foldWeights(sentences: readonly string[]): (string | Html)[] {
  const kindOf = (text: string) => /^(Weights[^:]*): /.exec(text)?.[1];
  const kinds = Map.groupBy(sentences, (text) => kindOf(text) ?? text);
  return [...kinds].flatMap(([kind, texts]): (string | Html)[] =>
    kindOf(texts[0]!) === undefined || texts.length <= UNFOLDED ? texts : [
      html`
        <details>
          <summary>${kind}: ${plural(texts.length, "warning")}</summary>
          <ul>${texts.map((text) => html`<li>${text.slice(kind.length + 2)}</li>`)}</ul>
        </details>
      `,
    ]
  );
}
