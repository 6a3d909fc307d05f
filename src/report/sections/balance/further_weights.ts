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

/** The weights of one method: a list a seed. */
interface Weights {
  method: string;
  lambdas: readonly (readonly number[])[];
}

/**
 * The section "Weights of all methods": λ of every method that measured before it tuned, and what each of the further
 * ones with probes measured.
 *
 * @param view The run.
 * @returns The section; null where no more than one method measured.
 */
export function furtherWeightsSection(view: RunView): Html | null {
  const { balances, furtherBalances = [], results } = view.run;
  const method = methodsWithProbes(Object.keys(results.methods))[0]?.id;
  const probed: MethodBalances[] = method === undefined ? [] : [{ method, balances }, ...furtherBalances];
  const all: Weights[] = [
    ...probed.map(({ method, balances }) => ({
      method,
      lambdas: balances.map(({ weights }) => weights.lambda),
    })),
    ...tried(view),
  ];
  const [first] = all;
  if (first === undefined || all.length === 1) return null;
  const name = (id: string) => findMethod(id)?.name ?? id;
  const { tasks } = results;
  return section(
    view,
    "further-weights",
    "Weights of all methods",
    html`<p>${
      method !== undefined && `${name(method)} is shown in the sections around this one. `
    }Each method’s model was tuned with its own weights.</p>
${
      table("λ of every method that measures before it tunes; ± is one standard deviation over seeds", [
        "task",
        ...all.map(({ method }) => name(method)),
      ], [
        ...tasks.map((task, t) => [
          task,
          ...all.map(({ lambdas }) => spread(lambdas.map((lambda) => lambda[t]))),
        ]),
        [
          `rank correlation with ${name(first.method)}`,
          ...all.map(({ lambdas }) => agreement(first.lambdas, lambdas)),
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

/** The weights of methods that measure without CoTBal's probes. */
function tried({ run: { results } }: RunView): Weights[] {
  return Object.entries(results.methods).flatMap(([method, { seeds }]) => {
    const { measure, needs, samples } = findMethod(method) ?? {};
    const lambdas = seeds.flatMap(({ lambda }) => lambda === null ? [] : [lambda]);
    return measure === undefined || samples || needs === "probes" || lambdas.length === 0
      ? []
      : [{ method, lambdas }];
  });
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
    ? others && "Intervals are made from the probes of CoTBal’s main form, not from its own."
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
  return spread(balances.map((b) => of(b)[t]));
}

function spread(values: readonly (number | null | undefined)[]): string {
  return plusMinus(mean(values), deviation(values), 3);
}

/** Mean rank correlation of λ, seed by seed. */
function agreement(a: Weights["lambdas"], b: Weights["lambdas"]): string {
  const value = mean(
    a.map((own, k) => own.length > 0 && own.length === b[k]?.length ? rankCorrelation(own, b[k]!) : null),
  );
  return known(value) ? fixed(value, 2) : MISSING;
}
