/**
 * The section on validation while tuning: what every method's model scored on the way, and which step was taken.
 *
 * @module
 */

import { type BestBy, type BestEvaluation, bestEvaluation } from "../../../run/best_evaluation.ts";
import type { LoadedRun, LossCurve } from "../../../run/records/loaded_run.ts";
import { axisTitle, figure, type Json, layout, plain, type View } from "../../kit/figure.ts";
import { attribute, type Html, html } from "../../kit/html.ts";
import { legend, lookOf } from "../../kit/looks.ts";
import { duration, fixed, known, list, MISSING, plural, short } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";
import { mean } from "../../kit/statistics.ts";
import { table } from "../../kit/table.ts";

/** A final tuning that was looked at on the way. */
interface Looked extends LossCurve {
  /** Id of the method. */
  method: string;
  /** The step that was taken. */
  best: BestEvaluation;
  /** Steps that were trained. */
  trained: number;
}

/** What is shown: scores, or losses. */
const KINDS: readonly { by: BestBy; name: string; unit: string; digits: number }[] = [
  { by: "score", name: "scores of generated answers", unit: "points", digits: 1 },
  { by: "loss", name: "losses of the true answers", unit: "nats a token", digits: 3 },
];

/** Every final tuning with its best step, method after method. */
function lookedAt({ run, results, curves }: LoadedRun): Looked[] {
  const { evaluation } = run.resolved;
  if (evaluation === undefined) return [];
  return Object.keys(results.methods).flatMap((method) =>
    curves.flatMap((curve): Looked[] => {
      if (curve.part !== `methods/${method}` && !curve.part.startsWith(`methods/${method}/`)) return [];
      const best = bestEvaluation(curve.lines, evaluation.by);
      return best === undefined ? [] : [{ ...curve, method, best, trained: curve.lines.length }];
    })
  );
}

/**
 * Which step of every method was taken, and that validation chose it.
 *
 * @param run The run.
 * @param nameOf How a method is called, by its id.
 * @returns A sentence a method; none where nothing was looked at.
 */
export function chosenSteps(run: LoadedRun, nameOf: (method: string) => string): string[] {
  const looked = lookedAt(run);
  const by = run.run.resolved.evaluation?.by === "loss" ? "mean loss" : "mean score";
  return [...Map.groupBy(looked, ({ method }) => method)].map(([method, parts]) => {
    const several = run.results.seeds.length > 1;
    const steps = parts.map(({ part, seed, best, trained }) => {
      const task = taskOf(part);
      const whose = [...(task === undefined ? [] : [task]), ...(several ? [`seed ${seed}`] : [])].join(", ");
      return `step ${best.step} of ${trained}${whose && ` (${whose})`}`;
    });
    return `${nameOf(method)}: validation chose ${list(steps)}, by its ${by} on validation questions.`;
  });
}

/** The task of a part of a method that has a model a task. */
function taskOf(part: string): string | undefined {
  const folder = part.split("/")[2];
  return folder === undefined ? undefined : decodeURIComponent(folder);
}

/**
 * The section "Validation while tuning"; nothing where no tuning was looked at.
 *
 * @param view The run.
 * @returns The section or null.
 */
export function evaluationsSection(view: RunView): Html | null {
  const { results, run } = view.run;
  const looked = lookedAt(view.run);
  const { evaluation } = run.resolved;
  if (looked.length === 0 || evaluation === undefined) return null;
  const chooser = view.prefix + "evaluations";
  // What the choice was made by comes first.
  const kinds = [...KINDS].sort((a, b) => Number(b.by === evaluation.by) - Number(a.by === evaluation.by));
  const methods = [...new Set(looked.map(({ method }) => method))];
  const looks = methods.map((id) => lookOf(view.looks, id));
  const sum = (of: (line: { seconds: number; questions: number }) => number) =>
    looked.flatMap(({ lines }) => lines).reduce(
      (total, l) => total + (l.evaluation ? of(l.evaluation) : 0),
      0,
    );
  const often = typeof evaluation.every === "number"
    ? `${evaluation.every} steps`
    : `${evaluation.every} of its steps`;
  return section(
    view,
    "evaluations",
    "Validation while tuning",
    html`<p>After every ${often} each final tuning answered up to ${evaluation.questions} validation questions a task, always the same. The model of its best step was kept and scored${
      evaluation.patience !== undefined &&
      `; a tuning ended where ${plural(evaluation.patience, "look")} in a row brought no better one`
    }.</p>
${
      figure(view.prefix + "evaluations-figure", {
        controls: html`<p class="controls"><label for="${chooser}-select">Show</label>
<select id="${chooser}-select" data-chooser="${chooser}">${
          kinds.map(({ name }, i) => html`<option value="${i}">${name}</option>`)
        }</select></p>`,
        legend: kinds.map((_, i) =>
          html`
            <div data-legend="${chooser}" data-view="${i}" ${attribute("hidden", i > 0)}>${legend([
              ...looks.map(({ name, color, dash }) => ({ name, color, dash })),
              { name: "the step that was taken", color: "@muted", mark: "circle-open" },
            ])}</div>
          `
        ),
        body: html`<div class="panels">${
          results.tasks.map((task, t) =>
            html`
              <div><p class="panel-title" id="${chooser}-${t}-title">${task}</p>${view.charts.add(
                `${chooser}-${t}`,
                `Validation curves of ${task}`,
                170,
                kinds.map(({ by, digits }) => chart(view, looked, t, by, digits)),
                chooser,
              )}</div>
            `
          )
        }</div>`,
        caption: html`<b>${chosenSteps(view.run, (id) => lookOf(view.looks, id).name).join(" ")}</b> ${
          plural(sum(() => 1), "look")
        } at ${short(sum(({ questions }) => questions))} answers in all took ${
          duration(sum(({ seconds }) => seconds))
        } of the training. The scores of a step that was chosen for its validation scores are a little too high on these questions; the test’s are not.`,
        numbers: html`${chosenTable(view, looked, evaluation.by)}${
          kinds.map((kind) => numbers(view, looked, kind))
        }`,
      })
    }`,
  );
}

