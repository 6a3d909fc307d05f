/**
 * Task weights from tables of scores, as one HTML file that needs nothing else.
 *
 * @module
 */

import { Charts } from "./kit/figure.ts";
import { type Html, html } from "./kit/html.ts";
import { fixed, list, plural } from "./kit/numbers.ts";
import { renderPage, shell } from "./kit/page.ts";
import { section } from "./kit/section.ts";
import { table } from "./kit/table.ts";
import { contributionFigure } from "./sections/balance/contribution.ts";
import { balanceTerms, entry } from "./sections/balance/glossary.ts";
import { weightsFigure } from "./sections/balance/weights.ts";
import { factList } from "./sections/run/top.ts";
import { difficulties } from "./sections/weights/difficulty.ts";
import { balancedTasks, balancedView, type GivenWeights } from "./sections/weights/given.ts";
import { seedsSection } from "./sections/weights/seeds.ts";

export type { GivenWeights } from "./sections/weights/given.ts";

const HERE = { prefix: "", level: 2 } as const;

/** The sections, in order: the id, the name in the table of contents, the function. */
const SECTIONS: [string, string, (given: GivenWeights, charts: Charts) => Html | null][] = [
  ["notes", "Read with care", notes],
  ["weights", "Task weights", weights],
  ["seeds", "Seed by seed", seedsSection],
  ["contribution", "Contributions", contribution],
  ["difficulty", "Difficulty", difficulties],
  ["use", "How to use them", use],
  ["glossary", "Terms and formulas", glossary],
];

/**
 * Renders weights as one self-contained HTML file, like a run's report. The same weights give the same bytes.
 *
 * @param given The weights and what they were made from.
 * @returns The file's text (UTF-8, about 1.5 MB, nearly all of it the library that draws the charts).
 *
 * @example From scores to a page
 * ```ts
 * import { weightsFromScores } from "../balance/cotbal/weights_from_scores.ts";
 * import { renderWeightsPage } from "./weights_page.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const table = { tasks: ["vqa", "chart"], mini: [40, 20], plus: [[50, 26], [42, 50]] };
 * const report = weightsFromScores(table);
 * const page = await renderWeightsPage({
 *   report,
 *   table,
 *   seeds: [],
 *   sources: ["scores.json"],
 *   fixed: [],
 *   version: "0",
 * });
 * assertStringIncludes(page, "chart weighs most (λ = 1.19), vqa least (0.81).");
 * ```
 */
export async function renderWeightsPage(given: GivenWeights): Promise<string> {
  const charts = new Charts();
  const made = SECTIONS.flatMap(([id, name, make]) => {
    const content = make(given, charts);
    return content === null ? [] : [{ name: html`<li><a href="#${id}">${name}</a></li>`, content }];
  });
  const sentence = headline(given);
  const body = shell(
    html`<h1>Weights of ${plural(given.report.tasks.length, "task")}</h1>
<p class="result">${sentence}</p>
${factList(facts(given))}`,
    html`<ol>${made.map(({ name }) => name)}</ol>`,
    made.map(({ content }) => content),
    { brand: "task weights", by: "deno task weights --html" },
  );
  const title = `cotbal weights: ${list(given.report.tasks)}`;
  return await renderPage({ title, description: sentence, version: given.version, body, charts });
}

function headline(given: GivenWeights): string {
  const order = balancedTasks(given).map(({ task, at }) => ({ task, weight: given.report.lambda[at]! }))
    .sort((a, b) => b.weight - a.weight);
  const [most, least] = [order[0], order[order.length - 1]];
  if (most === undefined || least === undefined || order.length < 2) return "There is nothing to weigh.";
  return `${most.task} should weigh ${fixed(most.weight, 2)}, ${least.task} ${
    fixed(least.weight, 2)
  } an answer token, where equal weights are 1.`;
}

function facts(given: GivenWeights): [string, string, string?][] {
  const { report, seeds, sources, fixed: outside, floor } = given;
  const { out, in: inward, difficulty } = report.alpha;
  const lower = report.lowerIsBetter ?? [];
  return [
    ["Temperature T", String(report.temperature)],
    ["α out, in, D", [out, inward, difficulty].map((x) => fixed(x, 2)).join(", ")],
    ["Tables of scores", String(Math.max(1, seeds.length)), list(sources)],
    [
      "Direction of the scores",
      lower.length === 0 ? "higher is better" : `lower is better: ${list(lower)}`,
      lower.length > 0 && lower.length < report.tasks.length ? "of all others, higher is better" : "",
    ],
    ...(floor === undefined ? [] : [["Floors", "as given", "not in the paper"] as [string, string, string]]),
    ...(outside.length === 0 ? [] : [["Outside the balancing", list(outside)] as [string, string]]),
  ];
}

