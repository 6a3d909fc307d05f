/**
 * statistics.json: how sure a run's results are.
 *
 * @module
 */

import type { Agreement } from "../../balance/compare/agreement.ts";
import type { BootstrapInterval } from "../../balance/compare/bootstrap.ts";
import type { CorrectedDifference } from "../../balance/compare/paired.ts";

/** statistics.json. Holds no times, so that equal runs give equal bytes. */
export interface Statistics {
  /** Version of this file's form. */
  format: 1;
  /** Seed of everything that is drawn here. */
  seed: number;
  /** Times that seeds and questions were drawn anew. */
  rounds: number;
  /** Level of all intervals. */
  level: number;
  /** Every method's scores with their intervals over seeds and questions; with one seed over questions alone. */
  scores: Record<string, ScoreIntervals>;
  /** The method that all others are compared with: EW if it ran, else the base; null with fewer than two methods. */
  reference: string | null;
  /** The others compared with it, in the order of the methods. */
  differences: MethodDifference[];
  /** Whether seeds agree on the tasks; null where no weights were measured, or with one seed. */
  agreement: WeightAgreement | null;
}

/** Intervals of a method's scores, in points. */
export interface ScoreIntervals {
  /** One a task. */
  tasks: BootstrapInterval[];
  /** Of the mean over tasks. */
  mean: BootstrapInterval;
}

/** A method minus the reference. */
export interface MethodDifference {
  /** Id of the method. */
  method: string;
  /** Of the mean scores: one of as many tests as there are methods beside the reference. */
  mean: Difference;
  /** Of each task: one of methods × tasks tests. */
  tasks: Difference[];
}

/** A paired difference in points. */
export interface Difference extends CorrectedDifference {
  /** Its interval over seeds and questions, uncorrected; null where the two were asked different questions. */
  bootstrap: BootstrapInterval | null;
  /** Paired seeds with which a difference of one point would be seen, at 80% power; null where no two seeds differ. */
  seedsNeeded: number | null;
}

/** Rank correlations between seeds, term by term. */
export interface WeightAgreement {
  /** Id of the method that measured. */
  method: string;
  /** Outward contribution. */
  out: Agreement;
  /** Inward contribution. */
  in: Agreement;
  /** Difficulty. */
  difficulty: Agreement;
  /** The weights λ that follow. */
  lambda: Agreement;
}