/** A task's curve of every method: the mean over seeds, and each seed's chosen step. */
function chart(view: RunView, looked: readonly Looked[], task: number, by: BestBy, digits: number): View {
  const data = [...Map.groupBy(looked, ({ method }) => method)].flatMap(([method, parts]) => {
    const look = lookOf(view.looks, method);
    const points = parts.flatMap(({ lines }) =>
      lines.flatMap(({ step, evaluation }) => {
        const value = evaluation?.[by][task];
        return known(value) ? [{ step, value }] : [];
      })
    );
    if (points.length === 0) return [];
    const bySteps = [...Map.groupBy(points, ({ step }) => step)].sort(([a], [b]) => a - b);
    const values = bySteps.map(([, at]) => at.map(({ value }) => value));
    const x = bySteps.map(([step]) => step);
    const high = values.map((at) => Math.max(...at)), low = values.map((at) => Math.min(...at));
    const band: Record<string, Json> = {
      type: "scatter",
      mode: "lines",
      x: [...x, ...x.toReversed()],
      y: [...high, ...low.toReversed()],
      fill: "toself",
      fillcolor: look.color,
      opacity: 0.18,
      line: { width: 0 },
      hoverinfo: "skip",
    };
    const taken = parts.flatMap(({ lines, best }) => {
      const value = lines.find(({ step }) => step === best.step)?.evaluation?.[by][task];
      return known(value) ? [{ step: best.step, value }] : [];
    });
    return [
      ...(high.some((value, i) => value !== low[i]) ? [band] : []),
      {
        type: "scatter",
        mode: "lines",
        x,
        y: values.map((at) => rounded(mean(at)!)),
        line: { color: look.color, width: 2, dash: look.dash },
        name: plain(look.name),
        hoverinfo: "x+y+name",
      },
      {
        type: "scatter",
        mode: "markers",
        x: taken.map(({ step }) => step),
        y: taken.map(({ value }) => rounded(value)),
        marker: { symbol: "circle-open", color: look.color, size: 11, line: { width: 2, color: look.color } },
        hoverinfo: "text",
        hovertext: taken.map(({ step, value }) =>
          plain(`${look.name}, step ${step}: ${fixed(value, digits)}`)
        ),
      },
    ];
  });
  return {
    data,
    layout: layout({
      margin: { l: 4, r: 8, t: 4, b: 24, pad: 2 },
      xaxis: {
        ...axisTitle("step"),
        rangemode: "tozero",
        nticks: 4,
        showgrid: false,
        tickfont: { color: "@text", size: 11 },
      },
      yaxis: {
        rangemode: "tozero",
        nticks: 5,
        hoverformat: `.${digits}f`,
        tickfont: { color: "@text", size: 11 },
      },
    }),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** Which step each tuning ended with. */
function chosenTable(view: RunView, looked: readonly Looked[], by: BestBy): Html {
  const { name, unit, digits } = KINDS.find((kind) => kind.by === by)!;
  return table(
    `The steps that were taken, by the mean over tasks of the ${name} (${unit})`,
    ["method", "seed", "looks", "steps trained", "step taken", "its mean", "the last one’s"],
    looked.map(({ method, part, seed, best, trained, lines }) => {
      const task = taskOf(part);
      const last = lines.findLast(({ evaluation }) => evaluation !== undefined)?.evaluation?.[by];
      return [
        lookOf(view.looks, method).name + (task === undefined ? "" : `, ${task}`),
        fixed(seed, 0),
        fixed(best.looks, 0),
        fixed(trained, 0),
        fixed(best.step, 0),
        fixed(best.value, digits),
        fixed(mean(last ?? []), digits),
      ];
    }),
  );
}

/** A task's first, chosen and last value, over seeds. */
function numbers(
  view: RunView,
  looked: readonly Looked[],
  { by, name, unit, digits }: typeof KINDS[number],
): Html {
  const methods = [...Map.groupBy(looked, ({ method }) => method)];
  return table(
    `Validation ${name} (${unit}): at the first look → at the step that was taken → at the last look`,
    ["task", ...methods.map(([id]) => lookOf(view.looks, id).name)],
    view.run.results.tasks.map((task, t) => [
      task,
      ...methods.map(([, parts]) => {
        const values = parts.flatMap(({ lines, best }) => {
          const looks = lines.filter(({ evaluation }) => known(evaluation?.[by][t]));
          const at = (line: typeof looks[number] | undefined) => line?.evaluation?.[by][t] ?? null;
          const taken = looks.find(({ step }) => step === best.step);
          return looks.length === 0 ? [] : [[at(looks[0]), at(taken), at(looks.at(-1))]];
        });
        if (values.length === 0) return MISSING;
        return [0, 1, 2].map((i) => fixed(mean(values.map((all) => all[i])), digits)).join(" → ");
      }),
    ]),
  );
}
