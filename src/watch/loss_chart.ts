/**
 * A task's losses as a small picture that needs no script.
 *
 * @module
 */

import { type Html, html } from "../report/kit/html.ts";
import { count, fixed } from "../report/kit/numbers.ts";
import type { LossPoint } from "./loss_curves.ts";

/** Size of the picture, in its own units. */
const WIDTH = 240, HEIGHT = 100;

/**
 * Draws the losses of a task.
 *
 * @param task Its name.
 * @param points Losses of all tasks.
 * @param t The task's index.
 * @returns A panel: title, picture, what a screen reader says instead of it.
 */
export function lossChart(task: string, points: readonly LossPoint[], t: number): Html {
  const known = points.flatMap(({ step, loss }) =>
    typeof loss[t] === "number" ? [{ step, loss: loss[t] }] : []
  );
  const first = known[0], last = known.at(-1);
  if (first === undefined || last === undefined) {
    return html`
      <div>
        <p class="panel-title">${task}</p>
        <p class="none">not in this training</p>
      </div>
    `;
  }
  const top = Math.max(...known.map(({ loss }) => loss), 1e-6);
  const end = points.at(-1)!.step;
  const line = known.map(({ step, loss }) =>
    `${(step / end * WIDTH).toFixed(1)},${((1 - loss / top) * (HEIGHT - 2) + 1).toFixed(1)}`
  );
  // A single point would be no line.
  if (line.length === 1) line.unshift(`0,${line[0]!.split(",")[1]}`);
  const said = `Loss of ${task}: ${fixed(first.loss, 2)} at step ${count(first.step)}, ${
    fixed(last.loss, 2)
  } at step ${count(last.step)}.`;
  return html`
    <div>
      <p class="panel-title">${task} <span>${fixed(last.loss, 2)}</span></p>
      <svg class="loss" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img"
        aria-label="${said}">
        <path d="M0 ${HEIGHT - 1}H${WIDTH}" />
        <polyline points="${line.join(" ")}" />
      </svg>
      <p class="ends" aria-hidden="true"><span>top ${fixed(top, 2)}</span><span>step ${count(end)}</span></p>
    </div>
  `;
}
