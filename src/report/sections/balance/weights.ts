/**
 * The section on task weights: the three λ and their mix.
 *
 * @module
 */

import { rankCorrelation } from "../../../balance/compare/statistics.ts";
import type { IntervalsFile } from "../../../run/records/validation.ts";
import { axisTitle, figure, type Json, layout, plain, type View } from "../../kit/figure.ts";
import { type Html, html } from "../../kit/html.ts";
import { legend, lookOf, type Mark } from "../../kit/looks.ts";
import { fixed, known, list, plural, plusMinus } from "../../kit/numbers.ts";
import { type BalanceView, type RunView, section } from "../../kit/section.ts";
import { between, distinguishable } from "./intervals.ts";
import { deviation, mean } from "../../kit/statistics.ts";
import { table } from "../../kit/table.ts";

/** The band that the paper's choice of T keeps every weight within. */
const BAND = [0.5, 2] as const;

/** One of the four weights of a task. */
interface Part {
  name: string;
  of: (b: BalanceView["run"]["balances"][number]) => readonly number[];
  mark: Mark;
  color: string;
}

const PARTS: Part[] = [
  { name: "λ out: helps others", of: (b) => b.weights.lambdaOut, mark: "triangle-up-open", color: "@blue" },
  { name: "λ in: is not helped", of: (b) => b.weights.lambdaIn, mark: "circle-open", color: "@green" },
  { name: "λ D: is hard", of: (b) => b.weights.lambdaDifficulty, mark: "square-open", color: "@purple" },
];
const MIX: Part = { name: "λ, the mix", of: (b) => b.weights.lambda, mark: "diamond", color: "@vermillion" };

/** The constant weights that methods tuned with, seed by seed, where any of them is not 1. */
function tunedWith({ run: { results }, looks }: RunView): Html | null {
  const rows = Object.entries(results.methods).flatMap(([id, { seeds }]) =>
    seeds.flatMap(({ seed, lambda }) =>
      lambda === null || lambda.every((w) => w === 1)
        ? []
        : [[lookOf(looks, id).name, String(seed), ...lambda.map((w) => fixed(w, 3))]]
    )
  );
  return rows.length === 0
    ? null
    : table("Weights λ that methods tuned with", ["method", "seed", ...results.tasks], rows);
}

/**
 * The section "Task weights".
 *
 * @param view The run.
 * @returns The section.
 */
export function weightsSection(view: RunView): Html {
  const { balances, results } = view.run;
  const first = balances[0];
  if (first === undefined) {
    return section(
      view,
      "weights",
      "Task weights",
      html`<p>No probes ran, so there are no contributions or difficulties to show.</p>${tunedWith(view)}`,
    );
  }
  const { alpha, temperature } = first.weights;
  return section(
    view,
    "weights",
    "Task weights",
    html`<p>λ = ${fixed(alpha.out, 2)} · λ<sub>out</sub> + ${fixed(alpha.in, 2)} · λ<sub>in</sub> + ${
      fixed(alpha.difficulty, 2)
    } · λ<sub>D</sub>, each ${results.tasks.length} · softmax of its measure at T = ${temperature}. An answer token of a task with λ = 2 weighs twice as much in the loss as under EW.</p>
${weightsFigure(view)}`,
  );
}

/**
 * The figure of the weights: the three λ and their mix, a task.
 *
 * @param view Whose weights.
 * @param agreement What is known about their spread over seeds, in words; by default what several balances agree on.
 * @returns The figure.
 */
export function weightsFigure(view: BalanceView, agreement?: string): Html {
  const { tasks } = view.run.results;
  return figure(view.prefix + "weights-figure", {
    legend: legend([MIX, ...PARTS, { name: "band 0.5 to 2", color: "@band", area: true }]),
    body: view.charts.add(
      view.prefix + "weights-chart",
      "Chart of the task weights and their three parts",
      tasks.length * 48 + 60,
      [chart(view)],
    ),
    caption: caption(view, agreement ?? stability(view.run.balances, tasks)),
    numbers: numbers(view),
  });
}

/** Mean and spread over seeds of one of the four weights, a task. */
function overSeeds(view: BalanceView, part: Part): { mean: number | null; spread: number | null }[] {
  return view.run.results.tasks.map((_, t) => {
    const values = view.run.balances.map((b) => part.of(b)[t]);
    return { mean: mean(values), spread: deviation(values) };
  });
}

/** The intervals that the chart's bars show: with several seeds the bars are their spread. */
function barsOf({ run: { balances, intervals } }: BalanceView): IntervalsFile | null {
  return balances.length === 1 ? intervals ?? null : null;
}

