/**
 * The difficulties of a page of weights. Its scores may have any unit and direction, so D is drawn, not the scores.
 *
 * @module
 */

import {
  axisTitle,
  type Charts,
  figure,
  type Json,
  layout,
  plain,
  taskRows,
  type View,
} from "../../kit/figure.ts";
import { type Html, html } from "../../kit/html.ts";
import { digits, fixed, known, list, MISSING } from "../../kit/numbers.ts";
import { section } from "../../kit/section.ts";
import { table } from "../../kit/table.ts";
import { balancedTasks, type GivenWeights, isLower } from "./given.ts";

/** A task's difficulty and what it comes from. */
interface Row {
  task: string;
  lower: boolean;
  mini: number | null;
  own: number | null;
  floor: number | null;
  difficulty: number | null;
}

/**
 * The section "How hard each task is".
 *
 * @param given The weights.
 * @param charts The page's charts.
 * @returns The section.
 */
export function difficulties(given: GivenWeights, charts: Charts): Html {
  const rows = rowsOf(given);
  const lower = rows.filter((r) => r.lower).map((r) => r.task);
  const floors = given.floor !== undefined;
  // The chat form has models tuned on one task alone.
  const own = "alone" in given.table ? "V(own)" : "V(own + mini)";
  return section(
    { prefix: "", level: 2 },
    "difficulty",
    "How hard each task is",
    html`<p>${
      floors
        ? `D is the part of what the large subset teaches, counted from the floor f, that a mini subset does not reach: D = 1 − (V(mini) − f) / (${own} − f).`
        : lower.length === rows.length
        ? `D is the part of the mini model’s error that the large subset takes away: D = 1 − ${own} / V(mini), for scores of which less is better.`
        : `D is the part of the score with much data that a mini subset does not reach: D = 1 − V(mini) / ${own}.`
    }${
      !floors && lower.length > 0 && lower.length < rows.length &&
      ` Lower is better for ${
        list(lower)
      }: there D = 1 − ${own} / V(mini), the part of the mini model’s error that the large subset takes away.`
    }</p>
${
      figure("difficulty-figure", {
        body: charts.add(
          "difficulty-chart",
          "Chart of the difficulty of every task",
          rows.length * 36 + 80,
          [chart(rows)],
        ),
        caption: caption(rows),
        numbers: numbers(rows, floors, own),
      })
    }`,
  );
}

function rowsOf(given: GivenWeights): Row[] {
  const { table: scores, report, floor } = given;
  return balancedTasks(given).map(({ task, at }): Row => {
    const vectors = "contributionOut" in scores;
    const large = vectors ? undefined : "plus" in scores ? scores.plus : scores.alone;
    return {
      task,
      lower: isLower(given, task),
      mini: vectors ? null : scores.mini[at] ?? null,
      own: large?.[at]?.[at] ?? null,
      floor: floor?.[at] ?? null,
      difficulty: report.difficulty[at] ?? null,
    };
  });
}

function chart(rows: readonly Row[]): View {
  const y = rows.map((_, i) => i);
  const stems: Record<string, Json> = {
    type: "scatter",
    mode: "lines",
    x: rows.flatMap((r) => known(r.difficulty) ? [0, r.difficulty, null] : [null, null, null]),
    y: y.flatMap((i) => [i, i, null]),
    line: { color: "@purple", width: 3 },
    hoverinfo: "skip",
  };
  return {
    data: [stems, {
      type: "scatter",
      mode: "markers",
      x: rows.map((r) => r.difficulty),
      y,
      marker: { symbol: "square", color: "@purple", size: 11 },
      hoverinfo: "text",
      hovertext: rows.map((r) => plain(`${r.task}: D ${fixed(r.difficulty, 3)}`)),
    }],
    layout: layout({
      margin: { l: 8, r: 64, t: 28, b: 36, pad: 4 },
      xaxis: { ...axisTitle("difficulty D (0: the mini subset is enough)"), rangemode: "tozero" },
      ...taskRows(
        rows.map((r) => ({ task: r.task, label: known(r.difficulty) ? fixed(r.difficulty, 2) : "n/d" })),
      ),
    }),
  };
}

function caption(rows: readonly Row[]): Html {
  const defined = rows.filter((r) => known(r.difficulty)).sort((a, b) => b.difficulty! - a.difficulty!);
  const [hardest, easiest] = [defined[0], defined[defined.length - 1]];
  const missing = rows.filter((r) => !known(r.difficulty)).map((r) => r.task);
  return html`<b>${
    hardest && easiest
      ? `Hardest: ${hardest.task} (D = ${fixed(hardest.difficulty, 2)}); easiest: ${easiest.task} (${
        fixed(easiest.difficulty, 2)
      }).`
      : "No difficulty is defined."
  }</b>${missing.length > 0 && ` Not defined (n/d) for ${list(missing)}: there is nothing to divide by.`}`;
}

function numbers(rows: readonly Row[], floors: boolean, own: string): Html {
  const scores = rows.some((r) => r.mini !== null);
  const direction = (r: Row) => r.lower ? "lower" : "higher";
  return table(
    "Difficulty and the scores it comes from, in their own units",
    ["task", ...(scores ? ["better", "V(mini)", own, ...(floors ? ["floor"] : [])] : []), "D"],
    rows.map((r) => [
      r.task,
      ...(scores ? [direction(r), digits(r.mini), digits(r.own), ...(floors ? [digits(r.floor)] : [])] : []),
      known(r.difficulty) ? fixed(r.difficulty, 4) : MISSING,
    ]),
    { text: scores ? [1] : [] },
  );
}
