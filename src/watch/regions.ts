/**
 * What a page shows of a run, region by region: each is drawn anew when it has changed.
 *
 * @module
 */

import { type Html, html } from "../report/kit/html.ts";
import { lossPanel } from "../report/kit/loss_panel.ts";
import { count, duration, fixed, list, plural } from "../report/kit/numbers.ts";
import { table } from "../report/kit/table.ts";
import { factList, when } from "../report/sections/run/top.ts";
import type { RunView } from "./run_view.ts";
import { clock, finished, stateSentence } from "./sentences.ts";

/** What is sent to a page. */
export interface Snapshot {
  /** The window's title. */
  title: string;
  /** Whether the run is finished. */
  finished: boolean;
  /** Id of a region -> its HTML. */
  regions: Record<RegionId, string>;
}

/** The regions of a page. */
export type RegionId = "name" | "state" | "progress" | "facts" | "losses" | "parts" | "log";

/**
 * Draws the regions.
 *
 * @param view The run.
 * @returns Their HTML, and the title.
 */
export function snapshotOf(view: RunView): Snapshot {
  const regions: Record<RegionId, Html> = {
    name: html`${view.folder}`,
    state: html`${stateSentence(view)}`,
    progress: progress(view),
    facts: facts(view),
    losses: losses(view),
    parts: parts(view),
    log: log(view),
  };
  const share = view.parts.length === 0 ? "" : `${finished(view)}/${view.parts.length} `;
  return {
    title: `${share}${view.state} · ${view.folder}`,
    finished: view.state === "finished",
    regions: Object.fromEntries(
      Object.entries(regions).map(([id, { text }]) => [id, text]),
    ) as Record<RegionId, string>,
  };
}

function progress(view: RunView): Html {
  const { doing, parts } = view;
  const all = parts.length > 0 && html`
    <p><label>Parts finished: ${finished(view)} of ${parts.length} <progress max="${parts
      .length}" value="${finished(view)}"></progress></label></p>
  `;
  const what = doing && html`
    <p><label>${doing.part === null ? doing.what : `${name(doing.part)}, ${doing.what}`}: ${count(
      doing.done,
    )} of ${count(doing.of)} <progress max="${Math.max(1, doing.of)}" value="${doing
      .done}"></progress></label></p>
  `;
  return html`${all}${what}`;
}

function facts(view: RunView): Html {
  if (view.tasks.length === 0) return html``;
  const left = view.secondsLeft === null
    ? view.state === "finished" ? "none" : "not known"
    : `about ${duration(view.secondsLeft)}`;
  return factList([
    ["Time left", left, view.secondsLeft === null ? "" : "as the run said last"],
    ["Tasks", count(view.tasks.length), list(view.tasks)],
    ["Methods", list(view.methods)],
    ["Seeds", view.seeds.join(", ")],
    ["Began", view.began === null ? "–" : when(view.began), plural(view.sittings, "sitting")],
  ]);
}

function losses(view: RunView): Html {
  if (view.losses === null) return html`<p>No training has begun yet.</p>`;
  const { part, step, points } = view.losses;
  const charts = view.tasks.map((task, t) => lossPanel(task, [{ points }], t));
  const rows = view.tasks.map((task, t) => {
    const known = points.filter(({ loss }) => loss[t] !== null && loss[t] !== undefined);
    const lowest = known.length === 0 ? null : Math.min(...known.map(({ loss }) => loss[t]!));
    return [task, fixed(known[0]?.loss[t], 3), fixed(lowest, 3), fixed(known.at(-1)?.loss[t], 3)];
  });
  return html`
    <figure aria-labelledby="losses-caption">
      <div class="panels">${charts}</div>
      <figcaption
        id="losses-caption"><b>${name(part)} is at step ${count(
          step,
        )}.</b> Unweighted loss of each task’s answer tokens, in nats a token, over the steps of this training; each vertical axis begins at 0.</figcaption>
      <details><summary>The numbers</summary>${table(`${name(part)}: losses in nats a token`, [
        "task",
        "first",
        "lowest",
        "last",
      ], rows)}</details>
    </figure>
  `;
}

function parts(view: RunView): Html {
  if (view.parts.length === 0) return html`<p>The plan is not known yet.</p>`;
  const rows = view.parts.map(({ id, state, scores, seconds }) => [
    name(id),
    state === "damaged" ? "damaged: carried out again with --resume" : state,
    ...scores.map((score) => fixed(score)),
    seconds === null ? "–" : duration(seconds),
  ]);
  return table(
    "The plan: its parts in order, and their scores in points, 0 to 100, higher is better",
    ["part", "state", ...view.tasks, "took"],
    rows,
    { text: [1] },
  );
}

function log(view: RunView): Html {
  if (view.log.length === 0) return html`<p>The run has said nothing yet.</p>`;
  return html`<ol class="log" reversed>${
    view.log.toReversed().map(({ at, text }) =>
      html`
        <li><time datetime="${new Date(at).toISOString()}">${clock(at)}</time> <span>${name(text)}</span></li>
      `
    )
  }</ol>`;
}

/** A part's name, in which characters of a task's name may be encoded. */
function name(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}
