/**
 * All that the study's texts are made from, computed once.
 *
 * @module
 */

import { analyse, type MixtureAnalysis } from "./analyse.ts";
import { type CheaperProbes, cheaperProbes } from "./cheaper_probes.ts";
import { type StudyUnit, studyUnits } from "./design.ts";
import type { UnitRecord } from "./unit_record.ts";

/** The study as far as it has come. */
export interface StudyFigures {
  /** The records there are. */
  records: readonly UnitRecord[];
  /** Number of runs in all. */
  runs: number;
  /** Those that have no record, in order. */
  left: readonly StudyUnit[];
  /** What the records say of each mixture. */
  mixtures: readonly MixtureAnalysis[];
  /** Cheaper probes beside full ones. */
  compared: readonly CheaperProbes[];
}

/**
 * The figures of a study.
 *
 * @param records The records there are.
 * @param units The runs of the study.
 * @returns The figures.
 */
export function studyFigures(
  records: readonly UnitRecord[],
  units: readonly StudyUnit[] = studyUnits(),
): StudyFigures {
  const done = new Set(records.map(({ unit }) => unit));
  return {
    records,
    runs: units.length,
    left: units.filter(({ id }) => !done.has(id)),
    mixtures: analyse(records),
    compared: cheaperProbes(records),
  };
}
