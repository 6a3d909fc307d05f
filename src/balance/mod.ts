/**
 * Task balancing: CoTBal's weights from validation scores, the methods beside it, and how methods compare. Pure
 * functions over numbers.
 *
 * @module
 */

// From a table of scores to weights.
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
export { difficulty } from "./cotbal/difficulty.ts";
export { softmaxWeights } from "./cotbal/softmax.ts";
export { type Alpha, checkAlpha, mix, type WeightParts } from "./cotbal/mix.ts";
export {
  type BalanceValues,
  BAND,
  DEFAULT_TEMPERATURE,
  lowestTemperature,
  weightsAt,
} from "./cotbal/temperature.ts";

// Weights while a model is trained.
export type { Balancer, StepObservation } from "./balancer.ts";
export { constantWeights, equalWeights } from "./constant.ts";
export { taskLevelMean } from "./task_level_mean.ts";

// How methods compare.
export { compareScores, type Delta, type Directions } from "./compare/delta.ts";
export { type MeanInterval, meanInterval, rankCorrelation } from "./compare/statistics.ts";
