/**
 * The top of a run's page: the headline and the facts.
 *
 * @module
 */

import type { AdapterFacts } from "../../../gpu/gpu.ts";
import type { LoadedRun } from "../../../run/records/loaded_run.ts";
import type { RunInfo } from "../../../run/records/run_info.ts";
import { headline } from "../results/headline.ts";
import { type Html, html } from "../../kit/html.ts";
import { count, duration, list, plural, short } from "../../kit/numbers.ts";
import type { RunView } from "../../kit/section.ts";

/**
 * The top of a run: what was run on what, and what came of it.
 *
 * @param view The run.
 * @returns The headline, its support and the facts.
 */
export function topOfRun(view: RunView): Html {
  const { run } = view;
  const { sentence, support } = headline(run);
  return html`
    <p class="result">${sentence}</p>
    <p class="support">${support.join(" ")}</p>
    ${factList(facts(run))}
  `;
}

/**
 * Facts beside each other.
 *
 * @param facts Name, value and what is to be said beside it in small.
 * @returns A list.
 */
export function factList(facts: readonly [string, string, string?][]): Html {
  return html`<dl class="facts">${
    facts.map(([name, value, note]) =>
      html`
        <div>
          <dt>${name}</dt>
          <dd>${value}${note && html`<small>${note}</small>`}</dd>
        </div>
      `
    )
  }</dl>`;
}

/**
 * A date and time as the run recorded it, in UTC.
 *
 * @param iso ISO 8601.
 * @returns For example "23 November 2026, 21:13 UTC"; the text itself if it is not a date.
 */
export function when(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}, ${
    two(date.getUTCHours())
  }:${two(date.getUTCMinutes())} UTC`;
}

/**
 * The adapters a run used, most recent last.
 *
 * @param run run.json.
 * @returns Their names.
 */
export function adapters(run: RunInfo): string[] {
  return [...new Set(run.sittings.map(({ adapter }) => adapterName(adapter)))];
}

/**
 * An adapter's name.
 *
 * @param adapter As it describes itself.
 * @returns Its own words where it has any.
 */
export function adapterName(adapter: AdapterFacts): string {
  const { description, device, vendor, architecture, isFallbackAdapter } = adapter;
  const name = description || device || [vendor, architecture].filter(Boolean).join(" ") || "unnamed";
  return isFallbackAdapter ? `${name} (software)` : name;
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

function facts({ run, results }: LoadedRun): [string, string, string?][] {
  const { dataset, model, resolved } = run;
  const images = dataset.images.train + dataset.images.val + dataset.images.test;
  const first = run.sittings[0];
  return [
    [
      "Data",
      dataset.kind === "scenes" ? "scenes, built in" : baseName(dataset.path),
      `${short(images)} images`,
    ],
    ["Tasks", count(results.tasks.length), list(results.tasks)],
    [
      "Model",
      `${short(model.parameters)} parameters`,
      `preset ${resolved.preset}, ${short(model.trainable)} tuned`,
    ],
    [
      "Seeds",
      results.seeds.join(", "),
      results.seeds.length === 1 ? "one: no spread known" : "means and spread shown",
    ],
    [
      "Adapter",
      adapters(run).join("; "),
      `${run.system.os} ${run.system.arch}, ${plural(run.system.cores, "core")}`,
    ],
    [
      "Computed in",
      duration(results.totals.all.seconds),
      `${short(results.totals.all.tokens)} training tokens${first ? `, ${when(first.start)}` : ""}${
        run.sittings.length > 1 ? `, ${run.sittings.length} sittings` : ""
      }`,
    ],
  ];
}

/**
 * The last part of a path.
 *
 * @param path A path of any system.
 * @returns Its last name.
 */
export function baseName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).pop() ?? path;
}
