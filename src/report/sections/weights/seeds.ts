/**
 * How far the seeds of a page of weights agree.
 *
 * @module
 */

import { axisTitle, type Charts, figure, type Json, layout, plain, type View } from "../../kit/figure.ts";
import { type Html, html } from "../../kit/html.ts";
import { legend, type LegendEntry } from "../../kit/looks.ts";
import { fixed, known, plural } from "../../kit/numbers.ts";
import { section } from "../../kit/section.ts";
import { deviation, mean } from "../../kit/statistics.ts";
import { table } from "../../kit/table.ts";
import { stability } from "../balance/weights.ts";
import { balancedTasks, type GivenWeights } from "./given.ts";

const LOOKS: LegendEntry[] = [
  { name: "λ from the mean scores: the one to use", color: "@vermillion", mark: "diamond" },
  { name: "λ of one seed alone", color: "@blue", mark: "circle-open" },
];

/**
 * The section "Seed by seed".
 *
 * @param given The weights.
 * @param charts The page's charts.
 * @returns The section; null for a single table.
 */
export function seedsSection(given: GivenWeights, charts: Charts): Html | null {
  const { seeds } = given;
  if (seeds.length < 2) return null;
  const rows = balancedTasks(given);
  return section(
    { prefix: "", level: 2 },
    "seeds",
    "Seed by seed",
    html`<p>The weights come from the mean scores of ${
      plural(seeds.length, "seed")
    }. Here each seed’s scores are weighted alone, at the same temperature.</p>
${
      figure("seeds-figure", {
        legend: legend(LOOKS),
        body: charts.add(
          "seeds-chart",
          "Chart of the weight of every task, from each seed alone and from the mean scores",
          rows.length * 36 + 60,
          [chart(given)],
        ),
        caption: html`<b>${
          stability(
            seeds.map((weights) => ({ weights })),
            rows.map(({ task }) => task),
          )
            .replace(" (bars: one standard deviation)", "")
        }</b> The nearer the circles of a task, the more its weight can be trusted.`,
        numbers: numbers(given),
      })
    }`,
  );
}

function chart(given: GivenWeights): View {
  const { report, seeds } = given;
  const rows = balancedTasks(given);
  const dots = seeds.map((seed, k): Record<string, Json> => ({
    type: "scatter",
    mode: "markers",
    x: rows.map(({ at }) => seed.lambda[at] ?? null),
    y: rows.map((_, i) => i + 0.14),
    marker: { symbol: "circle-open", color: "@blue", size: 9, line: { width: 1.8, color: "@blue" } },
    hoverinfo: "text",
    hovertext: rows.map(({ task, at }) => plain(`${task}, table ${k + 1}: ${fixed(seed.lambda[at], 3)}`)),
  }));
  return {
    data: [...dots, {
      type: "scatter",
      mode: "markers",
      x: rows.map(({ at }) => report.lambda[at] ?? null),
      y: rows.map((_, i) => i - 0.14),
      marker: { symbol: "diamond", color: "@vermillion", size: 12 },
      hoverinfo: "text",
      hovertext: rows.map(({ task, at }) => plain(`${task}, mean scores: ${fixed(report.lambda[at], 3)}`)),
    }],
    layout: layout({
      xaxis: { ...axisTitle("weight of an answer token (EW: 1)"), rangemode: "tozero" },
      yaxis: {
        range: [rows.length - 0.5, -0.5],
        tickvals: rows.map((_, i) => i),
        ticktext: rows.map(({ task }) => plain(task)),
        showgrid: false,
      },
    }),
  };
}

function numbers({ report, seeds, ...rest }: GivenWeights): Html {
  return table(
    "λ a task, over the seeds",
    ["task", "λ from mean scores", "mean λ", "deviation", "lowest", "highest"],
    balancedTasks({ report, seeds, ...rest }).map(({ task, at }) => {
      const values = seeds.map((seed) => seed.lambda[at]).filter(known);
      const all = [
        report.lambda[at],
        mean(values),
        deviation(values),
        Math.min(...values),
        Math.max(...values),
      ];
      return [task, ...all.map((x) => fixed(x, 4))];
    }),
  );
}
