/**
 * Regret beside EW on seeds that nothing else has seen, by the rules that the protocol's additions wrote down before.
 *
 * @module
 */

import { regret, regretWeights } from "../balance/methods/regret.ts";
import { stl } from "../balance/methods/stl.ts";
import { analyse, type MethodOnMixture, seedsOf } from "./analyse.ts";
import { LOOKED_AT_TWICE, RUN_MIXTURES, type UnitGroup } from "./design.ts";
import { type FollowUp, gain } from "./follow_up.ts";
import { listed, signed, table, wrapped } from "./text.ts";
import type { UnitRecord } from "./unit_record.ts";

/** Minus EW; p is not corrected, for there is one method. */
type Difference = NonNullable<MethodOnMixture["difference"]>;

/** Regret on a mixture. */
export interface RegretCheck {
  mixture: string;
  tasks: string[];
  difference: Difference;
  verdict: "win" | "loss" | "cannot be told apart";
  /** Mean test scores a task. */
  scores: { ew: number[]; stl: number[] | null; regret: number[] };
  /** λ a task, averaged over the seeds. */
  lambda: number[];
  /** Seeds in which λ is not 1 for every task. */
  moved: number;
  /** Those in which a λ would not have been 1 had equal weights been tuned once; null where they were. */
  movedByOne: number | null;
}

/** Regret as it was at first, with one tuning by equal weights, on a mixture where it had any. */
export interface FirstForm {
  mixture: string;
  difference: Difference;
  /** Seeds in which λ is not 1 for every task. */
  moved: number;
  /** Both forms together, each on its seeds; null where the second has not run. */
  both: Difference | null;
}

/** What there is of regret. */
export interface RegretFigures {
  /** As it is now, a mixture each: with two tunings by equal weights, or with one by which no seed had regret. */
  checks: readonly RegretCheck[];
  /** As it was at first. */
  first: readonly FirstForm[];
}

/**
 * Analyses it.
 *
 * @param all Every record there is.
 * @returns The figures; none as long as no run with two tunings by equal weights is there.
 */
export function regretFigures(all: readonly UnitRecord[]): RegretFigures {
  const [twice, once, both] = [
    checked(all, ["twice"]),
    checked(all, ["regret"]),
    checked(all, ["regret", "twice"]),
  ];
  if (twice.length === 0) return { checks: [], first: [] };
  const on = (checks: readonly RegretCheck[], name: string) => checks.find(({ mixture }) => mixture === name);
  return {
    checks: RUN_MIXTURES.flatMap((name) => {
      const [now, before] = [on(twice, name), on(once, name)];
      return now ?? (before?.moved === 0 ? before : []);
    }),
    first: once.filter(({ moved }) => moved > 0).map(({ mixture, difference, moved }) => ({
      mixture,
      difference,
      moved,
      both: on(twice, mixture) === undefined ? null : on(both, mixture)!.difference,
    })),
  };
}

/** Regret beside EW in the runs of some groups. */
function checked(all: readonly UnitRecord[], groups: readonly UnitGroup[]): RegretCheck[] {
  return analyse(all, groups).flatMap(({ mixture, tasks, methods }): RegretCheck[] => {
    const of = (id: string) => methods.find(({ method }) => method === id);
    const [own, ew] = [of(regret.id), of("ew")];
    if (!own?.difference || ew === undefined) return [];
    const { mean, p, bootstrap: { low, high } } = own.difference;
    const looks = groups.includes("twice") && mixture === LOOKED_AT_TWICE ? 2 : 1;
    // The second look makes a win harder, not a loss.
    const sure = p !== null && p < 0.05 / (mean > 0 ? looks : 1) && (low > 0 || high < 0);
    const records = all.filter((one) =>
      groups.some((group) => group === one.group) && one.mixture === mixture
    );
    const tables = records.flatMap(({ regrets }) => regrets ?? []);
    const lambdas = [...seedsOf(records, regret.id).values()].map(({ lambda }) => lambda!);
    return [{
      mixture,
      tasks,
      difference: own.difference,
      verdict: !sure ? "cannot be told apart" : mean > 0 ? "win" : "loss",
      scores: { ew: ew.scores, stl: of(stl.id)?.scores ?? null, regret: own.scores },
      lambda: tasks.map((_, t) => lambdas.reduce((sum, lambda) => sum + lambda[t]!, 0) / lambdas.length),
      moved: lambdas.filter(isMoved).length,
      movedByOne: tables.length === 0
        ? null
        : tables.filter(({ again: _, ...table }) => isMoved(regretWeights([table]).lambda)).length,
    }];
  });
}

const isMoved = (lambda: readonly number[]) => lambda.some((x) => x !== 1);

/** The most that constant weights were seen to gain on a mixture: searched ones, or inverse size. */
function headroomOf(
  mixture: string,
  searched: ReadonlyMap<string, number>,
  after: readonly FollowUp[],
): number {
  const inverse = after.find((one) => one.mixture === mixture)?.inverseAll?.mean;
  return Math.max(searched.get(mixture) ?? -Infinity, inverse ?? -Infinity);
}

