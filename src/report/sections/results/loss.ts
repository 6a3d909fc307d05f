/**
 * The section on losses: every task's loss over its own answer tokens, for every method and probe.
 *
 * @module
 */

import { taskFolder } from "../../../run/folders.ts";
import type { LossCurve } from "../../../run/records/loaded_run.ts";
import { figure, type Json, layout, plain, type View } from "../../kit/figure.ts";
import { attribute, type Html, html } from "../../kit/html.ts";
import { type Dash, legend, lookOf } from "../../kit/looks.ts";
import { fixed, known, list, plural } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";
import { mean } from "../../kit/statistics.ts";
import { table } from "../../kit/table.ts";

/** Points of a curve: a step's loss on a task rests on a few sequences, so neighbours are averaged. */
const POINTS = 60;

/** A task's loss in one part of the run, averaged over stretches of equal length, then over seeds. */
export interface Curve {
  /** Answer tokens of the task at the middle of each stretch. */
  tokens: number[];
  loss: number[];
  /** Over seeds; equal to `loss` with one. */
  low: number[];
  high: number[];
}

/** A line of a panel. */
interface Line {
  name: string;
  color: string;
  dash: Dash;
  /** By task; null where the part never met the task. */
  curves: (Curve | null)[];
}

/** What the select element offers. */
interface Choice {
  name: string;
  lines: Line[];
}

/**
 * Averages a task's loss over stretches of equal numbers of its answer tokens.
 *
 * @param seeds The same part with every seed.
 * @param task Index of the task.
 * @param points Stretches.
 * @returns The curve; null if the task never occurs. Stretches without a token are left out.
 *
 * @example Two steps, one stretch
 * ```ts
 * import { smooth } from "./loss.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = { answerTokens: 0, tokens: 0, conversations: 0 };
 * const line = { step: 1, loss: 0, gradNorm: 0, learningRate: 0, ...counts, seconds: 0 };
 * const lines = [{ ...line, taskLoss: [2], taskTokens: [30] }, { ...line, taskLoss: [1], taskTokens: [10] }];
 * assertEquals(smooth([{ part: "probes/mini", seed: 1, lines }], 0, 1), {
 *   tokens: [20],
 *   loss: [1.75],
 *   low: [1.75],
 *   high: [1.75],
 * });
 * ```
 */
export function smooth(seeds: readonly LossCurve[], task: number, points: number = POINTS): Curve | null {
  const binned = seeds.map(({ lines }) => bins(lines, task, points)).filter((b) => b.total > 0);
  if (binned.length === 0) return null;
  const total = mean(binned.map((b) => b.total)) ?? 0;
  const curve: Curve = { tokens: [], loss: [], low: [], high: [] };
  for (let p = 0; p < points; p++) {
    const values = binned.map((b) => b.means[p]).filter(known);
    const centre = mean(values);
    if (centre === null) continue;
    curve.tokens.push(Math.round(total * (p + 0.5) / points));
    curve.loss.push(rounded(centre));
    curve.low.push(rounded(Math.min(...values)));
    curve.high.push(rounded(Math.max(...values)));
  }
  return curve;
}

/**
 * The section "Losses".
 *
 * @param view The run.
 * @returns The section.
 */
export function lossSection(view: RunView): Html {
  const { tasks } = view.run.results;
  const choices = [methodChoice(view), ...probeChoices(view)].filter((c) => c.lines.length > 0);
  const first = choices[0];
  if (first === undefined) {
    return section(view, "loss", "Losses", html`<p>No loss was recorded.</p>`);
  }
  const chooser = view.prefix + "loss";
  const views = (task: number) => choices.map((choice) => chart(choice, task));
  const [several, seeds] = [view.run.results.seeds.length > 1, plural(view.run.results.seeds.length, "seed")];
  return section(
    view,
    "loss",
    "Losses",
    html`<p>Unweighted loss of a task’s answer tokens (nats a token) over the answer tokens of that task seen so far, in training.</p>
${
      figure(view.prefix + "loss-figure", {
        controls: choices.length > 1 && html`<p class="controls"><label for="${chooser}-select">Show</label>
<select id="${chooser}-select" data-chooser="${chooser}">${
          choices.map((c, i) => html`<option value="${i}">${c.name}</option>`)
        }</select></p>`,
        legend: choices.map((c, i) =>
          html`
            <div data-legend="${chooser}" data-view="${i}" ${attribute("hidden", i > 0)}>${legend(
              c.lines,
            )}</div>
          `
        ),
        body: html`<div class="panels">${
          tasks.map((task, t) =>
            html`
              <div><p class="panel-title" id="${chooser}-${t}-title">${task}</p>${view.charts.add(
                `${chooser}-${t}`,
                `Loss curves of ${task}`,
                170,
                views(t),
                chooser,
              )}</div>
            `
          )
        }</div>`,
        caption: html`<b>${finding(first, tasks)}</b> Each line is averaged over ${POINTS} stretches${
          several && `; shaded: lowest to highest of ${seeds}`
        }. Losses of differently weighted runs are comparable: the weights are not in them.`,
        numbers: choices.map((c) => numbers(c, tasks)),
      })
    }`,
  );
}

