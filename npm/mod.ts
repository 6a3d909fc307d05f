/**
 * The npm package: CoTBal's task weights from validation scores, and metrics that give such scores. Pure functions over
 * numbers and text; `cotbal/balance`, `cotbal/metrics` and `cotbal/data` hold more.
 *
 * @module
 */

export { InputError } from "../src/errors.ts";
export { Random } from "../src/random.ts";
export {
  type BalanceOptions,
  weightsFromScores,
  type WeightsReport,
} from "../src/balance/cotbal/weights_from_scores.ts";
export type { BalanceTable } from "../src/balance/cotbal/table.ts";
export { parseScoresCsv, parseScoresJson } from "../src/balance/cotbal/parse_scores.ts";
export type { Balancer, StepObservation } from "../src/balance/balancer.ts";
export { compareScores, type Delta } from "../src/balance/compare/delta.ts";
export { type MetricName, METRICS } from "../src/metrics/metric_name.ts";
export { type Score, score, type ScoredItem } from "../src/metrics/score.ts";
