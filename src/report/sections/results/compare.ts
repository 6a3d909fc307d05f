/**
 * The section that sets several runs side by side.
 *
 * @module
 */

import { meanInterval } from "../../../balance/compare/statistics.ts";
import { cotbal } from "../../../balance/methods/cotbal.ts";
import type { LoadedRun } from "../../../run/records/loaded_run.ts";
import { axisTitle, type Charts, figure, type Json, layout, plain, type View } from "../../kit/figure.ts";
import { comparison } from "./headline.ts";
import { mixedRuns } from "./mixing.ts";
import { type Html, html } from "../../kit/html.ts";
import { legend, lookOf, looks } from "../../kit/looks.ts";
import { duration, fixed, known, list, plural, plusMinus, short, signed } from "../../kit/numbers.ts";
import { deviation, mean } from "../../kit/statistics.ts";
import { table } from "../../kit/table.ts";
import { adapters, baseName } from "../run/top.ts";

/**
 * Names for runs, by their folders; folders of the same name are numbered.
 *
 * @param runs The runs.
 * @returns One name a run, all different.
 */
export function runNames(runs: readonly LoadedRun[]): string[] {
  const names = runs.map((run) => baseName(run.folder) || "run");
  return names.map((name, i) =>
    names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${i + 1})`
  );
}

/**
 * The comparison of runs.
 *
 * @param runs Two runs or more.
 * @param charts The page's charts.
 * @returns The section.
 */
export function compareSection(runs: readonly LoadedRun[], charts: Charts): Html {
  const names = runNames(runs);
  const ids = [...new Set(runs.flatMap((r) => Object.keys(r.results.methods)))];
  const all = looks(ids);
  const cell = (run: LoadedRun, id: string) => {
    const m = run.results.methods[id];
    return m ? plusMinus(mean(m.scores), deviation(m.seeds.map((s) => mean(s.scores)))) : "";
  };
  const sameTasks = new Set(runs.map((r) => JSON.stringify(r.results.tasks))).size === 1;
  return html`
    <section id="comparison" aria-labelledby="comparison-title">
    <h2 id="comparison-title">The runs side by side</h2>
    <p class="support">${pooled(runs)}</p>
    ${table(
      "Runs; scores are means over tasks in points, ± one standard deviation over seeds",
      [
        "run",
        "data",
        "preset",
        "tasks",
        "seeds",
        ...ids.map((id) => lookOf(all, id).name),
        `${cotbal.name} ΔI%`,
        "base",
        "time",
        "tokens",
        "adapter",
      ],
      runs.map((run, i) => [
        html`<a href="#run-${i + 1}">${names[i]}</a>`,
        run.run.dataset.kind === "scenes" ? "scenes" : baseName(run.run.dataset.path),
        run.run.resolved.preset,
        String(run.results.tasks.length),
        String(run.results.seeds.length),
        ...ids.map((id) => cell(run, id)),
        signed(run.results.methods[cotbal.id]?.deltaI, 2),
        run.results.base ?? "",
        duration(run.results.totals.all.seconds),
        short(run.results.totals.all.tokens),
        adapters(run.run).join("; "),
      ]),
      { text: [1, 2] },
    )}
    ${mixedRuns(runs, names)}
    ${figure("comparison-figure", {
      legend: legend(ids.map((id) => lookOf(all, id))),
      body: charts.add(
        "comparison-chart",
        "Chart of the mean score of every run and method",
        runs.length * (24 + 14 * ids.length) + 60,
        [
          chart(runs, names, ids, all),
        ],
      ),
      caption: html`<b>${caption(runs, names, ids, all)}</b>${
        !sameTasks && " The runs have different tasks: their means are not comparable with each other."
      }`,
      numbers: sameTasks && html`${
        ids.map((id) =>
          table(
            `${lookOf(all, id).name}, score a task`,
            ["run", ...(runs[0]?.results.tasks ?? [])],
            runs.filter((r) => r.results.methods[id]).map((run) => [
              names[runs.indexOf(run)],
              ...run.results.tasks.map((_, t) =>
                plusMinus(run.results.methods[id]?.scores[t], run.results.methods[id]?.scoresSpread?.[t])
              ),
            ]),
          )
        )
      }`,
    })}</section>
  `;
}

/** What all seeds of all runs say together, where the runs differ in nothing but seeds. */
function pooled(runs: readonly LoadedRun[]): string {
  const kind = (r: LoadedRun) =>
    JSON.stringify([r.results.tasks, r.run.dataset.fingerprint, r.run.model.fingerprint, {
      ...r.run.resolved,
      seeds: 0,
      methods: 0,
    }]);
  if (new Set(runs.map(kind)).size > 1) {
    return "The runs differ in more than their seeds, so nothing is pooled over them.";
  }
  const found = runs.map(comparison).filter((c) => c !== null);
  const first = found[0];
  if (!first || found.some((c) => c.subject !== first.subject || c.reference !== first.reference)) return "";
  const seeds = runs.flatMap((r) => r.results.seeds);
  if (new Set(seeds).size < seeds.length) {
    return "Some seeds occur in more than one run, so nothing is pooled over them.";
  }
  const differences = found.flatMap((c) => c.differences);
  if (differences.length < 2) return "";
  const range = meanInterval(differences);
  const [low, high] = [range.low ?? NaN, range.high ?? NaN];
  const all = looks([first.subject, first.reference]);
  return `The runs differ in nothing but their seeds. Over ${plural(range.n, "paired seed")} together, ${
    lookOf(all, first.subject).name
  } minus ${lookOf(all, first.reference).name} is ${signed(range.mean)} points (95% interval ${
    signed(low)
  } to ${signed(high)})${low <= 0 && high >= 0 ? ": within noise." : "."}`;
}

function chart(
  runs: readonly LoadedRun[],
  names: string[],
  ids: string[],
  all: ReturnType<typeof looks>,
): View {
  const lane = 0.8 / ids.length;
  return {
    data: ids.map((id, row): Record<string, Json> => {
      const look = lookOf(all, id);
      const at = runs.map((_, r) => r).filter((r) => known(mean(runs[r]?.results.methods[id]?.scores ?? [])));
      const of = (r: number) => runs[r]?.results.methods[id];
      const value = (r: number) => mean(of(r)?.scores ?? []);
      const spread = (r: number) => deviation((of(r)?.seeds ?? []).map((s) => mean(s.scores)));
      return {
        type: "scatter",
        mode: "markers",
        x: at.map(value),
        y: at.map((r) => r - 0.4 + lane * (row + 0.5)),
        error_x: {
          type: "data",
          array: at.map((r) => spread(r) ?? 0),
          color: look.color,
          thickness: 1.6,
          width: 0,
        },
        marker: { symbol: look.mark, color: look.color, size: 11, line: { width: 1, color: "@paper" } },
        hoverinfo: "text",
        hovertext: at.map((r) => plain(`${names[r]}, ${look.name}: ${plusMinus(value(r), spread(r))}`)),
      };
    }),
    layout: layout({
      xaxis: axisTitle("mean score over tasks, points"),
      yaxis: {
        range: [runs.length - 0.5, -0.5],
        tickvals: runs.map((_, r) => r),
        ticktext: names.map(plain),
        showgrid: false,
      },
    }),
  };
}

function caption(
  runs: readonly LoadedRun[],
  names: string[],
  ids: string[],
  all: ReturnType<typeof looks>,
): string {
  return ids.map((id) => {
    const scores = runs.map((r, i) => [mean(r.results.methods[id]?.scores ?? []), names[i] ?? ""] as const)
      .filter((s) => known(s[0]));
    const values = scores.map((s) => s[0] as number);
    if (values.length === 0) return "";
    if (values.length === 1) {
      return `${lookOf(all, id).name}: ${fixed(values[0])} (only ${list(scores.map((s) => s[1]))}).`;
    }
    return `${lookOf(all, id).name}: ${fixed(Math.min(...values))} to ${fixed(Math.max(...values))}.`;
  }).filter(Boolean).join(" ");
}