function bins(lines: LossCurve["lines"], task: number, points: number): { total: number; means: number[] } {
  const total = lines.reduce((sum, l) => sum + (l.taskTokens[task] ?? 0), 0);
  const sums = new Float64Array(points);
  const tokens = new Float64Array(points);
  let seen = 0;
  for (const line of lines) {
    const n = line.taskTokens[task] ?? 0;
    const loss = line.taskLoss[task];
    if (n > 0 && known(loss)) {
      const p = Math.min(points - 1, Math.floor((seen + n / 2) / total * points));
      sums[p] = (sums[p] ?? 0) + n * loss;
      tokens[p] = (tokens[p] ?? 0) + n;
    }
    seen += n;
  }
  return { total, means: Array.from(sums, (s, p) => s / (tokens[p] ?? 0)) };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function curvesOf(view: RunView, part: string): (Curve | null)[] {
  const seeds = view.run.curves.filter((c) => c.part === part);
  return view.run.results.tasks.map((_, t) => smooth(seeds, t));
}

function methodChoice(view: RunView): Choice {
  const { results, curves } = view.run;
  const lines = Object.keys(results.methods).map((id): Line => {
    const { name, color, dash } = lookOf(view.looks, id);
    // A method with a model a task has a part a task.
    const own = results.tasks.map((task) => `methods/${id}/${taskFolder(task)}`);
    const apart = own.some((part) => curves.some((c) => c.part === part));
    return {
      name,
      color,
      dash,
      curves: apart ? own.map((part, t) => curvesOf(view, part)[t] ?? null) : curvesOf(view, `methods/${id}`),
    };
  });
  return { name: "final tunings, all methods", lines: lines.filter((l) => l.curves.some((c) => c !== null)) };
}

function probeChoices(view: RunView): Choice[] {
  const mini: Line = { name: "mini", color: "@muted", dash: "dash", curves: curvesOf(view, "probes/mini") };
  if (mini.curves.every((c) => c === null)) return [];
  return view.run.results.tasks.map((task) => ({
    name: `probe ${task} + mini, beside mini`,
    lines: [
      mini,
      {
        name: `${task} + mini`,
        color: "@vermillion",
        dash: "solid" as const,
        curves: curvesOf(view, `probes/plus-${taskFolder(task)}`),
      },
    ].filter((l) => l.curves.some((c) => c !== null)),
  }));
}

function chart(choice: Choice, task: number): View {
  const data = choice.lines.flatMap((line): Record<string, Json>[] => {
    const curve = line.curves[task];
    if (!curve) return [];
    const spread = curve.low.some((low, i) => low !== curve.high[i]);
    const band: Record<string, Json> = {
      type: "scatter",
      mode: "lines",
      x: [...curve.tokens, ...curve.tokens.toReversed()],
      y: [...curve.high, ...curve.low.toReversed()],
      fill: "toself",
      fillcolor: line.color,
      opacity: 0.18,
      line: { width: 0 },
      hoverinfo: "skip",
    };
    return [...(spread ? [band] : []), {
      type: "scatter",
      mode: "lines",
      x: curve.tokens,
      y: curve.loss,
      line: { color: line.color, width: 2, dash: line.dash },
      name: plain(line.name),
      hoverinfo: "x+y+name",
    }];
  });
  return {
    data,
    layout: layout({
      margin: { l: 4, r: 8, t: 4, b: 24, pad: 2 },
      xaxis: {
        rangemode: "tozero",
        nticks: 4,
        tickformat: "~s",
        hoverformat: "~s",
        showgrid: false,
        tickfont: { color: "@text", size: 11 },
      },
      yaxis: { rangemode: "tozero", nticks: 5, hoverformat: ".3f", tickfont: { color: "@text", size: 11 } },
    }),
  };
}

/** Mean of the last tenth of a curve. */
function end(curve: Curve | null | undefined): number | null {
  return mean(curve?.loss.slice(-Math.ceil(POINTS / 10)) ?? []);
}

function finding(choice: Choice, tasks: readonly string[]): string {
  return choice.lines.map((line) => {
    const ends = tasks.map((task, t) => [end(line.curves[t]), task] as const).filter((
      e,
    ): e is [number, string] => known(e[0]));
    ends.sort((a, b) => a[0] - b[0]);
    const [low, high] = [ends[0], ends[ends.length - 1]];
    if (!low || !high) return "";
    return ends.length === 1
      ? `${line.name} ends at ${fixed(low[0], 2)}.`
      : `${line.name} ends between ${fixed(low[0], 2)} (${low[1]}) and ${fixed(high[0], 2)} (${high[1]}).`;
  }).filter(Boolean).join(" ") || `No curve for ${list(tasks)}.`;
}

function numbers(choice: Choice, tasks: readonly string[]): Html {
  return table(
    `${choice.name}: loss at the start → at the end (mean of the last tenth)`,
    ["task", ...choice.lines.map((l) => l.name)],
    tasks.map((task, t) => [
      task,
      ...choice.lines.map((l) => `${fixed(l.curves[t]?.loss[0], 3)} → ${fixed(end(l.curves[t]), 3)}`),
    ]),
  );
}