/** A mixture on which regret wins. */
export interface RegretWin {
  mixture: string;
  /** Minus EW, points. */
  difference: Difference;
  /** Half of what constant weights were seen to gain there, which the rules ask for; null where none were tried. */
  needed: number | null;
}

/** What the rules say of regret. */
export interface RegretVerdict {
  wins: RegretWin[];
  /** Mixtures on which it loses. */
  losses: string[];
  /** Whether it pays: on a mixture it gains as much as is asked for, and it loses on none. */
  pays: boolean;
}

/** Whether a win is as large as the rules ask for. */
export function isEnough({ difference, needed }: RegretWin): boolean {
  return needed !== null && difference.mean >= needed;
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
  const wins = checks.filter(({ verdict }) => verdict === "win").map(({ mixture, difference }) => {
    const headroom = headroomOf(mixture, searched, after);
    return { mixture, difference, needed: headroom === -Infinity ? null : headroom / 2 };
  });
  const losses = checks.filter(({ verdict }) => verdict === "loss").map(({ mixture }) => mixture);
  return { wins, losses, pays: wins.some(isEnough) && losses.length === 0 };
}

/**
 * What regret did, in words.
 *
 * @param figures Regret on the mixtures, one or more.
 * @param verdict What the rules say.
 * @returns Some sentences.
 */
export function regretText(
  { checks, first }: RegretFigures,
  { wins, losses, pays }: RegretVerdict,
): string {
  const still = checks.filter(({ moved }) => moved === 0);
  // Where equal weights were tuned once and no task had regret, the better one of two leaves none either.
  const [run, follows] = [still.filter(isTwice), still.filter((one) => !isTwice(one))].map((some) =>
    some.map(({ mixture }) => mixture)
  ) as [string[], string[]];
  const said = [
    ...checks.flatMap(({ mixture, difference, moved }) =>
      moved === 0 ? [] : [`${gain(difference)} above EW on ${mixture}${lookedAt(mixture)}`]
    ),
    ...(run.length === 0 ? [] : [`EW to the bit on ${listed(run)}, where no task has any regret`]),
    ...(follows.length === 0
      ? []
      : [`the same on ${listed(follows)} by what its first form found there on seeds 9-16`]),
  ];
  const parts = [
    ...(wins.length > 0 ? [`wins on ${listed(wins.map(winText))}`] : []),
    ...(losses.length > 0 ? [`loses on ${listed(losses)}`] : []),
  ];
  const found = parts.length === 0 ? "cannot be told apart from EW" : parts.join(" and ");
  return "`regret`, by which a task weighs the more, the further two models with equal weights leave it behind one of its own, was " +
    `thought of after the study and tried on seeds that nothing else had seen. It is ${
      listed(said)
    }: it ${found}, and by the rules **${pays ? "it pays" : "it does not pay"}**.${
      pays
        ? " It is no default, as was said before these runs: the tunings it needs do not fit into the three minutes of one."
        : ""
    }${firstText(first)}`;
}

/** Whether it was run with two tunings by equal weights. */
function isTwice({ movedByOne }: RegretCheck): boolean {
  return movedByOne !== null;
}

/** The mixture, and how the gain there compares with what the rules ask for. */
function winText(win: RegretWin): string {
  const { mixture, difference: { mean }, needed } = win;
  if (needed === null) return `${mixture} (where no rule says how much is enough)`;
  return `${mixture} (by ${mean.toFixed(2)} points; half of what constant weights were seen to gain there, ${
    needed.toFixed(2)
  }, is asked for)`;
}

function lookedAt(mixture: string): string {
  return mixture === LOOKED_AT_TWICE ? " (looked at twice: a win takes p < 0.025)" : "";
}

/** What its first form did, and both together. */
function firstText(first: readonly FirstForm[]): string {
  if (first.length === 0) return "";
  const each = first.map(({ mixture, difference, moved }) =>
    `${gain(difference)} on ${mixture}, where it moved weights in ${moved} of ${difference.n} seeds`
  );
  const both = first.flatMap(({ mixture, both }) => both ? [`${gain(both)} on ${mixture}`] : []);
  return ` Its first form, which tuned equal weights once and took bad luck for being left behind, was ${
    each.join("; ")
  }.${both.length === 0 ? "" : ` Both together are ${listed(both)}.`}`;
}

/**
 * The page's section on it.
 *
 * @param figures Regret on the mixtures.
 * @param verdict What {@linkcode regretText} says.
 * @returns Lines of Markdown; none without any.
 */
export function regretSection({ checks }: RegretFigures, verdict: string | undefined): string[] {
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
        [
          "the same, had equal weights been tuned once",
          ...checks.map(({ moved, movedByOne, difference }) => `${movedByOne ?? moved} of ${difference.n}`),
        ],
      ],
    ),
    "",
    ...wrapped(
      "Where it was judged with seeds 9-16, equal weights were tuned once: no task had regret, so that with two tunings, of which the " +
        "better one counts, none could have any.",
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