function chart(view: BalanceView): View {
  const { tasks } = view.run.results;
  const mix = overSeeds(view, MIX);
  const rows = tasks.map((_, t) => t);
  const intervals = barsOf(view);
  const markers = (part: Part, size: number, lift: number): Record<string, Json> => {
    const values = overSeeds(view, part);
    return {
      type: "scatter",
      mode: "markers",
      x: values.map((v) => v.mean),
      y: rows.map((t) => t + lift),
      error_x: {
        type: "data",
        ...(part === MIX && intervals
          ? {
            symmetric: false,
            array: values.map((v, t) => Math.max(0, intervals.lambda[t]![1] - (v.mean ?? NaN))),
            arrayminus: values.map((v, t) => Math.max(0, (v.mean ?? NaN) - intervals.lambda[t]![0])),
          }
          : { array: values.map((v) => v.spread ?? 0) }),
        color: part.color,
        thickness: 1.6,
        width: 0,
      },
      marker: { symbol: part.mark, color: part.color, size, line: { width: 1.8, color: part.color } },
      hoverinfo: "text",
      hovertext: rows.map((t) =>
        plain(`${tasks[t]}, ${part.name}: ${plusMinus(values[t]?.mean, values[t]?.spread, 3)}`)
      ),
    };
  };
  const stems: Record<string, Json> = {
    type: "scatter",
    mode: "lines",
    x: rows.flatMap((t) => [1, mix[t]?.mean ?? 1, null]),
    y: rows.flatMap((t) => [t - 0.08, t - 0.08, null]),
    line: { color: "@vermillion", width: 3 },
    hoverinfo: "skip",
  };
  return {
    data: [
      stems,
      markers(PARTS[0] as Part, 9, 0.2),
      markers(PARTS[1] as Part, 8, 0.29),
      markers(PARTS[2] as Part, 8, 0.38),
      markers(MIX, 13, -0.08),
    ],
    layout: layout({
      xaxis: { ...axisTitle("weight of an answer token (EW: 1)"), rangemode: "tozero" },
      yaxis: {
        range: [tasks.length - 0.45, -0.55],
        tickvals: rows,
        ticktext: tasks.map(plain),
        showgrid: false,
      },
      shapes: [
        {
          type: "rect",
          layer: "below",
          yref: "paper",
          y0: 0,
          y1: 1,
          x0: BAND[0],
          x1: BAND[1],
          fillcolor: "@band",
          line: { width: 0 },
        },
        {
          type: "line",
          yref: "paper",
          y0: 0,
          y1: 1,
          x0: 1,
          x1: 1,
          line: { color: "@axis", width: 1.2, dash: "dot" },
        },
      ],
    }),
  };
}

function caption(view: BalanceView, agreement: string): Html {
  const { results } = view.run;
  const mix = overSeeds(view, MIX);
  const order = results.tasks.map((task, t) => [mix[t]?.mean ?? NaN, task] as const).filter(([w]) =>
    known(w)
  );
  order.sort((a, b) => b[0] - a[0]);
  const [most, least] = [order[0], order[order.length - 1]];
  const outside = order.filter(([w]) => w < BAND[0] || w > BAND[1]).map(([, task]) => task);
  const band = outside.length === 0
    ? "Every weight lies within the band of 0.5 to 2 that the paper asks for."
    : `Outside the band of 0.5 to 2 that the paper asks for: ${list(outside)}.`;
  return html`<b>${
    most && least && order.length > 1
      ? `${most[1]} weighs most (λ = ${fixed(most[0], 2)}), ${least[1]} least (${fixed(least[0], 2)}).`
      : "One task: its weight is 1."
  }</b> ${band} ${agreement}${view.run.intervals && ` ${distinguishable(view.run.intervals)}`}${
    barsOf(view) && " The bars of λ are these intervals."
  }`;
}

/**
 * What several seeds agree on.
 *
 * @param balances One a seed.
 * @param tasks Names of the tasks.
 * @returns Sentences.
 */
export function stability(balances: BalanceView["run"]["balances"], tasks: readonly string[]): string {
  if (balances.length < 2) return "Whether another seed would give the same weights is not known from one.";
  const side = (sign: number) =>
    tasks.filter((_, t) => balances.every((b) => sign * ((b.weights.lambda[t] ?? 1) - 1) > 0));
  const [above, below] = [side(1), side(-1)];
  const mixed = tasks.length - above.length - below.length;
  const lambdas = balances.map((b) => b.weights.lambda).filter((lambda) =>
    lambda.length > 0 && lambda.every(known)
  );
  const agreement = mean(lambdas.flatMap((a, i) => lambdas.slice(i + 1).map((b) => rankCorrelation(a, b))));
  return `Over ${plural(balances.length, "seed")} (bars: one standard deviation), always above 1: ${
    list(above) || "none"
  }; always below 1: ${list(below) || "none"}; ${plural(mixed, "task changes", "tasks change")} side.${
    known(agreement) ? ` Rank correlation of λ between two seeds: ${fixed(agreement, 2)} on average.` : ""
  }`;
}

function numbers(view: BalanceView): Html {
  const { tasks } = view.run.results;
  const columns = [...PARTS, MIX].map((part) => overSeeds(view, part));
  const { intervals } = view.run;
  return table(
    "Weights a task; ± is one standard deviation over seeds",
    ["task", "λ out", "λ in", "λ D", "λ", ...(intervals ? ["95% interval of λ"] : [])],
    tasks.map((task, t) => [
      task,
      ...columns.map((c) => plusMinus(c[t]?.mean, c[t]?.spread, 4)),
      ...(intervals ? [between(intervals.lambda[t])] : []),
    ]),
  );
}