function notes({ report }: GivenWeights): Html | null {
  const { warnings } = report;
  if (warnings.length === 0) return null;
  const items = warnings.map((w) => html`<li>${w}</li>`);
  return section(HERE, "notes", "Read with care", html`<ul class="warnings">${items}</ul>`);
}

function weights(given: GivenWeights, charts: Charts): Html {
  const { report, seeds, fixed: outside } = given;
  const { alpha, temperature } = report;
  const view = balancedView(given, charts);
  const of = (share: number) => fixed(share, 2);
  return section(
    HERE,
    "weights",
    "Task weights",
    html`<p>λ = ${of(alpha.out)} · λ<sub>out</sub> + ${of(alpha.in)} · λ<sub>in</sub> + ${
      of(alpha.difficulty)
    } · λ<sub>D</sub>, each ${view.run.results.tasks.length} · softmax of its measure at T = ${temperature}.</p>
${
      weightsFigure(
        view,
        seeds.length > 1
          ? "How far the seeds agree is shown below."
          : "Whether another seed would give the same weights is not known from one.",
      )
    }
${
      outside.length > 0 &&
      html`<p>Outside the balancing: ${
        list(outside.map((task) => `${task} (λ = ${report.lambda[report.tasks.indexOf(task)]})`))
      }.</p>`
    }`,
  );
}

function contribution(given: GivenWeights, charts: Charts): Html {
  const view = balancedView(given, charts);
  const [{ weights } = { weights: given.report }] = view.run.balances;
  const measured = weights.contribution.some((row) => row.some((c) => c !== null));
  const vectors = "contributionOut" in given.table;
  return section(
    HERE,
    "contribution",
    "What the tasks give each other",
    vectors || !measured
      ? html`<p>${
        vectors
          ? "The table holds mean contributions, made elsewhere: C out, what a task does for the others, and C in, what they do for it."
          : "No contribution is defined."
      }</p>
${
        table(
          "Mean contributions a task",
          ["task", "C out", "C in"],
          weights.tasks.map((task, i) => [
            task,
            fixed(weights.contributionOut[i], 4),
            fixed(weights.contributionIn[i], 4),
          ]),
        )
      }`
      : html`<p>C[i→j] is what much data of task <i>i</i> does for task <i>j</i>, measured in what <i>j</i>’s own data does for it: 1 means as good as its own, below 0 means harm.${
        (given.report.lowerIsBetter ?? []).length > 0 &&
        " Where lower is better a gain is a fall of the score; the ratio is the same."
      }</p>
${contributionFigure(view)}`,
  );
}

function use({ report }: GivenWeights): Html {
  const lambda = Object.fromEntries(
    report.tasks.map((task, i) => [task, Number(report.lambda[i]!.toFixed(4))]),
  );
  return section(
    HERE,
    "use",
    "How to use them",
    html`<p>Multiply the loss of every answer token by the weight of its task, and divide by the sum of these weights over the whole optimiser step (all micro-batches and devices), not by the number of tokens.</p>
<pre tabindex="0" role="region" aria-label="Weights as JSON"><code>${
      JSON.stringify(lambda, null, 2)
    }</code></pre>
<p><code>docs/use-elsewhere.md</code> shows it for a Hugging Face trainer. <code>deno task weights --json</code> gives all digits.</p>`,
  );
}

function glossary({ report }: GivenWeights): Html {
  return section(
    HERE,
    "glossary",
    "Terms and formulas",
    html`
      <dl class="glossary">
      ${entry(
        "V",
        html`V<sub>j</sub>(X): validation score on task j of a model tuned on the data X; higher is better unless said otherwise.`,
      )}${balanceTerms()}${(report.lowerIsBetter ?? []).length > 0 &&
        entry(
          "Lower is better",
          html`Of a loss or an error rate e the contribution is the same ratio, of falls instead of rises. The difficulty is that of 1/e, which is better higher and zero where nothing is learnt: D = 1 − e(own + mini) / e(mini). With a floor f it is that of f − e: D = 1 − (f − e(mini)) / (f − e(own + mini)).`,
        )}
      </dl>
      <p
        class="source">The method is described in “CoTBal: Comprehensive Task Balancing for Multi-Task Visual Instruction Tuning”, <span class="nowrap">arXiv 2403.04343</span>. Colours: Okabe and Ito; cividis.</p>
    `,
  );
}
