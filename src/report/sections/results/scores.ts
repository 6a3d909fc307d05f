/**
 * The section on scores: every task and method beside what can be had without tuning or without looking.
 *
 * @module
 */

import { METRIC_NOTES, type MetricName } from "../../../metrics/metric_name.ts";
import type { Results } from "../../../run/records/results.ts";
import { axisTitle, figure, type Json, layout, plain, type View } from "../../kit/figure.ts";
import { type Html, html } from "../../kit/html.ts";
import { legend, type LegendEntry, lookOf, type Mark } from "../../kit/looks.ts";
import { fixed, known, list, type Maybe, MISSING, plural, plusMinus, withEnds } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";
import { mean, samplingInterval } from "../../kit/statistics.ts";
import { table } from "../../kit/table.ts";
import { chosenSteps } from "./evaluations.ts";

/** How a metric is called. */
export const METRIC_NAMES: Record<MetricName, string> = Object.fromEntries(
  Object.entries(METRIC_NOTES).map(([name, { label }]) => [name, label]),
) as Record<MetricName, string>;

/** A score that takes no tuning on the task, or no look at the image. */
interface Reference {
  name: string;
  mark: Mark;
  scores: readonly Maybe[];
  /** Whether it may be had without the image: it counts for the floor. */
  floor: boolean;
}

/**
 * The section "Scores".
 *
 * @param view The run.
 * @returns The section.
 */
export function scoresSection(view: RunView): Html {
  const { results } = view.run;
  const { tasks, methods } = results;
  if (Object.keys(methods).length === 0) {
    return section(view, "scores", "Scores on the test split", html`<p>No method was tuned.</p>`);
  }
  const id = view.prefix + "scores-chart";
  const entries: LegendEntry[] = [
    ...Object.keys(methods).map((m) => lookOf(view.looks, m)),
    ...references(results).map((r) => ({ name: r.name, color: "@muted", mark: r.mark })),
    { name: "floor: the best of those that do not look", color: "@floor", area: true },
  ];
  const rows = Object.keys(methods).length;
  const height = tasks.length * (30 + 15 * rows) + 60;
  return section(
    view,
    "scores",
    "Scores on the test split",
    html`<p>Points from 0 to 100, higher is better. A method has learnt to look where its mark stands clear of the grey bar.</p>
${
      figure(view.prefix + "scores-figure", {
        legend: legend(entries),
        body: view.charts.add(id, "Chart of scores by task and method", height, [chart(view)]),
        caption: caption(view),
        numbers: html`${numbers(view)}${others(view)}${unfinished(view)}`,
      })
    }`,
  );
}

function references(results: Results): Reference[] {
  const r = results.references;
  const all: Reference[] = [
    { name: "chance", mark: "x-thin-open", scores: r.chance, floor: true },
    { name: "majority answer", mark: "line-ns-open", scores: r.majority, floor: true },
    { name: "majority a template", mark: "triangle-up-open", scores: r.majorityPerTemplate, floor: true },
    { name: "EW, blank images", mark: "circle-open", scores: results.blank ?? [], floor: true },
    { name: "base, untuned", mark: "square-open", scores: results.zeroShot, floor: false },
  ];
  return all.filter((reference) => reference.scores.some(known));
}

/**
 * The 95% interval of a score: the bootstrap over questions, with several seeds over seeds too. Where all answers of a
 * right-or-wrong metric got the same points it has no width, and Agresti and Coull's stands in. null where the answers
 * are not there.
 */
function intervalOf({ run: { statistics, results } }: RunView, method: string, task: number): Ends | null {
  const drawn = statistics?.scores[method]?.tasks[task] ?? null;
  const metric = results.metrics[task];
  const graded = metric === "cider" || metric === "anls";
  if (graded || (drawn !== null && drawn.low < drawn.high)) return drawn;
  // Without answers, several seeds have more to them than the choice of questions.
  if (drawn === null && results.seeds.length > 1) return null;
  return samplingInterval(results.methods[method]?.scores[task], results.questions[task] ?? 0);
}

/** The interval of a method's mean score over tasks. */
function meanIntervalOf({ run: { statistics } }: RunView, method: string): Ends | null {
  return statistics?.scores[method]?.mean ?? null;
}

/** The ends of an interval. */
type Ends = { low: number; high: number };

