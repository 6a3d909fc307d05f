/**
 * The section on the weights of several methods with probes, side by side.
 *
 * @module
 */

import { rankCorrelation } from "../../../balance/compare/statistics.ts";
import { findMethod, methodsWithProbes } from "../../../balance/methods/registry.ts";
import type { Balance, MethodBalances } from "../../../run/records/validation.ts";
import { type Html, html } from "../../kit/html.ts";
import { fixed, known, list, MISSING, plusMinus } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";
import { deviation, mean } from "../../kit/statistics.ts";
import { table } from "../../kit/table.ts";
import { between, distinguishable, origin } from "./intervals.ts";

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
  const name = (id: string) => findMethod(id)?.name ?? id;
  const { tasks } = results;
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
      furtherBalances.map((further) =>
        measured(name(further.method), tasks, further, view.run.intervals !== undefined)
      )
    }`,
  );
}

/** What a further method measured, and how sure it is where that is known. */
function measured(
  name: string,
  tasks: readonly string[],
  { balances, intervals }: MethodBalances,
  others: boolean,
): Html {
  const noise = balances.flatMap(({ weights }) => "ownGain" in weights ? [weights] : []);
  const gain = (t: number) =>
    plusMinus(mean(noise.map((w) => w.ownGain[t])), mean(noise.map((w) => w.ownGainError[t])), 1);
  const temperatures = new Set(balances.map(({ weights }) => fixed(weights.temperature, 2)));
  const sure = intervals === undefined
    ? others && "Intervals are not made for it: its probes are more than those of CoTBal’s main form."
    : distinguishable(intervals);
  return html`<p><b>${name}</b>: T = ${list([...temperatures])}. ${sure}</p>
${
    table(
      `What ${name} measured${intervals === undefined ? "" : `; ${origin(intervals)}`}`,
      [
        "task",
        ...(noise.length > 0 ? ["own gain ± standard error, points"] : []),
        ...COLUMNS.map(([name]) => name),
        ...(intervals ? ["interval of λ"] : []),
      ],
      tasks.map((task, t) => [
        task,
        ...(noise.length > 0 ? [gain(t)] : []),
        ...COLUMNS.map(([, of]) => over(balances, of, t)),
        ...(intervals ? [between(intervals.lambda[t])] : []),
      ]),
    )
  }`;
}

/** Mean over seeds and its spread. */
function over(
  balances: readonly Balance[],
  of: (b: Balance) => readonly (number | null)[],
  t: number,
): string {
  const values = balances.map((b) => of(b)[t]);
  return plusMinus(mean(values), deviation(values), 3);
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
