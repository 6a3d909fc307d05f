/**
 * Task balancing: CoTBal's weights from validation scores, the methods beside it, and how methods compare. Pure
 * functions over numbers.
 *
 * @module
 */

export type * from "./balancer.ts";
export * from "./constant.ts";
export * from "./contribution.ts";
export * from "./delta.ts";
export * from "./difficulty.ts";
export * from "./mix.ts";
export * from "./parse_scores.ts";
export * from "./softmax.ts";
export * from "./statistics.ts";
export * from "./table.ts";
export * from "./task_level_mean.ts";
export * from "./temperature.ts";
export * from "./weights_from_scores.ts";
