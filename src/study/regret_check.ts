/**
 * Regret beside EW on seeds that nothing else has seen, by the rules that the protocol's last addition wrote down before.
 *
 * @module
 */

import { regret } from "../balance/methods/regret.ts";
import { stl } from "../balance/methods/stl.ts";
import { analyse, type MethodOnMixture, seedsOf } from "./analyse.ts";
import { type FollowUp, gain } from "./follow_up.ts";
import { listed, signed, table, wrapped } from "./text.ts";
import type { UnitRecord } from "./unit_record.ts";

/** Regret on a mixture. */
export interface RegretCheck {
  mixture: string;
  tasks: string[];
  /** Minus EW; p is not corrected, for there is one method. */
  difference: NonNullable<MethodOnMixture["difference"]>;
  verdict: "win" | "loss" | "cannot be told apart";
  /** Mean test scores a task. */
  scores: { ew: number[]; stl: number[] | null; regret: number[] };
  /** λ a task, averaged over the seeds. */
  lambda: number[];
  /** Seeds in which λ is not 1 for every task. */
  moved: number;
}

/**
 * Analyses it.
 *
 * @param all Every record there is.
 * @returns One entry a mixture that has it.
 */
export function regretCheck(all: readonly UnitRecord[]): RegretCheck[] {
  return analyse(all, ["regret"]).flatMap(({ mixture, tasks, methods }): RegretCheck[] => {
    const of = (id: string) => methods.find(({ method }) => method === id);
    const [own, ew] = [of(regret.id), of("ew")];
    if (!own?.difference || ew === undefined) return [];
    const { mean, p, bootstrap: { low, high } } = own.difference;
    const sure = p !== null && p < 0.05 && (low > 0 || high < 0);
    const records = all.filter((one) => one.group === "regret" && one.mixture === mixture);
    const lambdas = [...seedsOf(records, regret.id).values()].map(({ lambda }) => lambda!);
    return [{
      mixture,
      tasks,
      difference: own.difference,
      verdict: !sure ? "cannot be told apart" : mean > 0 ? "win" : "loss",
      scores: { ew: ew.scores, stl: of(stl.id)?.scores ?? null, regret: own.scores },
      lambda: tasks.map((_, t) => lambdas.reduce((sum, lambda) => sum + lambda[t]!, 0) / lambdas.length),
      moved: lambdas.filter((lambda) => lambda.some((x) => x !== 1)).length,
    }];
  });
}

/** The most that constant weights were seen to gain on a mixture: searched ones, or inverse size. */
function headroomOf(
  mixture: string,
  searched: ReadonlyMap<string, number>,
  after: readonly FollowUp[],
): number {
  const inverse = after.find((one) => one.mixture === mixture)?.inverseAll?.mean;
  return Math.max(searched.get(mixture) ?? -Infinity, inverse ?? -Infinity);
}

/** What the rules say of regret. */
export interface RegretVerdict {
  /** Mixtures on which it wins. */
  wins: string[];
  /** Those among them on which it gains at least half of what constant weights were seen to gain. */
  half: string[];
  /** Mixtures on which it loses. */
  losses: string[];
  /** Whether it pays: `half` is not empty, `losses` is. */
  pays: boolean;
}

/**
 * Judges regret by the rules of the protocol's addition.
 *
 * @param checks Regret on the mixtures.
 * @param searched What searched weights gain on fresh seeds, a mixture each.
 * @param after The other follow-ups.
 * @returns The verdict.
 */
export function judgeRegret(
  checks: readonly RegretCheck[],
  searched: ReadonlyMap<string, number>,
  after: readonly FollowUp[],
): RegretVerdict {
  const names = (verdict: string) =>
    checks.filter((one) => one.verdict === verdict).map(({ mixture }) => mixture);
  const [wins, losses] = [names("win"), names("loss")];
  const half = checks.filter((one) =>
    wins.includes(one.mixture) && one.difference.mean >= headroomOf(one.mixture, searched, after) / 2
  ).map(({ mixture }) => mixture);
  return { wins, half, losses, pays: half.length > 0 && losses.length === 0 };
}

/**
 * What regret did, in words.
 *
 * @param checks Regret on the mixtures, one or more.
 * @param verdict What the rules say.
 * @returns Two sentences.
 */
export function regretText(
  checks: readonly RegretCheck[],
  { wins, half, losses, pays }: RegretVerdict,
): string {
  const still = checks.filter(({ moved }) => moved === 0).map(({ mixture }) => mixture);
  const said = [
    ...checks.flatMap(({ mixture, difference, moved }) =>
      moved === 0 ? [] : [`${gain(difference)} above EW on ${mixture}`]
    ),
    ...(still.length === 0 ? [] : [`EW to the bit on ${listed(still)}, where no task has any regret`]),
  ];
  const parts = [
    ...(wins.length > 0 ? [`wins on ${listed(wins)}`] : []),
    ...(losses.length > 0 ? [`loses on ${listed(losses)}`] : []),
  ];
  const found = parts.length === 0 ? "cannot be told apart from EW" : parts.join(" and ");
  const share = half.length === 0
    ? ""
    : ` (with at least half of what constant weights were seen to gain on ${listed(half)})`;
  return "`regret`, by which a task weighs the more, the further EW leaves it behind a model of its own, was thought of after the " +
    `study and tried on seeds that nothing else had seen. It is ${
      listed(said)
    }: it ${found}${share}, and by the rules **${pays ? "it pays" : "it does not pay"}**.${
      pays
        ? " It is no default, as was said before these runs: the tunings it needs do not fit into the three minutes of one."
        : ""
    }`;
}

/**
 * The page's section on it.
 *
 * @param checks Regret on the mixtures.
 * @param verdict What {@linkcode regretText} says.
 * @returns Lines of Markdown; none without any.
 */
export function regretSection(checks: readonly RegretCheck[], verdict: string | undefined): string[] {
  if (verdict === undefined) return [];
  const moved = checks.filter((one) => one.moved > 0);
  return [
    "## Regret",
    "",
    ...wrapped(verdict),
    "",
    ...table(
      ["", ...checks.map(({ mixture }) => mixture)],
      [
        ["minus EW, mean of all tasks, points", ...checks.map(({ difference }) => gain(difference))],
        ["verdict", ...checks.map(({ verdict }) => verdict)],
        [
          "seeds in which a task has regret",
          ...checks.map(({ moved, difference }) => `${moved} of ${difference.n}`),
        ],
      ],
    ),
    "",
    ...(moved.length === checks.length ? [] : [
      "Where no task has regret, regret's weights are EW's, and so is its model, to the bit.",
      "",
    ]),
    ...moved.flatMap(({ mixture, tasks, scores, lambda }) => [
      ...table(
        [`${mixture}, test score`, ...tasks],
        [
          ["EW", ...scores.ew.map((x) => x.toFixed(1))],
          ...(scores.stl === null ? [] : [["each task alone", ...scores.stl.map((x) => x.toFixed(1))]]),
          ["regret", ...scores.regret.map((x) => x.toFixed(1))],
          ["minus EW", ...scores.regret.map((x, t) => signed(x - scores.ew[t]!))],
          ["λ, mean over seeds", ...lambda.map((x) => x.toFixed(2))],
        ],
      ),
      "",
    ]),
  ];
}
