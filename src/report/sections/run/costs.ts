/**
 * The section on costs: seconds and tokens of every part, and what of it went into the probes.
 *
 * @module
 */

import { methodsWithProbes } from "../../../balance/methods/registry.ts";
import type { PartCost } from "../../../run/records/part_result.ts";
import type { Results } from "../../../run/records/results.ts";
import { axisTitle, figure, layout, plain, type View } from "../../kit/figure.ts";
import { type Html, html } from "../../kit/html.ts";
import { legend, lookOf } from "../../kit/looks.ts";
import { count, duration, fixed, known, MISSING, plural, short } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";
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
      numbers: table(
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
          ["probes in all", "", "", count(probes.tokens), "", duration(probes.seconds), ""],
          ["methods in all", "", "", count(methods.tokens), "", duration(methods.seconds), ""],
          ["all", "", "", count(all.tokens), "", duration(all.seconds), ""],
        ],
        { last: true },
      ),
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

function caption(view: RunView): Html {
  const { results } = view.run;
  const { probes, all } = results.totals;
  const share = (part: number, whole: number) =>
    known(part / whole) ? `${fixed(100 * part / whole, 0)}%` : MISSING;
  const [seconds, tokens] = [duration(all.seconds), `${short(all.tokens)} training tokens`];
  const finding = probes.seconds > 0
    ? `The probes took ${share(probes.seconds, all.seconds)} of ${seconds} and ${
      share(probes.tokens, all.tokens)
    } of ${tokens}.`
    : `${seconds} and ${tokens} in all; no probes ran.`;
  const measured = results.methods[methodsWithProbes(Object.keys(results.methods))[0]?.id ?? ""];
  const ratio = measured === undefined ? NaN : probes.seconds / (measured.seconds * measured.seeds.length);
  const validations = validationCosts(results, (method) => lookOf(view.looks, method).name);
  return html`<b>${finding}</b>${validations.map((text) => ` ${text}`)}${
    known(ratio) && ` Finding the weights cost ${fixed(ratio, 1)} times as much as the tuning that used them.`
  } Times are wall-clock seconds on this machine, interruptions apart${
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

/** Where a part of the run stands, in words; the parts of all seeds and of STL's tasks share a name. */
function nameOf(view: RunView, part: string): string {
  const [kind, folder = ""] = part.replace(/^seed-[^/]*\//, "").split("/");
  if (kind === "probes") {
    return `probe ${folder.startsWith("plus-") ? taskOf(folder.slice(5)) + " + mini" : folder}`;
  }
  if (kind !== "methods") return part;
  const blank = folder.endsWith("-blank");
  return lookOf(view.looks, blank ? folder.slice(0, -6) : folder).name + (blank ? ", blank images" : "");
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
