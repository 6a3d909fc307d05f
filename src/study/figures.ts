/**
 * All that the study's texts are made from, computed once.
 *
 * @module
 */

import { analyse, type MixtureAnalysis } from "./analyse.ts";
import { type CheaperProbes, cheaperProbes } from "./cheaper_probes.ts";
import { type StudyUnit, studyUnits } from "./design.ts";
import { type FollowUp, followUp } from "./follow_up.ts";
import { type RegretFigures, regretFigures } from "./regret_check.ts";
import type { UnitRecord } from "./unit_record.ts";

/** The study as far as it has come. */
export interface StudyFigures {
  /** The records there are of the study's own runs. */
  records: readonly UnitRecord[];
  /** Number of runs in all. */
  runs: number;
  /** Those that have no record, in order. */
  left: readonly StudyUnit[];
  /** What the records say of each mixture. */
  mixtures: readonly MixtureAnalysis[];
  /** Cheaper probes beside full ones. */
  compared: readonly CheaperProbes[];
  /** What was looked at once the study was finished. */
  after: readonly FollowUp[];
  /** Regret, which was thought of afterwards. */
  regret: RegretFigures;
}

/**
 * The figures of a study.
 *
 * @param all The records there are, those of follow-ups among them.
 * @param units The runs of the study.
 * @returns The figures.
 */
export function studyFigures(
  all: readonly UnitRecord[],
  units: readonly StudyUnit[] = studyUnits(),
): StudyFigures {
  const own = new Set(units.map(({ id }) => id));
  const records = all.filter(({ unit }) => own.has(unit));
  const done = new Set(records.map(({ unit }) => unit));
  return {
    records,
    runs: units.length,
    left: units.filter(({ id }) => !done.has(id)),
    mixtures: analyse(records),
    compared: cheaperProbes(records),
    after: followUp(all),
    regret: regretFigures(all),
  };
}
