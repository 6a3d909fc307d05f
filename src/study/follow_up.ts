/**
 * What was looked at once the study was finished: inverse size on fresh seeds, and the best of all trials of all searches.
 * No verdict hangs on it; the protocol's last addition says why it was done.
 *
 * @module
 */

import { ew } from "../balance/methods/ew.ts";
import { fixed } from "../balance/methods/fixed.ts";
import { inverseSize } from "../balance/methods/inverse_size.ts";
import { bestWeights } from "../balance/search/search.ts";
import { analyse, type MethodOnMixture } from "./analyse.ts";
import { STUDY_MIXTURES, type UnitGroup } from "./design.ts";
import { signed, table, wrapped } from "./text.ts";
import type { UnitRecord } from "./unit_record.ts";

/** The mixture on which inverse size was picked. */
const PICKED_ON = "conflict";

/** A mixture's follow-ups. */
export interface FollowUp {
  mixture: string;
  /** Inverse size minus EW on seeds that the study did not give it; null where it has not run. */
  inverse: MethodOnMixture["difference"];
  /** The same on all seeds, those by which it was picked among them. */
  inverseAll: MethodOnMixture["difference"];
  /** The best of all searches' trials minus EW, on seeds that no search saw; null where they have not run. */
  pooled: MethodOnMixture["difference"];
  /** The trials: over how many searches, how many in all, the best, what it should gain; null where they have not run. */
  trials:
    | { searches: number; tried: number; lambda: Record<string, number>; gain: number; error: number }
    | null;
}

/**
 * Analyses the follow-ups.
 *
 * @param all Every record there is: EW's scores are those of the study's core.
 * @returns One entry a mixture that has any.
 */
export function followUp(all: readonly UnitRecord[]): FollowUp[] {
  // Of the core EW alone is asked for, and of the rest what is compared.
  const differences = (id: string, groups: readonly UnitGroup[]) => {
    const wanted = all.map((record) => ({ ...record, methods: pick(record.methods, [ew.id, id]) }));
    const analysed = analyse(wanted, ["core", ...groups]);
    return (name: string) =>
      analysed.find(({ mixture }) => mixture === name)?.methods
        .find(({ method }) => method === id)?.difference ?? null;
  };
  const inverseOn = differences(inverseSize.id, ["inverse"]);
  const inverseAllOn = differences(inverseSize.id, ["inverse", "rest"]);
  const pooledOn = differences(fixed.id, ["pooled"]);
  return STUDY_MIXTURES.flatMap((mixture): FollowUp[] => {
    const [inverse, inverseAll, pooled] = [inverseOn(mixture), inverseAllOn(mixture), pooledOn(mixture)];
    const trials = trialsOf(all.filter((one) => one.mixture === mixture && one.group === "trials"));
    return inverse === null && pooled === null && trials === null
      ? []
      : [{ mixture, inverse, inverseAll, pooled, trials }];
  });
}

function pick(methods: UnitRecord["methods"], ids: readonly string[]): UnitRecord["methods"] {
  return Object.fromEntries(Object.entries(methods).filter(([id]) => ids.includes(id)));
}

function trialsOf(records: readonly UnitRecord[]): FollowUp["trials"] {
  const tables = records.flatMap(({ trials }) => trials ?? []);
  if (tables.length === 0) return null;
  const { lambda, gain, gainError, tried } = bestWeights(tables);
  return {
    searches: tables.length,
    tried: tried.length,
    lambda: Object.fromEntries(records[0]!.tasks.map((task, t) => [task, lambda[t]!])),
    gain,
    error: gainError,
  };
}

/**
 * A difference by itself.
 *
 * @param difference The difference, p not corrected.
 * @returns Mean, interval, seeds and p.
 */
export function gain({ mean, p, n, bootstrap: { low, high } }: NonNullable<FollowUp["inverse"]>): string {
  const said = p === null ? "p –" : p < 0.0005 ? "p < 0.001" : `p ${p.toFixed(3)}`;
  return `${signed(mean)} [${signed(low)}, ${signed(high)}] (${n}), ${said}`;
}

/** Whether inverse size is confirmed where it was picked, by the rule that was written before. */
function confirmation(after: readonly FollowUp[]): string[] {
  const inverse = after.find(({ mixture }) => mixture === PICKED_ON)?.inverse ?? null;
  if (inverse === null) return [];
  const { p, bootstrap: { low } } = inverse;
  return wrapped(
    p !== null && p < 0.05 && low > 0
      ? `On ${PICKED_ON} inverse size is confirmed by the rule that was written before: p < 0.05, and the interval is above 0.`
      : `On ${PICKED_ON} inverse size is **not confirmed** by the rule that was written before (p < 0.05, and the interval ` +
        `above 0): p is ${p?.toFixed(3) ?? "not known"}, the interval ${
          low > 0 ? "above 0" : "not above 0"
        }.`,
  );
}

/**
 * The page's section on them.
 *
 * @param after The follow-ups.
 * @returns Lines of Markdown; none without any.
 */
export function followUpSection(after: readonly FollowUp[]): string[] {
  if (after.length === 0) return [];
  const cell = (difference: MethodOnMixture["difference"]) => difference === null ? "–" : gain(difference);
  const trials = after.flatMap(({ mixture, trials }) => trials === null ? [] : [{ mixture, ...trials }]);
  return [
    "## After the study",
    "",
    "Thought of once its figures were there, so that no verdict hangs on it; the end of the protocol says why. Seeds 5 to 8, which",
    "chose nothing here; intervals as above, and p of the t-test over seeds, for each comparison by itself.",
    "",
    ...table(
      ["minus EW, mean of all tasks, points", ...after.map(({ mixture }) => mixture)],
      [
        ["inverse size", ...after.map(({ inverse }) => cell(inverse))],
        ["inverse size, with the seeds that picked it", ...after.map(({ inverseAll }) => cell(inverseAll))],
        ["best of all trials of the searches", ...after.map(({ pooled }) => cell(pooled))],
        [
          "what validation promised of it",
          ...after.map(({ trials }) =>
            trials === null ? "–" : `${signed(trials.gain)} ± ${trials.error.toFixed(1)}`
          ),
        ],
      ],
    ),
    "",
    ...confirmation(after),
    "Inverse size goes beyond the band [½, 2], in which the search looks and to which CoTBal's automatic temperature keeps.",
    "",
    ...trials.flatMap(({ mixture, searches, tried, lambda }) => [
      `On ${mixture} the best of ${tried} trials of ${searches} searches, by one surface through all of them, are the weights ${
        Object.entries(lambda).map(([task, x]) => `${task} ${x.toFixed(2)}`).join(", ")
      }.`,
      "",
    ]),
  ];
}
