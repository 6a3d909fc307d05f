/**
 * What the sections of a report share: the run they show, and how a section is marked up.
 *
 * @module
 */

import type { WeightIntervals } from "../../balance/cotbal/noise/intervals.ts";
import type { WeightsReport } from "../../balance/cotbal/weights_from_scores.ts";
import type { PageModels } from "../../page/packed.ts";
import type { LoadedRun } from "../../run/records/loaded_run.ts";
import { Charts } from "./figure.ts";
import { type Html, html, type HtmlValue } from "./html.ts";
import { type Look, looks } from "./looks.ts";

/** A run on a page. */
export interface RunView {
  run: LoadedRun;
  /** The page's charts; sections add theirs. */
  charts: Charts;
  /** Looks of the run's methods. */
  looks: ReadonlyMap<string, Look>;
  /** Set before every id, so that several runs can share a page. */
  prefix: string;
  /** Models that can be asked on the page, if there are any. */
  models?: PageModels | undefined;
  /** Level of the section headings: 2, or 3 where every run has a heading of its own. */
  level: 2 | 3;
}

/** What figures on balancing read: of a run, or of weights that were made without one. */
export interface BalanceView {
  run: {
    /** One a seed. */
    balances: readonly { weights: WeightsReport }[];
    /** How sure their numbers are, where it is known. */
    intervals?: WeightIntervals;
    results: { tasks: readonly string[] };
  };
  charts: Charts;
  prefix: string;
}

/**
 * A run, ready to be shown.
 *
 * @param run The run.
 * @param options The page's charts and models, the prefix of ids and the level of headings.
 * @returns The view.
 */
export function viewOf(
  run: LoadedRun,
  options: Partial<Pick<RunView, "charts" | "prefix" | "level" | "models">> = {},
): RunView {
  return {
    run,
    charts: options.charts ?? new Charts(),
    looks: looks(Object.keys(run.results.methods)),
    prefix: options.prefix ?? "",
    level: options.level ?? 2,
    models: options.models,
  };
}

/**
 * A section of a run.
 *
 * @param view The run, or what it says of ids and headings.
 * @param id The section's id, without the prefix.
 * @param title Its heading.
 * @param body Its content.
 * @returns The section.
 */
export function section(
  view: Pick<RunView, "prefix" | "level">,
  id: string,
  title: string,
  body: HtmlValue,
): Html {
  const full = view.prefix + id;
  const heading = view.level === 2
    ? html`<h2 id="${full}-title">${title}</h2>`
    : html`<h3 id="${full}-title">${title}</h3>`;
  return html`
    <section id="${full}" aria-labelledby="${full}-title">
    ${heading}
    ${body}
    </section>
  `;
}
