/**
 * Task balancing: CoTBal's weights from validation scores, the methods beside it, and how methods compare. Pure
 * functions over numbers.
 *
 * @module
 */

export type * from "./balancer.ts";
export * from "./compare/delta.ts";
export * from "./compare/statistics.ts";
export * from "./constant.ts";
export * from "./cotbal/contribution.ts";
export * from "./cotbal/difficulty.ts";
export type { MeasureOptions } from "./cotbal/measure_tasks.ts";
export * from "./cotbal/mix_weights.ts";
export * from "./cotbal/parse_scores.ts";
export * from "./cotbal/softmax.ts";
export * from "./cotbal/table.ts";
export * from "./cotbal/temperature.ts";
export * from "./cotbal/weights_from_scores.ts";
export { equalWeights } from "./methods/ew.ts";
export * from "./methods/method.ts";
export * from "./methods/plan_builder.ts";
export * from "./methods/registry.ts";
export { taskLevelMean } from "./methods/tla.ts";
