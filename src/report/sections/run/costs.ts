/**
 * The section on costs: seconds and tokens of every part, and what of it went into the probes.
 *
 * @module
 */

import { probeCost } from "../../../balance/compare/cost.ts";
import { findMethod, methodsWithProbes } from "../../../balance/methods/registry.ts";
import { measuredParts } from "../../../run/measured_parts.ts";
import { planRun } from "../../../run/plan.ts";
import type { PartCost } from "../../../run/records/part_result.ts";
import type { Results } from "../../../run/records/results.ts";
import { axisTitle, figure, layout, plain, type View } from "../../kit/figure.ts";
import { type Html, html } from "../../kit/html.ts";
import { legend, lookOf } from "../../kit/looks.ts";
import { count, duration, fixed, known, MISSING, plural, short, signed } from "../../kit/numbers.ts";
import { measuredWords } from "../../kit/measured.ts";
import { type RunView, section } from "../../kit/section.ts";
import { mean } from "../../kit/statistics.ts";
import { table } from "../../kit/table.ts";

/** Parts of the run that belong together, such as STL's single tunings or one probe with every seed. */
interface Entry {
  name: string;
  parts: number;
  train: number;
  evaluate: number;
  tokens: number;
  answerTokens: number;
  steps: number;
}

/**
 * The section "Costs".
 *
 * @param view The run.
 * @returns The section.
 */
export function costsSection(view: RunView): Html {
  const { results } = view.run;
  const { probes, methods, all } = results.totals;
  if (results.costs.length === 0) {
    return section(view, "costs", "Costs", html`<p>This run recorded no costs.</p>`);
  }
  const entries = grouped(view, results.costs);
  return section(
    view,
    "costs",
    "Costs",
    figure(view.prefix + "costs-figure", {
      legend: legend([
        { name: "training", color: "@blue", area: true },
        { name: "evaluation", color: "@orange", area: true },
      ]),
      body: view.charts.add(
        view.prefix + "costs-chart",
        "Chart of the seconds every part of the run took",
        entries.length * 24 + 60,
        [chart(entries)],
      ),
      caption: caption(view),
      numbers: html`${quality(view)}${
        table(
          "Costs",
          ["part", "runs", "steps", "tokens", "answer tokens", "training", "evaluation"],
          [
            ...entries.map((e) => [
              e.name,
              count(e.parts),
              count(e.steps),
              count(e.tokens),
              count(e.answerTokens),
              duration(e.train),
              duration(e.evaluate),
            ]),
            ["measured before, in all", "", "", count(probes.tokens), "", duration(probes.seconds), ""],
            ["methods in all", "", "", count(methods.tokens), "", duration(methods.seconds), ""],
            ["all", "", "", count(all.tokens), "", duration(all.seconds), ""],
          ],
          { last: true },
        )
      }`,
    }),
  );
}

/**
 * What methods that validate while they tune paid for it.
 *
 * @param results The results of a run.
 * @param names How a method is called, by its id.
 * @returns A sentence a method; seconds and tokens are summed over seeds.
 */
