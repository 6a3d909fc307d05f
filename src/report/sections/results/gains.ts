/**
 * The section on gains: ΔI% and ΔE% against the named base, and the tasks they come from.
 *
 * @module
 */

import type { MethodResult } from "../../../run/records/results.ts";
import { axisTitle, figure, type Json, layout, plain, type View } from "../../kit/figure.ts";
import { type Html, html } from "../../kit/html.ts";
import { legend, lookOf } from "../../kit/looks.ts";
import {
  duration,
  fixed,
  known,
  list,
  plusMinus,
  short,
  signed,
  signedPlusMinus,
} from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";
import { deviation, mean } from "../../kit/statistics.ts";
import { table } from "../../kit/table.ts";

/**
 * The section "Gains".
 *
 * @param view The run.
 * @returns The section.
 */
export function gainsSection(view: RunView): Html {
  const { results } = view.run;
  const ids = Object.keys(results.methods);
  const { base } = results;
  const compared = base === null ? [] : ids.filter((id) => id !== base);
  const baseName = base === null ? "" : lookOf(view.looks, base).name;
  const summary = table(
    base === null ? "Methods" : `Methods; ΔI% and ΔE% against ${baseName}`,
    ["method", "mean score", "ΔI%", "ΔE%", "time", "training tokens"],
    ids.map((id) => {
      const m = results.methods[id] as MethodResult;
      const none = id === base ? "base" : null;
      return [
        lookOf(view.looks, id).name,
        plusMinus(mean(m.scores), deviation(m.seeds.map((s) => mean(s.scores)))),
        none ?? signedPlusMinus(m.deltaI, m.deltaISpread, 2),
        none ?? plusMinus(m.deltaE, m.deltaESpread, 2),
        duration(m.seconds),
        short(m.tokens),
      ];
    }),
  );
  const changes = compared.map((id) => ({
    id,
    change: relative(results.methods[id], results.methods[base ?? ""]),
  }));
  return section(
    view,
    "gains",
    "Gains and losses",
    html`<p>${results.baseNote} ΔI% is the mean relative change of a task's score, ΔE% the mean of the losses alone.</p>
${ids.length > 0 && summary}
${
      compared.length > 0 && figure(view.prefix + "gains-figure", {
        legend: legend(compared.map((id) => ({ ...lookOf(view.looks, id), area: true }))),
        body: view.charts.add(
          view.prefix + "gains-chart",
          `Chart of the relative change of every task against ${baseName}`,
          results.tasks.length * (18 + 14 * compared.length) + 60,
          [chart(view, changes, baseName)],
        ),
        caption: caption(view, changes, baseName),
        numbers: table(
          `Change of the score against ${baseName}, per cent of it`,
          ["task", ...compared.map((id) => lookOf(view.looks, id).name)],
          results.tasks.map((task, t) => [task, ...changes.map(({ change }) => signed(change[t], 2))]),
        ),
      })
    }`,
  );
}

/** Relative change of each task's score in per cent; null where the base scores 0. */
function relative(method: MethodResult | undefined, base: MethodResult | undefined): (number | null)[] {
  return (method?.scores ?? []).map((score, t) => {
    const from = base?.scores[t];
    return known(score) && known(from) && from !== 0 ? 100 * (score - from) / from : null;
  });
}

type Change = { id: string; change: (number | null)[] };

function chart(view: RunView, changes: Change[], baseName: string): View {
  const { tasks } = view.run.results;
  return {
    data: changes.map(({ id, change }): Record<string, Json> => {
      const look = lookOf(view.looks, id);
      return {
        type: "bar",
        orientation: "h",
        x: change,
        y: tasks.map((_, t) => t),
        marker: { color: look.color },
        hoverinfo: "text",
        hovertext: tasks.map((task, t) => plain(`${task}, ${look.name}: ${signed(change[t], 2)}%`)),
      };
    }),
    layout: layout({
      bargap: 0.35,
      bargroupgap: 0.08,
      xaxis: { ...axisTitle(`change against ${baseName}, %`), zeroline: true, zerolinewidth: 1.5 },
      yaxis: {
        range: [tasks.length - 0.5, -0.5],
        tickvals: tasks.map((_, t) => t),
        ticktext: tasks.map(plain),
        showgrid: false,
      },
    }),
  };
}

function caption(view: RunView, changes: Change[], baseName: string): Html {
  const { tasks, methods, seeds } = view.run.results;
  const sentences = changes.map(({ id, change }) => {
    const worse = tasks.filter((_, t) => known(change[t]) && (change[t] as number) < 0);
    const undefinedTasks = tasks.filter((_, t) => !known(change[t]));
    const m = methods[id];
    return `${lookOf(view.looks, id).name}: ΔI ${signed(m?.deltaI, 2)}%, ΔE ${fixed(m?.deltaE, 2)}%; ` +
      (worse.length === 0 ? `no task below ${baseName}` : `below ${baseName} on ${list(worse)}`) +
      (undefinedTasks.length === 0
        ? "."
        : `; undefined for ${list(undefinedTasks)} (no score to divide by).`);
  });
  return html`<b>${sentences.join(" ")}</b> ${
    seeds.length === 1
      ? "One seed: how much of a bar another seed would change is not known."
      : "Bars are changes of the means over seeds; ± in the table is one standard deviation over seeds."
  }`;
}
