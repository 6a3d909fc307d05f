/**
 * Losses of a task as a small picture that needs no script.
 *
 * @module
 */

import { attribute, type Html, html } from "./html.ts";
import { count, fixed } from "./numbers.ts";

/** Size of the picture, in its own units. */
const WIDTH = 240, HEIGHT = 100;

/** Losses after a stretch of steps. */
export interface LossPoint {
  /** Its last step. */
  step: number;
  /** Mean unweighted loss an answer token in nats, one a task; null where the stretch has none of the task's. */
  loss: (number | null)[];
}

/** The losses of one training. */
export interface LossCurve {
  /** Of all tasks. */
  points: readonly LossPoint[];
  /** What it is called beside others. */
  name?: string;
  /** Whether it is drawn thin, as what others are compared with. */
  thin?: boolean;
}

/** What panels that stand side by side share. */
export interface LossAxis {
  /** The step at the right end; the last that is known, if left out. */
  end?: number;
  /** What is said where a task has no losses. */
  none?: string;
}

/**
 * Draws the losses of a task.
 *
 * @param task Its name.
 * @param curves The trainings, the one that matters last.
 * @param t The task's index.
 * @param axis Where the steps end.
 * @returns A panel: title, picture, what a screen reader says instead of it.
 */
export function lossPanel(
  task: string,
  curves: readonly LossCurve[],
  t: number,
  { end, none = "not in this training" }: LossAxis = {},
): Html {
  const known = curves.map(({ points, ...curve }) => ({
    ...curve,
    points: points.flatMap(({ step, loss }) => typeof loss[t] === "number" ? [{ step, loss: loss[t] }] : []),
  })).filter(({ points }) => points.length > 0);
  const last = known.at(-1)?.points.at(-1);
  if (last === undefined) {
    return html`
      <div>
        <p class="panel-title">${task}</p>
        <p class="none">${none}</p>
      </div>
    `;
  }
  const top = Math.max(...known.flatMap(({ points }) => points.map(({ loss }) => loss)), 1e-6);
  const right = end ?? Math.max(...curves.map(({ points }) => points.at(-1)?.step ?? 0));
  const x = (step: number) => right === 0 ? 0 : step / right * WIDTH;
  const lines = known.map(({ points, thin }) => {
    const line = points.map(({ step, loss }) =>
      `${x(step).toFixed(1)},${((1 - loss / top) * (HEIGHT - 2) + 1).toFixed(1)}`
    );
    // A single point would be no line.
    if (line.length === 1) line.unshift(`0,${line[0]!.split(",")[1]}`);
    return html`<polyline${attribute("class", thin === true && "thin")} points="${line.join(" ")}" />`;
  });
  const said = known.map(({ points, name }) => {
    const from = points[0]!, to = points.at(-1)!;
    return `Loss of ${task}${name === undefined ? "" : `, ${name}`}: ${fixed(from.loss, 2)} at step ${
      count(from.step)
    }, ${fixed(to.loss, 2)} at step ${count(to.step)}.`;
  });
  return html`
    <div>
      <p class="panel-title">${task} <span>${fixed(last.loss, 2)}</span></p>
      <svg class="loss" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img"
        aria-label="${said.join(" ")}">
        <path d="M0 ${HEIGHT - 1}H${WIDTH}" />
        ${lines}
      </svg>
      <p class="ends" aria-hidden="true"><span>top ${fixed(top, 2)}</span><span>step ${count(
        right,
      )}</span></p>
    </div>
  `;
}
