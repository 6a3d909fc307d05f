/**
 * The section on difficulty: how far a small subset alone takes each task.
 *
 * @module
 */

import { axisTitle, figure, type Json, layout, plain, taskRows, type View } from "../../kit/figure.ts";
import { type Html, html } from "../../kit/html.ts";
import { legend } from "../../kit/looks.ts";
import { fixed, known, list, plusMinus } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";
import { between, isShrunk } from "./intervals.ts";
import { deviation, mean } from "../../kit/statistics.ts";
import { table } from "../../kit/table.ts";

/** A task's difficulty over seeds and the scores it comes from. */
interface Row {
  task: string;
  mini: number | null;
  own: number | null;
  difficulty: number | null;
  spread: number | null;
}

/**
 * The section "How hard each task is".
 *
 * @param view The run.
 * @returns The section; null without probes.
 */
export function difficultySection(view: RunView): Html | null {
  const title = "How hard each task is";
  const { balances, results, intervals } = view.run;
  if (balances.length === 0) return null;
  // Models of one task alone: the chat form (11) and the precise difficulty (12).
  const alone = balances[0]?.form === "chat" || balances[0]?.validation.largeAlone !== undefined;
  const small = alone ? "V(mini alone)" : "V(mini)";
  const much = alone ? "V(own alone)" : "V(own + mini)";
  const rows = results.tasks.map((task, t): Row => {
    const difficulty = balances.map((b) => b.weights.difficulty[t]);
    return {
      task,
      mini: mean(balances.map((b) => (b.validation.miniAlone ?? b.validation.mini)[t])),
      own: mean(balances.map((b) => b.validation.largeAlone?.[t] ?? b.validation.plus[t]?.[t])),
      difficulty: mean(difficulty),
      spread: deviation(difficulty),
    };
  });
  return section(
    view,
    "difficulty",
    title,
    html`<p>D is the part of the score with much data that a mini subset does not reach: D = 1 − ${small} / ${much}.${
      isShrunk(view) &&
      " Here both scores count from that with blank images, over the mean of all draws, and each D is drawn towards their mean by its noise."
    }</p>
${
      figure(view.prefix + "difficulty-figure", {
        legend: legend([
          { name: small, color: "@blue", mark: "circle-open" },
          { name: much, color: "@vermillion", mark: "diamond" },
        ]),
        body: view.charts.add(
          view.prefix + "difficulty-chart",
          "Chart of validation scores with a mini subset and with much data, a task",
          rows.length * 36 + 60,
          [chart(rows, small, much)],
        ),
        caption: caption(rows, isShrunk(view)),
        numbers: table(
          "Difficulty; ± is one standard deviation over seeds",
          ["task", small, much, "D", ...(intervals ? ["95% interval of D"] : [])],
          rows.map((r, t) => [
            r.task,
            fixed(r.mini),
            fixed(r.own),
            plusMinus(r.difficulty, r.spread, 3),
            ...(intervals ? [between(intervals.difficulty[t])] : []),
          ]),
        ),
      })
    }`,
  );
}

function chart(rows: Row[], small: string, much: string): View {
  const y = rows.map((_, i) => i);
  const dots = (
    pick: (r: Row) => number | null,
    name: string,
    symbol: string,
    color: string,
  ): Record<string, Json> => ({
    type: "scatter",
    mode: "markers",
    x: rows.map(pick),
    y,
    marker: { symbol, color, size: 12, line: { width: 2, color } },
    hoverinfo: "text",
    hovertext: rows.map((r) => plain(`${r.task}, ${name}: ${fixed(pick(r))}`)),
  });
  return {
    data: [
      {
        type: "scatter",
        mode: "lines",
        x: rows.flatMap((r) => [r.mini, r.own, null]),
        y: rows.flatMap((_, i) => [i, i, null]),
        line: { color: "@axis", width: 2 },
        hoverinfo: "skip",
      },
      dots((r) => r.mini, small, "circle-open", "@blue"),
      dots((r) => r.own, much, "diamond", "@vermillion"),
    ],
    layout: layout({
      margin: { l: 8, r: 64, t: 8, b: 36, pad: 4 },
      xaxis: { ...axisTitle("validation score, points"), rangemode: "tozero" },
      ...taskRows(rows.map((r) => ({ task: r.task, label: `D ${fixed(r.difficulty, 2)}` }))),
    }),
  };
}

function caption(rows: Row[], shrunk: boolean): Html {
  const measured = rows.filter((r) => known(r.difficulty)).sort((a, b) =>
    (b.difficulty ?? 0) - (a.difficulty ?? 0)
  );
  const [hardest, easiest] = [measured[0], measured[measured.length - 1]];
  const saturated = measured.filter((r) => (r.difficulty ?? 0) >= 0.95).map((r) => r.task);
  const negative = measured.filter((r) => (r.difficulty ?? 0) < 0).map((r) => r.task);
  const missing = rows.filter((r) => !known(r.difficulty)).map((r) => r.task);
  return html`<b>${
    hardest && easiest
      ? `Hardest: ${hardest.task} (D = ${fixed(hardest.difficulty, 2)}); easiest: ${easiest.task} (${
        fixed(easiest.difficulty, 2)
      }).`
      : "No difficulty is defined."
  }</b>${
    saturated.length > 0 &&
    ` D is near its ceiling of 1 for ${
      list(saturated)
    }: the mini subset taught next to nothing, which says more about its size than about the task.`
  }${
    negative.length > 0 &&
    ` D is below 0 for ${list(negative)}: the small subset did better than the large one.`
  }${
    missing.length > 0 &&
    ` Not defined for ${list(missing)}, which scored ${
      shrunk ? "no clear points above blank images" : "0"
    } with its own data.`
  }${!shrunk && " A task with a high score for guessing looks easier than it is."}`;
}
