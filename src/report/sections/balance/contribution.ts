/**
 * The section on contributions: the heat map of C[i→j], above the validation table it comes from.
 *
 * @module
 */

import { cividis } from "../../kit/colours.ts";
import { axisTitle, figure, type Json, layout, plain, type View } from "../../kit/figure.ts";
import { type Html, html } from "../../kit/html.ts";
import { fixed, known, list, MISSING, plural, plusMinus } from "../../kit/numbers.ts";
import { type BalanceView, type RunView, section } from "../../kit/section.ts";
import { deviation, mean } from "../../kit/statistics.ts";
import { table } from "../../kit/table.ts";
import { clearContributions, contributionIntervals, isShrunk } from "./intervals.ts";
import { validationFigure } from "./validation.ts";

/** Beyond this the colours of the heat map no longer change: small denominators make wild ratios. */
const COLOUR_LIMIT = 2;

/** A cell of the heat map. */
interface Cell {
  /** Mean over the seeds where it is defined; null on the diagonal and where none is. */
  value: number | null;
  spread: number | null;
  /** Seeds with which it is defined. */
  seeds: number;
}

/**
 * The section "What the tasks give each other".
 *
 * @param view The run.
 * @returns The section; null without probes.
 */
export function contributionSection(view: RunView): Html | null {
  const title = "What the tasks give each other";
  const { balances, results } = view.run;
  const { tasks } = results;
  if (balances.length === 0) return null;
  if (tasks.length < 2) {
    return section(
      view,
      "contribution",
      title,
      html`<p>One task alone: there is no other to give to.</p>${validationFigure(view)}`,
    );
  }
  return section(
    view,
    "contribution",
    title,
    html`<p>C[i→j] is what much data of task <i>i</i> does for task <i>j</i>, measured in what <i>j</i>’s own data does for it: 1 means as good as its own, below 0 means harm.${
      isShrunk(view) && " Here over the mean of all draws, each drawn towards their mean by its noise."
    }</p>
${contributionFigure(view)}
${validationFigure(view)}`,
  );
}

/**
 * The figure of the contributions: a heat map of C[i→j].
 *
 * @param view Whose contributions; two tasks or more.
 * @returns The figure.
 */
export function contributionFigure(view: BalanceView): Html {
  const { balances, results: { tasks } } = view.run;
  const cells = contributions(view);
  return figure(view.prefix + "contribution-figure", {
    body: view.charts.add(
      view.prefix + "contribution-chart",
      "Heat map of the contribution of every task to every other",
      tasks.length * 46 + 150,
      [chart(tasks, cells, balances.length)],
    ),
    caption: caption(view, cells),
    numbers: html`${numbers(view, cells)}${view.run.intervals && contributionIntervals(view.run.intervals)}`,
  });
}

function contributions(view: BalanceView): Cell[][] {
  const { balances, results } = view.run;
  return results.tasks.map((_, i) =>
    results.tasks.map((_, j) => {
      const values = balances.map((b) => b.weights.contribution[i]?.[j]).filter(known);
      return { value: mean(values), spread: deviation(values), seeds: values.length };
    })
  );
}

