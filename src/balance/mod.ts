/**
 * Task balancing: CoTBal's weights from validation scores, the methods beside it, and how methods compare. Pure
 * functions over numbers.
 *
 * @module
 */

// From a table of scores to weights.
export type { MeasureOptions } from "./cotbal/measure_tasks.ts";
export {
  type BalanceOptions,
  DEFAULT_ALPHA,
  weightsFromScores,
  type WeightsReport,
} from "./cotbal/weights_from_scores.ts";
export {
  type AloneTable,
  averageTables,
  type BalanceTable,
  checkTable,
  type ProbeTable,
  type VectorTable,
} from "./cotbal/table.ts";
export { type GroupOptions, type GroupWeights, weightsOfGroups } from "./cotbal/groups.ts";
export { parseScoresCsv, parseScoresJson } from "./cotbal/parse_scores.ts";

// Its steps, equation by equation.
export { contributionIn, contributionOut, type Contributions, contributions } from "./cotbal/contribution.ts";
export { difficulties } from "./cotbal/difficulty.ts";
export { checkLower, directedDifficulties } from "./cotbal/direction.ts";
export { softmaxWeights } from "./cotbal/softmax.ts";
export { type Alpha, checkAlpha, mixWeights, type ThreeWeights } from "./cotbal/mix_weights.ts";
export {
  type BalanceValues,
  DEFAULT_TEMPERATURE,
  lowestTemperature,
  WEIGHT_BAND,
  weightsAtTemperature,
} from "./cotbal/temperature.ts";

// How sure they are, and weights that heed it.
export {
  type DrawPoints,
  drawsOf,
  type Points,
  type PointTable,
  pointTable,
  type PointUnit,
  type TaskPoints,
  type UnitSettings,
} from "./cotbal/noise/points.ts";
export {
  type Interval,
  type IntervalOptions,
  paperIntervals,
  type WeightIntervals,
} from "./cotbal/noise/intervals.ts";
export {
  noiseIntervals,
  type NoiseOptions,
  type NoiseWeights,
  noiseWeights,
} from "./cotbal/noise/weights.ts";
export { type ProbeScores } from "./cotbal/noise/resample.ts";
export { type MeanVariance, varianceOfMean } from "./cotbal/noise/variance.ts";
export { shrink, type Shrunk } from "./cotbal/noise/shrink.ts";

// Weights while a model is trained.
export type { Balancer, StepObservation } from "./balancer.ts";
export { constantWeights } from "./constant.ts";
export { withFixedWeights } from "./fixed.ts";
export { equalWeights } from "./methods/ew.ts";
export { taskLevelMean } from "./methods/tla.ts";
export { randomWeights } from "./methods/rlw.ts";
export { type DwaOptions, dynamicWeightAverage } from "./methods/dwa.ts";
export { type IgbOptions, improvableGap } from "./methods/igbv1.ts";
export { uncertaintyWeights, type UwOptions } from "./methods/uw.ts";
export { type FamoOptions, fastAdaptive } from "./methods/famo.ts";
export { type CobaOptions, convergenceBalancer } from "./methods/coba.ts";
export { inverseSizeWeights } from "./methods/inverse_size.ts";

// Weights by measuring: trials, surfaces through their scores, sensitivities.
export { type Trial, type TrialTable } from "./search/trial.ts";
export { fitSurface, type Prediction, type Surface } from "./search/surface.ts";
export { type FirstOrder, firstOrder } from "./search/first_order.ts";
export { type SensitivityReport } from "./methods/sensitivity.ts";
export { type RegretReport, type RegretTable, regretWeights } from "./methods/regret.ts";

// The registry of weighting methods, and what a method may ask of a plan.
export {
  type BalancerContext,
  type MethodLook,
  type MethodNeeds,
  type TaskWeights,
  type ValidationNeeds,
  type WeightingMethod,
} from "./methods/method.ts";
export { type MethodSettings, type ProbeKind } from "./methods/method_settings.ts";
export {
  type MergeRequest,
  type ModelRequest,
  type PlanBuilder,
  type ProposeRequest,
  type Sampling,
  type ScoreFiles,
  type ScoreRequest,
  type Share,
  type TriedWeights,
  type WeighRequest,
  type Weighting,
} from "./methods/plan_builder.ts";
export { DEFAULT_METHODS, findMethod, METHODS } from "./methods/registry.ts";

// How methods compare.
export { type CellError, type ComparedWeights, type ProbeError, probeError } from "./compare/probe_error.ts";
export { compareScores, type Delta, type Directions } from "./compare/delta.ts";
export { type MeanInterval, meanInterval, rankCorrelation } from "./compare/statistics.ts";
export {
  type CorrectedDifference,
  correctedDifferences,
  type PairedDifference,
  pairedDifference,
} from "./compare/paired.ts";
export {
  type BootstrapInterval,
  type BootstrapOptions,
  type BootstrapResult,
  bootstrapTable,
} from "./compare/bootstrap.ts";
export { holm } from "./compare/holm.ts";
export { type PowerOptions, seedsNeeded } from "./compare/power.ts";
export { type Agreement, rankAgreement } from "./compare/agreement.ts";
export { probeCost, type ProbeShares } from "./compare/cost.ts";
