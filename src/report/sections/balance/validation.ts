/**
 * The validation table V: what every probe scores on every task.
 *
 * @module
 */

import type { Balance } from "../../../run/records/validation.ts";
import { cividis } from "../../kit/colours.ts";
import { attribute, type Html, html } from "../../kit/html.ts";
import { fixed, known, list, MISSING, plural, signed } from "../../kit/numbers.ts";
import type { RunView } from "../../kit/section.ts";
import { mean, samplingError } from "../../kit/statistics.ts";

/** A row of V. */
interface Row {
  name: string;
  scores: (number | null)[];
  /** The task whose large subset the probe was tuned on. */
  own?: number;
}

/**
 * The figure of V, shaded column by column, with the gain over the mini probe in every cell.
 *
 * @param view The run; it has probes.
 * @returns The figure.
 */
export function validationFigure(view: RunView): Html {
  const { balances, results } = view.run;
  const { tasks } = results;
  const over = (of: (b: Balance) => readonly number[] | undefined) =>
    tasks.map((_, t) => mean(balances.map((b) => of(b)?.[t])));
  const chat = balances[0]?.form === "chat";
  const base = over((b) => b.validation.base);
  const mini = over((b) => b.validation.mini);
  const before = chat ? base : mini;
  const plus = tasks.map((task, i): Row => (
    { name: chat ? `${task} alone` : `${task} + mini`, scores: over((b) => b.validation.plus[i]), own: i }
  ));
  const rows: Row[] = [
    { name: "base", scores: base },
    { name: chat ? "own mini alone" : "mini", scores: mini },
    ...plus,
  ];
  const cell = (row: Row, t: number) => {
    const value = row.scores[t];
    if (!known(value)) return html`<td>${MISSING}</td>`;
    const { ground, text } = cividis(place(value, rows.map((r) => r.scores[t]).filter(known)));
    const own = attribute("class", row.own === t && "own");
    const gain = row.own !== undefined && html`<small>${signed(value - (before[t] ?? NaN))}</small>`;
    return html`
      <td style="background:${ground};color:${text}" ${own}>${fixed(value)}${gain}</td>
    `;
  };
  const id = view.prefix + "validation";
  const title = `V: validation scores of the probes, in points; small: gain over the ${
    chat ? "untuned base" : "mini probe"
  }`;
  return html`
    <figure id="${id}-figure" aria-labelledby="${id}-caption">
      <p class="caption" aria-hidden="true">${title}</p>
      <div class="scroll" role="region" aria-label="${title}" tabindex="0">
        <table class="heat" aria-label="${title}">
          <thead>
            <tr><th scope="col" class="words">tuned on</th>${tasks.map((t) =>
              html`<th scope="col">${t}</th>`
            )}</tr>
          </thead>
          <tbody>
            ${rows.map((row) =>
              html`<tr><th scope="row" class="words">${row.name}</th>${
                tasks.map((_, t) => cell(row, t))
              }</tr>`
            )}
          </tbody>
        </table>
      </div>
      <figcaption
        id="${id}-caption"><b>${finding(
          tasks,
          plus,
        )}</b> Yellow is the best and dark blue the worst score of a column; framed: a task’s own data. ${precision(
          view,
        )}</figcaption>
    </figure>
  `;
}

/** Where a value stands between the least and the largest, 0 to 1. */
function place(value: number, all: readonly number[]): number {
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return high > low ? (value - low) / (high - low) : 0.5;
}

function finding(tasks: readonly string[], plus: readonly Row[]): string {
  const best = tasks.filter((_, t) => {
    const own = plus[t]?.scores[t];
    return known(own) && plus.every((row, i) => i === t || (row.scores[t] ?? -Infinity) < own);
  });
  if (best.length === tasks.length) return "Every task is best served by its own data.";
  return `Best served by their own data: ${list(best) || "no task"} (${best.length} of ${tasks.length}).`;
}

function precision(view: RunView): string {
  const { balances } = view.run;
  const asked = (balances[0]?.validation.questions ?? []).filter(known);
  if (asked.length === 0) return "";
  const [low, high] = [Math.min(...asked), Math.max(...asked)];
  const means = balances.length > 1 ? `, means over ${plural(balances.length, "seed")}` : "";
  return `${
    low === high ? plural(low, "question") : `${low} to ${high} questions`
  } a task${means}: one rate near 50% is ` +
    `known to about ±${fixed(samplingError(50, low), 0)} points.`;
}
