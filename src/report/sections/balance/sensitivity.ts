/**
 * The section on sensitivities: what doubling a task's weight does, and what any weights can move.
 *
 * @module
 */

import type { SensitivityReport } from "../../../balance/methods/sensitivity.ts";
import { axisTitle, figure, layout, plain, type View } from "../../kit/figure.ts";
import { type Html, html } from "../../kit/html.ts";
import { fixed, plural, signed, signedPlusMinus } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";
import { table } from "../../kit/table.ts";

/**
 * The section "What weights can move".
 *
 * @param view The run.
 * @returns The section; null where sensitivities were not measured.
 */
export function sensitivitySection(view: RunView): Html | null {
  const { sensitivity: found } = view.run;
  if (found === undefined) return null;
  return section(
    view,
    "sensitivity",
    "What weights can move",
    html`<p>S[i→j] is what the validation score of task j gains when the weight of task i is doubled, divided by log 2; the gradient of a task is its mean over j. ${
      found.seedErrors === null
        ? "Errors of the gradient come from the validation questions and, with one seed, from what moves all doublings alike, which in truth is nothing; several seeds tell more."
        : "Errors of the gradient come from the validation questions and the seeds together."
    }</p>
${
      figure(view.prefix + "sensitivity-figure", {
        body: view.charts.add(
          view.prefix + "sensitivity-chart",
          "Chart of what the mean score gains by the weight of each task, with standard errors",
          found.tasks.length * 34 + 60,
          [chart(found)],
        ),
        caption: caption(found),
        numbers: numbers(found),
      })
    }`,
  );
}

/**
 * What the sensitivities come to, in a sentence.
 *
 * @param found What sensitivity.json holds.
 * @returns "To first order weights can move the mean by at most about x ± y points here; …".
 */
export function sensitivitySentence(found: SensitivityReport): string {
  const { gain, gainError, gainByNoise } = found;
  const clear = gain > gainByNoise + gainError;
  return `To first order, weights within the band can move the mean score by at most about ${fixed(gain)} ± ${
    fixed(gainError)
  } points here; noise alone would promise ${fixed(gainByNoise)}${
    clear ? "." : ", so that nothing is shown to be gained."
  }`;
}

function caption(found: SensitivityReport): Html {
  const most = found.gradient.indexOf(Math.max(...found.gradient));
  return html`<b>${sensitivitySentence(found)}</b> The largest gradient is that of ${found.tasks[most]} (${
    signedPlusMinus(found.gradient[most], found.gradientErrors[most])
  } points a unit of log λ). ${
    found.trust === 0
      ? "The gradients differ no more than their errors let expect: the method keeps all weights at 1."
      : `Of how the gradients differ, ${
        fixed(100 * found.trust, 0)
      }% is more than their errors let expect: so far the method goes along them.`
  } Bars are one standard error.`;
}

function chart(found: SensitivityReport): View {
  const rows = found.tasks.map((_, i) => i);
  return {
    data: [{
      type: "scatter",
      mode: "markers",
      x: found.gradient,
      y: rows,
      error_x: { type: "data", array: found.gradientErrors, color: "@sky", thickness: 1.6, width: 0 },
      marker: { symbol: "circle", color: "@sky", size: 11 },
      hoverinfo: "text",
      hovertext: rows.map((i) =>
        plain(`${found.tasks[i]}: ${signedPlusMinus(found.gradient[i], found.gradientErrors[i], 2)}`)
      ),
    }],
    layout: layout({
      xaxis: { ...axisTitle("mean score, points a unit of log λ"), rangemode: "tozero" },
      yaxis: {
        range: [rows.length - 0.5, -0.5],
        tickvals: rows,
        ticktext: found.tasks.map(plain),
        showgrid: false,
      },
    }),
  };
}

function numbers(found: SensitivityReport): Html {
  const { tasks, sensitivity, questionErrors, seedErrors, gradient, gradientErrors } = found;
  const errors = (of: readonly (readonly number[])[]) =>
    tasks.map((task, i) => [task, ...of[i]!.map((x) => fixed(x))]);
  return html`${
    table(
      "Sensitivity S[i→j], points a unit of log λ; ± is the standard error from the validation questions",
      ["doubled i", ...tasks.map((task) => `→ ${task}`), "gradient", "λ"],
      tasks.map((task, i) => [
        task,
        ...sensitivity[i]!.map((x, j) => signedPlusMinus(x, questionErrors[i]![j])),
        signedPlusMinus(gradient[i], gradientErrors[i], 2),
        fixed(found.lambda[i], 3),
      ]),
    )
  }${
    seedErrors !== null &&
    table("Standard errors of S[i→j] over seeds", [
      "doubled i",
      ...tasks.map((task) => `→ ${task}`),
    ], errors(seedErrors))
  }${
    table(
      "The largest gain to first order",
      ["", ...tasks],
      [
        ["λ that would gain most", ...found.steepest.map((w) => fixed(w, 2))],
        ["its part of the gain", ...found.steepest.map((w, i) => signed(gradient[i]! * (w - 1), 2))],
      ],
    )
  }<p>${plural(tasks.length, "tuning")} with a weight doubled and one with equal weights, a seed.</p>`;
}