function chart(view: RunView): View {
  const { results } = view.run;
  const { tasks, methods } = results;
  const ids = Object.keys(methods);
  const known0 = references(results);
  // A task is a band of height 1 around its index; the last lane of a band is for the references.
  const lane = 0.86 / (ids.length + 1);
  const place = (task: number, row: number) => task - 0.43 + lane * (row + 0.5);
  const floor = tasks.map((_, t) =>
    Math.max(0, ...known0.filter((r) => r.floor).map((r) => r.scores[t]).filter(known))
  );
  const data: Record<string, Json>[] = [{
    type: "bar",
    orientation: "h",
    x: floor,
    y: tasks.map((_, t) => t),
    width: 0.86,
    marker: { color: "@floor" },
    hoverinfo: "text",
    hovertext: tasks.map((task, t) => plain(`${task}: floor ${fixed(floor[t])}`)),
  }];
  for (const r of known0) {
    const at = tasks.map((_, t) => t).filter((t) => known(r.scores[t]));
    data.push({
      type: "scatter",
      mode: "markers",
      x: at.map((t) => r.scores[t] ?? null),
      y: at.map((t) => place(t, ids.length)),
      marker: { symbol: r.mark, color: "@muted", size: 9, line: { width: 1.6, color: "@muted" } },
      hoverinfo: "text",
      hovertext: at.map((t) => plain(`${tasks[t]}, ${r.name}: ${fixed(r.scores[t])}`)),
    });
  }
  ids.forEach((id, row) => {
    const look = lookOf(view.looks, id);
    const scores = methods[id]?.scores ?? [];
    const at = tasks.map((_, t) => t).filter((t) => known(scores[t]));
    data.push({
      type: "scatter",
      mode: "markers",
      x: at.map((t) => scores[t] ?? null),
      y: at.map((t) => place(t, row)),
      error_x: {
        type: "data",
        symmetric: false,
        array: at.map((t) => reach(intervalOf(view, id, t)?.high, scores[t])),
        arrayminus: at.map((t) => reach(scores[t], intervalOf(view, id, t)?.low)),
        color: look.color,
        thickness: 1.6,
        width: 0,
      },
      marker: { symbol: look.mark, color: look.color, size: 11, line: { width: 1, color: "@paper" } },
      hoverinfo: "text",
      hovertext: at.map((t) =>
        plain(`${tasks[t]}, ${look.name}: ${withEnds(scores[t], intervalOf(view, id, t))}`)
      ),
    });
  });
  return {
    data,
    layout: layout({
      bargap: 0,
      xaxis: { ...axisTitle("points"), rangemode: "tozero", side: "bottom", range: [0, top(results)] },
      yaxis: {
        range: [tasks.length - 0.5, -0.5],
        tickvals: tasks.map((_, t) => t),
        ticktext: tasks.map(plain),
        showgrid: false,
      },
      shapes: tasks.slice(1).map((_, t) => ({
        type: "line",
        xref: "paper",
        x0: 0,
        x1: 1,
        y0: t + 0.5,
        y1: t + 0.5,
        line: { color: "@rule", width: 1 },
      })),
    }),
  };
}

/** The right end of the axis: 100, or the highest score where CIDEr goes beyond it. */
function top(results: Results): number {
  const all = Object.values(results.methods).flatMap((m) => m.scores).filter(known);
  return Math.max(100, ...all) * 1.02;
}

function caption(view: RunView): Html {
  const { results } = view.run;
  const ids = Object.keys(results.methods);
  const name = (id: string) => lookOf(view.looks, id).name;
  const means = ids.map((id) => `${name(id)} ${fixed(mean(results.methods[id]?.scores ?? []))}`);
  const best = new Map<string, string[]>();
  results.tasks.forEach((task, t) => {
    const scores = ids.map((id) => results.methods[id]?.scores[t]);
    const highest = Math.max(...scores.filter(known));
    const winners = ids.filter((_, i) => scores[i] === highest);
    // A tie is nobody's.
    const winner = winners.length === 1 ? winners[0] : undefined;
    if (winner !== undefined) best.set(winner, [...(best.get(winner) ?? []), task]);
  });
  const wins = ids.length < 2
    ? ""
    : ` Highest score: ${
      [...best].map(([id, won]) => `${name(id)} on ${won.length} (${list(won)})`).join("; ") || "ties only"
    }.`;
  const bars = results.seeds.length > 1
    ? `Bars: 95% interval over ${plural(results.seeds.length, "seed")} and the choice of test questions.`
    : "Bars: 95% interval from the choice of test questions alone; the spread between seeds is not known from one seed and comes on top.";
  const chosen = chosenSteps(view.run, name);
  const cut = unfinishedTotals(view);
  return html`<b>Mean over tasks: ${list(means)}.</b>${wins} ${bars}${chosen.map((text) => ` ${text}`)}${
    cut.length > 0 &&
    ` Answers that ran into the limit of new tokens without ending: ${
      list(cut)
    } (the numbers say of which tasks).`
  }`;
}

