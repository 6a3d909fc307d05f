/**
 * The report: one HTML file that needs nothing else, not even a network.
 *
 * @module
 */

import { methodsWithProbes } from "../balance/methods/registry.ts";
import { InputError } from "../errors.ts";
import type { PageModels } from "../page/packed.ts";
import type { LoadedRun } from "../run/records/loaded_run.ts";
import { askSection } from "./sections/results/ask.ts";
import { compareSection, runNames } from "./sections/results/compare.ts";
import { configurationSection } from "./sections/run/configuration.ts";
import { contributionSection } from "./sections/balance/contribution.ts";
import { costsSection } from "./sections/run/costs.ts";
import { differencesSection } from "./sections/results/differences.ts";
import { difficultySection } from "./sections/balance/difficulty.ts";
import { Charts } from "./kit/figure.ts";
import { furtherWeightsSection } from "./sections/balance/further_weights.ts";
import { evaluationsSection } from "./sections/results/evaluations.ts";
import { gainsSection } from "./sections/results/gains.ts";
import { glossarySection } from "./sections/balance/glossary.ts";
import { headline } from "./sections/results/headline.ts";
import { topOfRun } from "./sections/run/top.ts";
import { type Html, html } from "./kit/html.ts";
import { lossSection } from "./sections/results/loss.ts";
import { mixingSection } from "./sections/results/mixing.ts";
import { notesSection } from "./sections/run/notes.ts";
import { plural } from "./kit/numbers.ts";
import { renderPage, shell } from "./kit/page.ts";
import { profileSection } from "./sections/run/profile.ts";
import { samplesSection } from "./sections/results/samples.ts";
import { scoresSection } from "./sections/results/scores.ts";
import { type RunView, viewOf } from "./kit/section.ts";
import { regretSection } from "./sections/balance/regret.ts";
import { sensitivitySection } from "./sections/balance/sensitivity.ts";
import { weightsSection } from "./sections/balance/weights.ts";
import { zeroShotSection } from "./sections/results/zero_shot.ts";

/** The sections of a run, in order: the id, the name in the table of contents, the function. */
const SECTIONS: [string, string, (view: RunView) => Html | null][] = [
  ["notes", "Read with care", notesSection],
  ["scores", "Scores", scoresSection],
  ["ask", "Ask the models", askSection],
  ["differences", "How sure the differences are", differencesSection],
  ["mixing", "Mixing", mixingSection],
  ["gains", "Gains and losses", gainsSection],
  ["zero-shot", "Tasks never tuned on", zeroShotSection],
  ["weights", "Task weights", weightsSection],
  ["further-weights", "Weights of all methods", furtherWeightsSection],
  ["contribution", "Contributions", contributionSection],
  ["difficulty", "Difficulty", difficultySection],
  ["regret", "Who is left behind", regretSection],
  ["sensitivity", "What weights can move", sensitivitySection],
  ["evaluations", "Validation while tuning", evaluationsSection],
  ["loss", "Losses", lossSection],
  ["samples", "Samples", samplesSection],
  ["costs", "Costs", costsSection],
  ["profile", "Where the time goes", profileSection],
  ["configuration", "Configuration", configurationSection],
  ["glossary", "Terms and formulas", glossarySection],
];

/**
 * Renders runs as one self-contained HTML file. It opens from a disk as well as from a server: scripts, styles and
 * images are inside, and its content security policy forbids every request. The same runs give the same bytes.
 *
 * @param runs One run, shown in full, or several: a comparison, then each in full.
 * @param models Tuned models of a run that is shown alone: a reader can ask them on the page.
 * @param image The file of the run's summary image, seen from the page: it is named for those that show links.
 * @returns The file's text (UTF-8, about 1.6 MB and the images; models, as many as it carries, are at most 2.3 MB more).
 * @throws {InputError} If there is no run.
 *
 * @example A report of a run
 * ```ts
 * import { renderReport } from "./mod.ts";
 * import type { LoadedRun } from "../run/records/loaded_run.ts";
 *
 * async function save(run: LoadedRun): Promise<void> {
 *   await Deno.writeTextFile("report.html", await renderReport([run]));
 * }
 * ```
 */
export async function renderReport(
  runs: readonly LoadedRun[],
  models?: PageModels,
  image?: string,
): Promise<string> {
  const [first] = runs;
  if (first === undefined) throw new InputError("report: expected one run folder or more, found none");
  const charts = new Charts();
  const single = runs.length === 1;
  const title = single ? headline(first).sentence : `${plural(runs.length, "run")} side by side`;
  const shown = single ? models : undefined;
  const body = single ? oneRun(first, charts, shown) : severalRuns(runs, charts);
  return await renderPage({
    title: `cotbal report: ${single ? first.run.dataset.kind === "scenes" ? "scenes" : "own data" : title}`,
    description: title,
    version: first.run.versions["cotbal"] ?? "",
    body,
    charts,
    models: shown,
    image,
  });
}

function oneRun(run: LoadedRun, charts: Charts, models: PageModels | undefined): Html {
  const view = viewOf(run, { charts, models });
  const { names, content } = sections(view);
  return shell(
    html`<h1>${heading(run)}</h1>
${topOfRun(view)}`,
    html`<ol>${names}</ol>`,
    content,
  );
}

function severalRuns(runs: readonly LoadedRun[], charts: Charts): Html {
  const comparison = compareSection(runs, charts);
  const titles = runNames(runs);
  const parts = runs.map((run, i) => {
    const view = viewOf(run, { charts, prefix: `run-${i + 1}-`, level: 3 });
    const { names, content } = sections(view);
    const id = `run-${i + 1}`;
    return {
      names: html`<li><a href="#${id}">${titles[i]}</a><ol>${names}</ol></li>`,
      content: html`
        <article class="run" id="${id}" aria-labelledby="${id}-title">
        <h2 id="${id}-title">${titles[i]}</h2>
        ${topOfRun(view)}
        ${content}</article>
      `,
    };
  });
  return shell(
    html`<h1>${plural(runs.length, "run")} of task balancing, side by side</h1>`,
    html`<ol><li><a href="#comparison">Side by side</a></li>${parts.map((p) => p.names)}</ol>`,
    html`${comparison}${parts.map((p) => p.content)}`,
  );
}

function sections(view: RunView): { names: Html[]; content: Html[] } {
  const names: Html[] = [];
  const content: Html[] = [];
  for (const [id, name, make] of SECTIONS) {
    const made = make(view);
    if (made === null) continue;
    names.push(html`<li><a href="#${view.prefix}${id}">${name}</a></li>`);
    content.push(made);
  }
  return { names, content };
}

function heading(run: LoadedRun): string {
  const n = run.results.tasks.length;
  return `${methodsWithProbes(Object.keys(run.results.methods)).length > 0 ? "Balancing" : "Tuning"} ${
    plural(n, "visual-instruction task")
  }`;
}
