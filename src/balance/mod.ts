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
export { parseScoresCsv, parseScoresJson } from "./cotbal/parse_scores.ts";

// Its steps, equation by equation.
export { contributionIn, contributionOut, type Contributions, contributions } from "./cotbal/contribution.ts";
export { difficulties } from "./cotbal/difficulty.ts";
export { softmaxWeights } from "./cotbal/softmax.ts";
export { type Alpha, checkAlpha, mixWeights, type ThreeWeights } from "./cotbal/mix_weights.ts";
export {
  type BalanceValues,
  DEFAULT_TEMPERATURE,
  lowestTemperature,
  WEIGHT_BAND,
  weightsAtTemperature,
} from "./cotbal/temperature.ts";

// Weights while a model is trained.
export type { Balancer, StepObservation } from "./balancer.ts";
export { constantWeights } from "./constant.ts";
export { equalWeights } from "./methods/ew.ts";
export { taskLevelMean } from "./methods/tla.ts";

// Weights by measuring: trials, surfaces through their scores, sensitivities.
export { type Trial, type TrialTable } from "./search/trial.ts";
export { fitSurface, type Prediction, type Surface } from "./search/surface.ts";
export { type FirstOrder, firstOrder } from "./search/first_order.ts";
export { type SensitivityReport } from "./methods/sensitivity.ts";

// The registry of weighting methods, and what a method may ask of a plan.
export {
  type BalancerContext,
  type MethodLook,
  type MethodNeeds,
  type TaskWeights,
  type WeightingMethod,
} from "./methods/method.ts";
export { type MethodSettings } from "./methods/method_settings.ts";
export {
  type MergeRequest,
  type ModelRequest,
  type PlanBuilder,
  type ProposeRequest,
  type ScoreRequest,
  type Share,
  type TriedWeights,
  type WeighRequest,
  type Weighting,
} from "./methods/plan_builder.ts";
export { DEFAULT_METHODS, findMethod, METHODS } from "./methods/registry.ts";

// How methods compare.
export { compareScores, type Delta, type Directions } from "./compare/delta.ts";
export { type MeanInterval, meanInterval, rankCorrelation } from "./compare/statistics.ts";
