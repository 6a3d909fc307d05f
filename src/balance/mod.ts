/**
 * Task balancing: CoTBal's weights from validation scores, the methods beside it, and how methods compare. Pure
 * functions over numbers.
 *
 * @module
 */

export type * from "./balancer.ts";
export * from "./constant.ts";
export * from "./cotbal/contribution.ts";
export * from "./compare/delta.ts";
export * from "./cotbal/difficulty.ts";
export * from "./cotbal/mix.ts";
export * from "./cotbal/parse_scores.ts";
export * from "./cotbal/softmax.ts";
export * from "./compare/statistics.ts";
export * from "./cotbal/table.ts";
export * from "./task_level_mean.ts";
export * from "./cotbal/temperature.ts";
export * from "./cotbal/weights_from_scores.ts";