function numbers(view: RunView): Html {
  const { results } = view.run;
  const ids = Object.keys(results.methods);
  const refs = references(results);
  const several = results.seeds.length > 1;
  const row = (t: number) => [
    results.tasks[t],
    results.metrics[t] && METRIC_NAMES[results.metrics[t]],
    fixed(results.questions[t], 0),
    ...ids.map((id) => withEnds(results.methods[id]?.scores[t], intervalOf(view, id, t))),
    ...refs.map((r) => fixed(r.scores[t])),
  ];
  const scores = table(
    `Scores in points, with 95% intervals over ${several ? "seeds and questions" : "questions alone"}`,
    [
      "task",
      "metric",
      "questions",
      ...ids.map((id) => lookOf(view.looks, id).name),
      ...refs.map((r) => r.name),
    ],
    [
      ...results.tasks.map((_, t) => row(t)),
      [
        "mean",
        "",
        "",
        ...ids.map((id) => withEnds(mean(results.methods[id]?.scores ?? []), meanIntervalOf(view, id))),
        ...refs.map((r) =>
          results.tasks.every((_, t) => known(r.scores[t])) ? fixed(mean(r.scores)) : MISSING
        ),
      ],
    ],
    { text: [1], last: true },
  );
  if (!several) return scores;
  const spreads = table(
    "The same scores, ± one standard deviation over seeds",
    ["task", ...ids.map((id) => lookOf(view.looks, id).name)],
    results.tasks.map((task, t) => [
      task,
      ...ids.map((id) => plusMinus(results.methods[id]?.scores[t], results.methods[id]?.scoresSpread?.[t])),
    ]),
  );
  return html`${scores}${spreads}`;
}

/** How far an interval reaches to one side. */
function reach(high: Maybe, low: Maybe): number {
  return known(high) && known(low) ? Math.max(0, high - low) : 0;
}

/** A method's answers to a task that did not end, over all seeds; null where nobody counted. */
function unfinishedOf({ run: { results } }: RunView, method: string, task: number): number | null {
  const seeds = results.methods[method]?.seeds ?? [];
  if (seeds.some(({ unfinished }) => unfinished === undefined)) return null;
  return seeds.reduce((sum, { unfinished }) => sum + unfinished![task]!, 0);
}

/** How many answers of each method did not end, of those that have any: "EW 3 of 900". */
function unfinishedTotals(view: RunView): string[] {
  const { results } = view.run;
  const asked = results.seeds.length * results.questions.reduce((sum, n) => sum + n, 0);
  return Object.keys(results.methods).flatMap((id) => {
    const cut = results.tasks.reduce((sum, _, t) => sum + (unfinishedOf(view, id, t) ?? 0), 0);
    return cut === 0 ? [] : [`${lookOf(view.looks, id).name} ${cut} of ${asked}`];
  });
}

/** Answers that did not end, task by task, where there are any. */
function unfinished(view: RunView): Html | null {
  const { results } = view.run;
  const ids = Object.keys(results.methods);
  if (unfinishedTotals(view).length === 0) return null;
  return table(
    "Answers that ran into the limit of new tokens without ending, all seeds together",
    ["task", "answers", ...ids.map((id) => lookOf(view.looks, id).name)],
    results.tasks.map((task, t) => [
      task,
      fixed(results.seeds.length * (results.questions[t] ?? 0), 0),
      ...ids.map((id) => fixed(unfinishedOf(view, id, t), 0)),
    ]),
  );
}

/** Scores by further measures, where the evaluation has any. */
function others(view: RunView): Html | null {
  const { results } = view.run;
  const ids = Object.keys(results.methods);
  const rows = results.tasks.flatMap((task, t) => {
    const measured = ids.map((id) => (results.methods[id]?.seeds ?? []).map((s) => s.others[t] ?? {}));
    const names = [...new Set(measured.flat().flatMap((o) => Object.keys(o)))];
    const labels = results.metrics[t] === undefined ? {} : METRIC_NOTES[results.metrics[t]].others;
    return names.map((name) => [
      task,
      labels[name] ?? name,
      ...measured.map((seeds) => fixed(mean(seeds.map((o) => o[name])))),
    ]);
  });
  if (rows.length === 0) return null;
  return table(
    "Further measures of the same answers",
    ["task", "measure", ...ids.map((id) => lookOf(view.looks, id).name)],
    rows,
    { text: [1] },
  );
}
