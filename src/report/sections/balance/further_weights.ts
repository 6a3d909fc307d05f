/**
 * The section on the weights of several methods with probes, side by side.
 *
 * @module
 */

import { rankCorrelation } from "../../../balance/compare/statistics.ts";
import { methodsWithProbes } from "../../../balance/methods/registry.ts";
import type { Balance, MethodBalances } from "../../../run/records/validation.ts";
import { type Html, html } from "../../kit/html.ts";
import { lookOf } from "../../kit/looks.ts";
import { fixed, known, MISSING, plusMinus } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";
import { deviation, mean } from "../../kit/statistics.ts";
import { table } from "../../kit/table.ts";

/** The values of a task that a method's table shows. */
const COLUMNS: readonly [string, (b: Balance) => readonly (number | null)[]][] = [
  ["C out", (b) => b.weights.contributionOut],
  ["C in", (b) => b.weights.contributionIn],
  ["D", (b) => b.weights.difficulty],
  ["λ out", (b) => b.weights.lambdaOut],
  ["λ in", (b) => b.weights.lambdaIn],
  ["λ D", (b) => b.weights.lambdaDifficulty],
  ["λ", (b) => b.weights.lambda],
];

/**
 * The section "Weights of all methods": λ of every method with probes, and what each of the further ones measured.
 *
 * @param view The run.
 * @returns The section; null where one method at most has probes.
 */
export function furtherWeightsSection(view: RunView): Html | null {
  const { balances, furtherBalances = [], results } = view.run;
  const method = methodsWithProbes(Object.keys(results.methods))[0]?.id;
  if (furtherBalances.length === 0 || method === undefined) return null;
  const all: MethodBalances[] = [{ method, balances }, ...furtherBalances];
  const name = (id: string) => lookOf(view.looks, id).name;
  const { tasks } = results;
  const over = (list: readonly Balance[], of: (b: Balance) => readonly (number | null)[], t: number) => {
    const values = list.map((b) => of(b)[t]);
    return plusMinus(mean(values), deviation(values), 3);
  };
  return section(
    view,
    "further-weights",
    "Weights of all methods",
    html`<p>${
      name(method)
    } is shown in the sections around this one; each method’s model was tuned with its own weights.</p>
${
      table("λ of every method with probes; ± is one standard deviation over seeds", [
        "task",
        ...all.map(({ method }) => name(method)),
      ], [
        ...tasks.map((task, t) => [
          task,
          ...all.map(({ balances }) => over(balances, (b) => b.weights.lambda, t)),
        ]),
        [
          `rank correlation with ${name(method)}`,
          ...all.map(({ balances: own }) => agreement(balances, own)),
        ],
      ], { last: true })
    }
${
      furtherBalances.map(({ method, balances }) =>
        table(
          `What ${name(method)} measured`,
          ["task", ...COLUMNS.map(([name]) => name)],
          tasks.map((task, t) => [task, ...COLUMNS.map(([, of]) => over(balances, of, t))]),
        )
      )
    }`,
  );
}

/** Mean rank correlation of λ, seed by seed. */
function agreement(a: readonly Balance[], b: readonly Balance[]): string {
  const value = mean(a.map(({ weights }, k) => {
    const other = b[k]?.weights.lambda ?? [];
    return weights.lambda.length > 0 && other.length === weights.lambda.length
      ? rankCorrelation(weights.lambda, other)
      : null;
  }));
  return known(value) ? fixed(value, 2) : MISSING;
}
