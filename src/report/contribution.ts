/**
 * The section on contributions: the heat map of C[i→j] and the validation table V it comes from.
 *
 * @module
 */

import { cividis } from "./colours.ts";
import { axisTitle, figure, type Json, layout, plain, type View } from "./figure.ts";
import { attribute, type Html, html } from "./html.ts";
import { fixed, known, list, MISSING, plural, plusMinus, signed } from "./numbers.ts";
import { type RunView, section } from "./section.ts";
import { deviation, mean } from "./statistics.ts";
import { table } from "./table.ts";

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
 * @returns The section.
 */
export function contributionSection(view: RunView): Html {
  const title = "What the tasks give each other";
  const { balances, results } = view.run;
  const { tasks } = results;
  if (balances.length === 0) {
    return section(
      view,
      "contribution",
      title,
      html`<p>No probes ran, so contributions were not measured.</p>`,
    );
  }
  if (tasks.length < 2) {
    return section(
      view,
      "contribution",
      title,
      html`<p>One task alone: there is no other to give to.</p>${validation(view)}`,
    );
  }
  const cells = contributions(view);
  return section(
    view,
    "contribution",
    title,
    html`<p>C[i→j] is what much data of task <i>i</i> does for task <i>j</i>, measured in what <i>j</i>’s own data does for it: 1 means as good as its own, below 0 means harm.</p>
${
      figure(view.prefix + "contribution-figure", {
        body: view.charts.add(
          view.prefix + "contribution-chart",
          "Heat map of the contribution of every task to every other",
          tasks.length * 46 + 150,
          [chart(tasks, cells)],
        ),
        caption: caption(view, cells),
        numbers: html`${numbers(view, cells)}`,
      })
    }
${validation(view)}`,
  );
}

function contributions(view: RunView): Cell[][] {
  const { balances, results } = view.run;
  return results.tasks.map((_, i) =>
    results.tasks.map((_, j) => {
      const values = balances.map((b) => b.weights.contribution[i]?.[j]).filter(known);
      return { value: mean(values), spread: deviation(values), seeds: values.length };
    })
  );
}

function chart(tasks: readonly string[], cells: Cell[][]): View {
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
        ...axisTitle("to task j"),
        tickvals: tasks.map((_, t) => t),
        ticktext: tasks.map(plain),
        tickangle: -40,
        showgrid: false,
        range: [-0.5, tasks.length - 0.5],
      },
      yaxis: {
        ...axisTitle("from task i"),
        tickvals: tasks.map((_, t) => t),
        ticktext: tasks.map(plain),
        showgrid: false,
        range: [tasks.length - 0.5, -0.5],
      },
      shapes: crosses,
      // Not Plotly's own texts: on the middle of the map it writes grey on grey.
      annotations: cells.flatMap((row, i) =>
        row.flatMap(({ value }, j): Json[] =>
          i === j ? [] : [{
            x: j,
            y: i,
            text: value === null ? "n/d" : fixed(value, 2),
            showarrow: false,
            font: { color: value === null ? "@text" : cividis((value / limit + 1) / 2).text, size: 12 },
          }]
        )
      ),
    }),
  };
}

function caption(view: RunView, cells: Cell[][]): Html {
  const { tasks } = view.run.results;
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
    ` Crossed out, n/d: not defined, because ${list(missing)} gained nothing (or lost) from ${
      missing.length === 1 ? "its" : "their"
    } own data, so there is nothing to divide by. Such cells are left out of the means.`
  }${beyond}${view.run.balances.length > 1 && ` Means over ${plural(view.run.balances.length, "seed")}.`}`;
}

function numbers(view: RunView, cells: Cell[][]): Html {
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

/** The table V, shaded column by column, with the gain over the mini probe in every cell. */
function validation(view: RunView): Html {
  const { balances, results } = view.run;
  const { tasks } = results;
  const over = (of: (b: typeof balances[number]) => readonly number[] | undefined) =>
    tasks.map((_, t) => mean(balances.map((b) => of(b)?.[t])));
  const base = over((b) => b.validation.base);
  const mini = over((b) => b.validation.mini);
  const rows: { name: string; scores: (number | null)[]; own?: number }[] = [
    { name: "base", scores: base },
    { name: "mini", scores: mini },
    ...tasks.map((task, i) => ({
      name: `${task} + mini`,
      scores: over((b) => b.validation.plus[i]),
      own: i,
    })),
  ];
  const range = tasks.map((_, t) => {
    const values = rows.map((r) => r.scores[t]).filter(known);
    return [Math.min(...values), Math.max(...values)] as const;
  });
  const cell = (scores: (number | null)[], t: number, own: boolean, gain: boolean) => {
    const value = scores[t];
    if (!known(value)) return html`<td>${MISSING}</td>`;
    const [low, high] = range[t] ?? [0, 1];
    const { ground, text } = cividis(high > low ? (value - low) / (high - low) : 0.5);
    const less = mini[t];
    return html`
      <td style="background:${ground};color:${text}" ${attribute("class", own && "own")}>${fixed(
        value,
      )}${gain && known(less) && html`<small>${signed(value - less)}</small>`}</td>
    `;
  };
  const questions = balances[0]?.validation.questions ?? [];
  const asked = [...new Set(questions)];
  const best = tasks.filter((_, j) =>
    rows.slice(2).every((r, i) => i === j || (r.scores[j] ?? -1) <= (rows[j + 2]?.scores[j] ?? -1))
  );
  return html`
    <figure id="${view.prefix}validation-figure" aria-labelledby="${view.prefix}validation-caption">
      <div class="scroll" tabindex="0">
        <table class="heat">
          <caption>V: validation scores of the probes, in points; small: gain over the mini probe</caption>
          <thead>
            <tr><th scope="col" class="words">tuned on</th>${tasks.map((t) =>
              html`<th scope="col">${t}</th>`
            )}</tr>
          </thead>
          <tbody>${rows.map((r, row) =>
            html`
              <tr><th scope="row" class="words">${r.name}</th>${tasks.map((_, t) =>
                cell(r.scores, t, r.own === t, row >= 2)
              )}</tr>
            `
          )}</tbody>
        </table>
      </div>
      <figcaption
        id="${view.prefix}validation-caption"><b>${best.length === tasks.length
          ? "Every task is best served by its own data."
          : `Best served by their own data: ${
            list(best) || "no task"
          } (${best.length} of ${tasks.length}).`}</b> Yellow is the best and dark blue the worst score of a column; framed: a task’s own data.${asked
              .length > 0 &&
          ` ${
            asked.length === 1
              ? plural(asked[0] ?? 0, "question")
              : `${fixed(Math.min(...asked), 0)} to ${fixed(Math.max(...asked), 0)} questions`
          } a task${
            balances.length > 1 ? `, means over ${plural(balances.length, "seed")}` : ""
          }: with 100 questions a rate near 50% is known to about ±10 points.`}</figcaption>
    </figure>
  `;
}
