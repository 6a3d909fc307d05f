/**
 * How answers are scored, and what one scores without looking. Pure functions over text.
 *
 * @module
 */

export * from "./metric_name.ts";
export * from "./anls.ts";
export * from "./cider.ts";
export * from "./exact_match.ts";
export * from "./interval.ts";
export * from "./iou.ts";
export * from "./majority.ts";
export * from "./multiple_choice.ts";
export * from "./relaxed_match.ts";
export * from "./score.ts";
export * from "./vqa_accuracy.ts";
