/**
 * The section on regret: what each task reaches alone, and beside the others with equal weights.
 *
 * @module
 */

import { ew } from "../../../balance/methods/ew.ts";
import type { RegretReport } from "../../../balance/methods/regret.ts";
import { stl } from "../../../balance/methods/stl.ts";
import { axisTitle, figure, layout, plain, type View } from "../../kit/figure.ts";
import { type Html, html } from "../../kit/html.ts";
import { legend } from "../../kit/looks.ts";
import { fixed, list } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";
import { table } from "../../kit/table.ts";

/** How the models are drawn: as the methods that they are. */
const TOGETHER = { name: "all tasks, equal weights", color: `@${ew.look.color}`, mark: ew.look.mark };
const AGAIN = { ...TOGETHER, name: "the same, in another order", mark: "circle-open" as const };
const ALONE = { name: "the task alone", color: `@${stl.look.color}`, mark: stl.look.mark };

/**
 * The section "Who is left behind".
 *
 * @param view The run.
 * @returns The section; null where regret was not measured.
 */
export function regretSection(view: RunView): Html | null {
  const { regret: found } = view.run;
  if (found === undefined) return null;
  return section(
    view,
    "regret",
    "Who is left behind",
    html`<p>Validation scores of a model of each task alone, and of ${
      found.again ? "two models" : "a model"
    } on all tasks with equal weights${
      found.again &&
      ", which read the samples in two orders: a training may have bad luck, so that seed by seed the better one counts"
    }. What a task alone is better by${
      found.again && " than both"
    }, less two standard errors, is its regret; the method Regret gives weight by it. ${
      !found.again && "The luck of a training is not in the errors: several seeds show it. "
    }Scores say which tasks have to be helped, not that weights can help them.${
      view.run.results.seeds.length > 1 &&
      " Means over the seeds; each seed was tuned with weights from its own scores (regret.json in its folder)."
    }</p>
${
      figure(view.prefix + "regret-figure", {
        legend: legend([TOGETHER, ...(found.again ? [AGAIN] : []), ALONE]),
        body: view.charts.add(
          view.prefix + "regret-chart",
          "Chart of the validation score of each task, alone and together with the others",
          found.tasks.length * 34 + 80,
          [chart(found)],
        ),
        caption: html`<b>${regretSentence(found)}</b>`,
        numbers: numbers(found),
      })
    }`,
  );
}

/**
 * Which tasks have regret, in a sentence.
 *
 * @param found What regret.json holds.
 * @returns "Equal weights leave ocr 22.0 points behind a model of its own, more than the choice of questions may do."
 */
export function regretSentence({ tasks, regret, margin }: RegretReport): string {
  const behind = tasks.flatMap((task, j) =>
    regret[j]! > 0 ? [`${task} ${fixed(regret[j]! + margin[j]!)}`] : []
  );
  return behind.length === 0
    ? "No task is left behind by more than the choice of questions may do: equal weights serve every task as well as a model of its own."
    : `Equal weights leave ${
      list(behind)
    } points behind a model of its own, more than the choice of questions may do.`;
}

function chart({ tasks, alone, together, again }: RegretReport): View {
  const rows = tasks.map((_, j) => j);
  const marks = (scores: readonly number[], { name, color, mark }: typeof ALONE) => ({
    type: "scatter",
    mode: "markers",
    x: scores,
    y: rows,
    marker: { symbol: mark, color, size: 11 },
    hoverinfo: "text",
    hovertext: rows.map((j) => plain(`${tasks[j]}, ${name}: ${fixed(scores[j])}`)),
  });
  return {
    data: [marks(together, TOGETHER), ...(again ? [marks(again, AGAIN)] : []), marks(alone, ALONE)],
    layout: layout({
      xaxis: { ...axisTitle("validation score"), rangemode: "tozero" },
      yaxis: {
        range: [rows.length - 0.5, -0.5],
        tickvals: rows,
        ticktext: tasks.map(plain),
        showgrid: false,
      },
    }),
  };
}

function numbers({ tasks, alone, together, again, margin, regret, lambda }: RegretReport): Html {
  return table(
    "Validation scores, in points; margin: two standard errors of their difference, as large as they can be",
    ["task", "alone", "together", ...(again ? ["together, again"] : []), "margin", "regret", "λ"],
    tasks.map((task, j) => [
      task,
      ...[alone, together, ...(again ? [again] : []), margin, regret].map((of) => fixed(of[j])),
      fixed(lambda[j], 3),
    ]),
  );
}
