/**
 * The section on tasks that no model was tuned on.
 *
 * @module
 */

import type { ZeroShotMethod } from "../../../run/records/results.ts";
import { type Html, html } from "../../kit/html.ts";
import { lookOf } from "../../kit/looks.ts";
import { fixed, list, plusMinus, signed, signedPlusMinus, withEnds } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";
import { mean } from "../../kit/statistics.ts";
import { table } from "../../kit/table.ts";
import { METRIC_NAMES } from "./scores.ts";

/**
 * The section "Tasks never tuned on".
 *
 * @param view The run.
 * @returns The section; null where no such tasks were asked for.
 */
export function zeroShotSection(view: RunView): Html | null {
  const { results } = view.run;
  const found = results.zeroShotTasks;
  if (found === undefined) return null;
  const ids = Object.keys(found.methods);
  const name = (id: string) => lookOf(view.looks, id).name;
  const against = found.against === null ? null : name(found.against);
  const compared = ids.filter((id) => id !== found.against);
  const left = Object.keys(results.methods).filter((id) => !ids.includes(id)).map(name);
  const gain = (id: string) => {
    const { deltaI, deltaISpread } = found.methods[id]!;
    return id === found.against ? "base" : signedPlusMinus(deltaI, deltaISpread, 2);
  };
  const score = ({ scores, scoresSpread, intervals }: ZeroShotMethod, t: number) =>
    intervals === undefined ? plusMinus(scores[t], scoresSpread?.[t]) : withEnds(scores[t], intervals[t]);
  return section(
    view,
    "zero-shot",
    "Tasks never tuned on",
    html`<p>${
      against !== null && compared.length > 0 &&
      html`
        <b>ΔI_zero% against ${against}: ${list(
          compared.map((id) => `${name(id)} ${signed(found.methods[id]!.deltaI, 2)}`),
        )}.</b>
      `
    }Every kept model answers these tasks; none was tuned on them.${
      left.length > 0 && ` Without a single kept model: ${list(left)}.`
    }${
      results.seeds.length === 1
        ? " One seed: a difference may be its luck. In brackets the 95% interval over questions."
        : " In brackets the 95% interval over seeds and questions; ± is one standard deviation over seeds."
    }</p>
${
      table(
        "Scores on tasks never tuned on, points",
        ["task", "metric", "questions", ...ids.map(name), "base, untuned"],
        [
          ...found.tasks.map((task, t) => [
            task,
            METRIC_NAMES[found.metrics[t]!],
            fixed(found.questions[t], 0),
            ...ids.map((id) => score(found.methods[id]!, t)),
            fixed(found.base[t]),
          ]),
          [
            "mean",
            "",
            "",
            ...ids.map((id) => fixed(mean(found.methods[id]!.scores))),
            fixed(mean(found.base)),
          ],
          ...against === null ? [] : [["ΔI_zero%", "", "", ...ids.map(gain), ""]],
        ],
        { text: [1] },
      )
    }`,
  );
}