export function validationCosts(
  { costs }: Pick<Results, "costs">,
  names: (method: string) => string,
): string[] {
  const sums = new Map<string, { seconds: number; tokens: number; train: number }>();
  for (const { part, validation, trainSeconds } of costs) {
    if (validation === undefined) continue;
    const method = part.replace(/^seed-[^/]*\//, "").split("/")[1] ?? part;
    const sum = sums.get(method) ?? { seconds: 0, tokens: 0, train: 0 };
    sum.seconds += validation.seconds;
    sum.tokens += validation.tokens;
    sum.train += trainSeconds;
    sums.set(method, sum);
  }
  return [...sums].map(([method, { seconds, tokens, train }]) =>
    `${names(method)} validated while it tuned: ${duration(seconds)} of its ${
      duration(train)
    } of training, for ${short(tokens)} tokens beside those it was trained on.`
  );
}

/**
 * What trainings waited for pictures, where these were read meanwhile.
 *
 * @param results The results of a run.
 * @returns A sentence; undefined where no training read any.
 */
export function waitingCosts({ costs }: Pick<Results, "costs">): string | undefined {
  const waited = costs.filter(({ waiting }) => waiting !== undefined);
  if (waited.length === 0) return undefined;
  const waiting = waited.reduce((sum, one) => sum + one.waiting!, 0);
  const seconds = waited.reduce((sum, { trainSeconds }) => sum + trainSeconds, 0);
  return `Images were read while models were tuned; waiting for them took ${duration(waiting)} of ${
    duration(seconds)
  } of training (${fixed(100 * waiting / Math.max(seconds, 1e-9), 1)}%).`;
}

/** What each method gives for the tokens it takes, the probes' among them: measured beside what the paper expects. */
function quality(view: RunView): Html | null {
  const { results } = view.run;
  const ids = Object.keys(results.methods);
  const base = mean(results.zeroShot);
  if (ids.length === 0 || !known(base)) return null;
  const seeds = results.seeds.length;
  return table(
    "Mean score for training tokens, a seed; gain over the untuned base; before: what the weights come from, shared or not",
    ["method", "mean score", "gain", "tuning tokens", "tokens before", "all tokens", "gain a million tokens"],
    ids.map((id) => {
      const { scores, tokens } = results.methods[id]!;
      const probes = costBefore(view, id).tokens / seeds;
      const gain = (mean(scores) ?? NaN) - base;
      return [
        lookOf(view.looks, id).name,
        fixed(mean(scores)),
        signed(gain),
        count(tokens),
        probes === 0 ? "" : count(probes),
        count(tokens + probes),
        fixed(1e6 * gain / (tokens + probes), 2),
      ];
    }),
  );
}

/** What a method took before its tuning, all seeds together. */
function costBefore({ run: { run, results } }: RunView, method: string): { seconds: number; tokens: number } {
  const { resolved } = run;
  const methods = resolved.methods.filter((id) => findMethod(id) !== undefined);
  const parts = measuredParts(planRun({ ...resolved, methods }), resolved.seeds, method);
  const costs = results.costs.filter(({ part }) => parts.has(part));
  return {
    seconds: costs.reduce((sum, cost) => sum + cost.trainSeconds + cost.evaluateSeconds, 0),
    tokens: costs.reduce((sum, cost) => sum + cost.tokens, 0),
  };
}

/** The probes' tokens as a multiple of the final tuning's, as expected and as measured. */
function estimate(view: RunView): string {
  const { run, results } = view.run;
  const id = methodsWithProbes(Object.keys(results.methods))[0]?.id ?? "";
  const measured = results.methods[id];
  const { large, mini, tasks } = run.resolved;
  const found = measured === undefined
    ? NaN
    : costBefore(view, id).tokens / (measured.tokens * measured.seeds.length);
  if (!known(found) || found === 0) return "";
  return ` In training tokens the probes cost ${
    fixed(found, 2)
  } final tunings; the paper’s estimate R_large + N·R_mini is ${
    fixed(probeCost({ large, mini, tasks: tasks.length }), 2)
  }.`;
}

function caption(view: RunView): Html {
  const { results } = view.run;
  const { probes, all } = results.totals;
  const share = (part: number, whole: number) =>
    known(part / whole) ? `${fixed(100 * part / whole, 0)}%` : MISSING;
  const [seconds, tokens] = [duration(all.seconds), `${short(all.tokens)} training tokens`];
  const finding = probes.seconds > 0
    ? `${measuredWords(Object.keys(results.methods))} took ${
      share(probes.seconds, all.seconds)
    } of ${seconds} and ${share(probes.tokens, all.tokens)} of ${tokens}.`
    : `${seconds} and ${tokens} in all; no probes ran.`;
  const id = methodsWithProbes(Object.keys(results.methods))[0]?.id ?? "";
  const measured = results.methods[id];
  const ratio = measured === undefined
    ? NaN
    : costBefore(view, id).seconds / (measured.seconds * measured.seeds.length);
  const validations = validationCosts(results, (method) => lookOf(view.looks, method).name);
  const waiting = waitingCosts(results);
  return html`<b>${finding}</b>${validations.map((text) => ` ${text}`)}${waiting && ` ${waiting}`}${
    known(ratio) &&
    ` Finding the weights of ${lookOf(view.looks, id).name} cost ${
      fixed(ratio, 1)
    } times as much as the tuning that used them.`
  }${estimate(view)} Times are wall-clock seconds on this machine, interruptions apart${
    results.seeds.length > 1 && `, summed over ${plural(results.seeds.length, "seed")}`
  }.`;
}

function grouped(view: RunView, costs: readonly PartCost[]): Entry[] {
  const entries = new Map<string, Entry>();
  for (const cost of costs) {
    const name = nameOf(view, cost.part);
    const entry = entries.get(name) ??
      { name, parts: 0, train: 0, evaluate: 0, tokens: 0, answerTokens: 0, steps: 0 };
    entry.parts++;
    entry.train += cost.trainSeconds;
    entry.evaluate += cost.evaluateSeconds;
    entry.tokens += cost.tokens;
    entry.answerTokens += cost.answerTokens;
    entry.steps += cost.steps;
    entries.set(name, entry);
  }
  return [...entries.values()];
}

/** Parts that ask a model that another part tuned, by the end of their names. */
const ASKED_AGAIN: readonly [string, string][] = [
  ["-blank", ", blank images"],
  ["-zero-shot", ", tasks never tuned on"],
];

/** What is tuned or scored before the methods, beside CoTBal's own probes, by its folder. */
const MEASURED: Readonly<Record<string, string>> = {
  alone: "probes of one task",
  "alone-mini": "probes of one task’s mini",
  double: "tunings with a weight doubled",
  equal: "EW on validation questions",
  merge: "merged models",
  search: "tunings with tried weights",
};

/** Where a part of the run stands, in words; the parts of all seeds and of STL's tasks share a name. */
function nameOf(view: RunView, part: string): string {
  const [kind, folder = ""] = part.replace(/^seed-[^/]*\//, "").split("/");
  if (kind === "probes") {
    const draw = /^draw-(\d+)$/.exec(folder);
    if (draw !== null) return `probes, draw ${draw[1]}`;
    if (Object.hasOwn(MEASURED, folder)) return MEASURED[folder]!;
    if (folder.startsWith("plus-")) return `probe ${taskOf(folder.slice(5))} + mini`;
    return folder === "mini-blank" ? "probe mini, blank images" : `probe ${folder}`;
  }
  if (kind !== "methods") return part;
  const [end, words] = ASKED_AGAIN.find(([end]) => folder.endsWith(end)) ?? ["", ""];
  return lookOf(view.looks, end === "" ? folder : folder.slice(0, -end.length)).name + words;
}

/** Folders of tasks are percent-encoded. */
function taskOf(folder: string): string {
  try {
    return decodeURIComponent(folder);
  } catch {
    return folder;
  }
}

function chart(entries: Entry[]): View {
  const y = entries.map((_, i) => i);
  const bar = (name: string, color: string, pick: (e: Entry) => number) => ({
    type: "bar",
    orientation: "h",
    x: entries.map(pick),
    y,
    marker: { color },
    hoverinfo: "text",
    hovertext: entries.map((e) => plain(`${e.name}, ${name}: ${duration(pick(e))}`)),
  });
  return {
    data: [bar("training", "@blue", (e) => e.train), bar("evaluation", "@orange", (e) => e.evaluate)],
    layout: layout({
      barmode: "stack",
      bargap: 0.3,
      xaxis: { ...axisTitle("seconds"), rangemode: "tozero" },
      yaxis: {
        range: [entries.length - 0.5, -0.5],
        tickvals: y,
        ticktext: entries.map((e) => plain(e.name)),
        showgrid: false,
      },
    }),
  };
}
