/**
 * From the results of runs to one self-contained HTML file.
 *
 * @module
 */

// The records of a run folder, from which the page is made.
export { loadRun } from "../run/load_run.ts";
export type { Example } from "../run/records/example.ts";
export type { LoadedRun, LossCurve } from "../run/records/loaded_run.ts";
export type {
  Answer,
  ChosenStep,
  DrawnTasks,
  PartCost,
  PartResult,
  TaskScore,
} from "../run/records/part_result.ts";
export type { StepProfile } from "../run/records/profile.ts";
export type {
  MethodOfSeed,
  MethodResult,
  PartOrigin,
  References,
  Results,
  Spread,
  Total,
  ZeroShotMethod,
  ZeroShotResults,
} from "../run/records/results.ts";
export type { BestBy } from "../run/best_evaluation.ts";
export type {
  Cadence,
  DatasetSummary,
  EvaluationSettings,
  ModelSummary,
  ResolvedOptions,
  RunInfo,
  Sitting,
} from "../run/records/run_info.ts";
export type { EvaluationRecord, MetricsLine, ValidationRecord } from "../run/records/metrics_line.ts";
export type {
  Difference,
  MethodDifference,
  ScoreIntervals,
  Statistics,
  WeightAgreement,
} from "../run/records/statistics.ts";
export type {
  Balance,
  IntervalsFile,
  MethodBalances,
  ValidationTable,
  WeightsFile,
} from "../run/records/validation.ts";

// The page.
export { type Headline, headline } from "./sections/results/headline.ts";
export type { PackedModel, PackedModels, PageModels, ServedModel } from "../page/packed.ts";
export { renderReport } from "./render_report.ts";
export { type GivenWeights, renderWeightsPage } from "./weights_page.ts";