function chart(tasks: readonly string[], cells: Cell[][], most: number): View {
  const undefinedCells = cells.flatMap((row, i) => row.map((c, j) => ({ c, i, j }))).filter(({ c, i, j }) =>
    i !== j && c.value === null
  );
  const limit = Math.min(
    COLOUR_LIMIT,
    Math.max(0.1, ...cells.flat().map((c) => Math.abs(c.value ?? 0))),
  );
  // Plotly leaves cells without a number empty: the diagonal stays so, undefined cells are crossed out.
  const crosses = undefinedCells.flatMap(({ i, j }): Json[] => [
    {
      type: "rect",
      layer: "below",
      x0: j - 0.48,
      x1: j + 0.48,
      y0: i - 0.48,
      y1: i + 0.48,
      fillcolor: "@floor",
      line: { width: 0 },
    },
    {
      type: "line",
      layer: "below",
      x0: j - 0.48,
      x1: j + 0.48,
      y0: i + 0.48,
      y1: i - 0.48,
      line: { color: "@axis", width: 1 },
    },
  ]);
  return {
    data: [{
      type: "heatmap",
      z: cells.map((row) => row.map((c) => c.value)),
      x: tasks.map((_, t) => t),
      y: tasks.map((_, t) => t),
      colorscale: "Cividis",
      zmin: -limit,
      zmax: limit,
      xgap: 2,
      ygap: 2,
      hoverinfo: "text",
      hoverongaps: false,
      hovertext: cells.map((row, i) =>
        row.map((c, j) =>
          plain(
            `${tasks[i]} → ${tasks[j]}: ${
              c.value === null ? "not defined" : plusMinus(c.value, c.spread, 3)
            }`,
          )
        )
      ),
      colorbar: {
        orientation: "h",
        thickness: 10,
        outlinewidth: 0,
        x: 0.5,
        xanchor: "center",
        y: 1,
        yanchor: "bottom",
        ypad: 6,
        len: 0.7,
        tickfont: { color: "@text", size: 11 },
      },
    }],
    layout: layout({
      xaxis: {
        ...axisTitle("to task j (rows: from task i)"),
        tickvals: tasks.map((_, t) => t),
        ticktext: tasks.map(plain),
        tickangle: -40,
        showgrid: false,
        range: [-0.5, tasks.length - 0.5],
      },
      yaxis: {
        tickvals: tasks.map((_, t) => t),
        ticktext: tasks.map(plain),
        showgrid: false,
        range: [tasks.length - 0.5, -0.5],
      },
      shapes: crosses,
      // Not Plotly's own texts: on the middle of the map it writes grey on grey.
      annotations: cells.flatMap((row, i) =>
        row.flatMap(({ value, seeds }, j): Json[] =>
          i === j ? [] : [{
            x: j,
            y: i,
            text: value === null ? "n/d" : fixed(value, 2) + (seeds < most ? "*" : ""),
            showarrow: false,
            font: { color: value === null ? "@text" : cividis((value / limit + 1) / 2).text, size: 11 },
          }]
        )
      ),
    }),
  };
}

function caption(view: BalanceView, cells: Cell[][]): Html {
  const { tasks } = view.run.results;
  const seeds = view.run.balances.length;
  const flat = cells.flatMap((row, i) => row.map((c, j) => ({ ...c, i, j }))).filter((c) => c.i !== c.j);
  const defined = flat.filter((c) => c.value !== null).sort((a, b) =>
    (b.value as number) - (a.value as number)
  );
  const [best, worst] = [defined[0], defined[defined.length - 1]];
  const harm = defined.filter((c) => (c.value as number) < 0).length;
  const missing = tasks.filter((_, j) => flat.some((c) => c.j === j && c.value === null));
  const arrow = (c: { i: number; j: number }) => `${tasks[c.i]} → ${tasks[c.j]}`;
  const beyond = defined.some((c) => Math.abs(c.value as number) > COLOUR_LIMIT)
    ? ` Colours stop at ±${COLOUR_LIMIT}; ratios beyond come from small gains in the denominator.`
    : "";
  return html`<b>${
    best && worst
      ? `Most help: ${arrow(best)} (${fixed(best.value, 2)}); ${
        (worst.value as number) < 0 ? "most harm" : "least help"
      }: ${arrow(worst)} (${fixed(worst.value, 2)}). ${harm} of ${defined.length} are negative.`
      : "No contribution is defined."
  }</b>${
    missing.length > 0 &&
    ` Crossed out, n/d: not defined, because ${list(missing)} gained nothing ${
      isShrunk(view) ? "clear of noise" : "(or lost)"
    } from ${
      missing.length === 1 ? "its" : "their"
    } own data, so there is nothing to divide by. Such cells are left out of the means.`
  }${beyond}${view.run.intervals && ` ${clearContributions(view.run.intervals)}`}${
    seeds > 1 && ` Means over ${plural(seeds, "seed")}.`
  }${defined.some((c) => c.seeds < seeds) && " With a star: defined with some of the seeds only."}`;
}

function numbers(view: BalanceView, cells: Cell[][]): Html {
  const { balances, results } = view.run;
  const { tasks } = results;
  const over = (of: (b: typeof balances[number]) => readonly (number | null)[], t: number) => {
    const values = balances.map((b) => of(b)[t]);
    return plusMinus(mean(values), deviation(values), 3);
  };
  return table(
    "C[i→j], row i to column j; ± is one standard deviation over seeds",
    ["from \\ to", ...tasks, "C out (row mean)"],
    [
      ...tasks.map((task, i) => [
        task,
        ...tasks.map((_, j) => {
          const c = cells[i]?.[j];
          return i === j ? MISSING : c?.value === null ? "n/d" : plusMinus(c?.value, c?.spread, 3) +
            (c && c.seeds < balances.length ? ` (${c.seeds} of ${balances.length} seeds)` : "");
        }),
        over((b) => b.weights.contributionOut, i),
      ]),
      ["C in (column mean)", ...tasks.map((_, j) => over((b) => b.weights.contributionIn, j)), ""],
    ],
    { last: true },
  );
}
