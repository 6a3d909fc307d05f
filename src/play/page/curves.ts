/**
 * The held-out losses of the trainings: a panel a task, a sentence, a table.
 *
 * @module
 */

import { figure } from "../../report/kit/figure.ts";
import { type Html, html } from "../../report/kit/html.ts";
import { lossPanel } from "../../report/kit/loss_panel.ts";
import { count, fixed, list, plural } from "../../report/kit/numbers.ts";
import { table } from "../../report/kit/table.ts";
import { alike, meanOne, RUN_LOOKS, type ShownRun } from "./runs.ts";

/** Differences of a loss below this are called none. */
const SAME = 0.005;

/**
 * Draws the trainings.
 *
 * @param tasks Names of the tasks.
 * @param runs The trainings, the visitor's last.
 * @returns A figure.
 */
export function curvesFigure(tasks: readonly string[], runs: readonly ShownRun[]): Html {
  const begun = runs.filter(({ points }) => points.length > 0);
  const several = begun.length > 1;
  const end = Math.max(0, ...begun.map(({ steps }) => steps));
  const curves = begun.map(({ name, points }) => ({
    points,
    name: RUN_LOOKS.get(name)!.name,
    thin: name === "equal" && several,
  }));
  const panels = tasks.map((task, t) => lossPanel(task, curves, t, { end, none: "nothing is trained yet" }));
  return figure("curves", {
    legend: several && html`
      <ul class="legend">
        <li><span class="line thin" aria-hidden="true"></span>equal weights</li>
        <li><span class="line" aria-hidden="true"></span>your weights</li>
      </ul>
    `,
    body: html`<div class="panels">${panels}</div>`,
    caption: html`<b>${
      sentence(tasks, begun)
    }</b> Loss of each task’s answers on ${"questions that are never trained on"}, in nats a token, not weighted; each vertical axis begins at 0.`,
    numbers: begun.length > 0 && numbers(tasks, begun),
  });
}

/**
 * What the curves say.
 *
 * @param tasks Names of the tasks.
 * @param begun Trainings with a loss.
 * @returns A sentence.
 */
export function sentence(tasks: readonly string[], begun: readonly ShownRun[]): string {
  const last = begun.at(-1)?.points.at(-1);
  if (last === undefined) return "Nothing is trained yet.";
  const { name, steps } = begun.at(-1)!;
  const at = `After ${plural(last.step, "step")} of ${count(steps)}`;
  const equal = begun.find((run) => run.name === "equal")?.points.find(({ step }) => step === last.step);
  if (name === "equal" || equal === undefined) {
    const first = begun.at(-1)!.points[0]!;
    const fallen = tasks.filter((_, t) => (last.loss[t] ?? 0) < (first.loss[t] ?? 0) - SAME);
    const weights = RUN_LOOKS.get(name)!.name;
    if (last.step === 0) return `Training with ${weights} begins.`;
    return fallen.length === tasks.length
      ? `${at} with ${weights} the loss of every task has fallen.`
      : `${at} with ${weights} the loss of ${list(fallen) || "no task"} has fallen.`;
  }
  if (last.step === 0) return "Training with your weights begins where that with equal ones began.";
  const differences = tasks.map((_, t) => (last.loss[t] ?? NaN) - (equal.loss[t] ?? NaN));
  const lower = tasks.filter((_, t) => differences[t]! < -SAME);
  const higher = tasks.filter((_, t) => differences[t]! > SAME);
  const parts = [
    lower.length > 0 && `lower for ${list(lower)}`,
    higher.length > 0 && `higher for ${list(higher)}`,
  ].filter((part) => part !== false);
  return `${at} the loss with your weights is ${
    parts.length === 0 ? "as with equal ones" : `${parts.join(", and ")}, than with equal ones`
  }.`;
}

function numbers(tasks: readonly string[], begun: readonly ShownRun[]): Html {
  const columns = begun.flatMap(({ name, points }) => {
    const { name: called } = RUN_LOOKS.get(name)!;
    return [
      { head: `${called}: step 0`, loss: points[0]!.loss },
      { head: `${called}: step ${count(points.at(-1)!.step)}`, loss: points.at(-1)!.loss },
    ];
  });
  const yours = begun.find(({ name }) => name === "yours");
  const weighted = yours !== undefined && !alike(yours.weights);
  const lambda = weighted ? meanOne(yours.weights) : [];
  const steps = begun.flatMap(({ name, points }) =>
    points.map(({ step, loss }) => [
      `${RUN_LOOKS.get(name)!.name}, step ${count(step)}`,
      ...loss.map((value) => fixed(value, 3)),
    ])
  );
  return html`${
    table(
      "Held-out losses at the beginning and now, in nats a token",
      ["task", ...(weighted ? ["your λ, mean 1"] : []), ...columns.map(({ head }) => head)],
      tasks.map((task, t) => [
        task,
        ...(weighted ? [fixed(lambda[t], 2)] : []),
        ...columns.map(({ loss }) => fixed(loss[t], 3)),
      ]),
    )
  }${table("Held-out losses look by look, in nats a token", ["training", ...tasks], steps)}`;
}
