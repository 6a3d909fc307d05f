/**
 * A finished run folder in memory.
 *
 * @module
 */

import type { RegretReport } from "../../balance/methods/regret.ts";
import type { SensitivityReport } from "../../balance/methods/sensitivity.ts";
import type { Example } from "./example.ts";
import type { StepProfile } from "./profile.ts";
import type { Results } from "./results.ts";
import type { RunInfo } from "./run_info.ts";
import type { MetricsLine } from "./metrics_line.ts";
import type { Balance, IntervalsFile, MethodBalances } from "./validation.ts";
import type { Statistics } from "./statistics.ts";

/** A finished run folder in memory: all that a report needs. */
export interface LoadedRun {
  /** Where it was read from. */
  folder: string;
  /** run.json. */
  run: RunInfo;
  /** results.json. */
  results: Results;
  /** statistics.json; of older runs computed anew. null where the answers to compute it from are not there. */
  statistics: Statistics | null;
  /**
   * What the probes of the first method that has them gave, one a seed, in the order of `results.seeds`; empty if no
   * probes ran.
   */
  balances: Balance[];
  /** How sure the numbers of `balances` are, all seeds together; left out where it is not known: in older runs, without probes. */
  intervals?: IntervalsFile;
  /** The same of the other methods with probes; left out where there is none. */
  furtherBalances?: MethodBalances[];
  /** regret.json, of all seeds together; left out where the method did not run. */
  regret?: RegretReport;
  /** sensitivity.json, of all seeds together; left out where the method did not run. */
  sensitivity?: SensitivityReport;
  /** The loss of every part that was trained. */
  curves: LossCurve[];
  /** Questions with pictures and answers. */
  examples: Example[];
  /** Where the time of a step goes; null where the run was not profiled. */
  profile: StepProfile | null;
}

/** Loss curve of a part. */
export interface LossCurve {
  /** "probes/mini", "methods/cotbal", "methods/stl/vqa", ... without the seed's folder. */
  part: string;
  /** The seed. */
  seed: number;
  /** One line a step. */
  lines: MetricsLine[];
}
