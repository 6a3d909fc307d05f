/**
 * Datasets in LLaVA's form: read, checked, turned into token ids and pixels, cut into subsets and batches.
 *
 * @module
 */

export * from "./text/build_tokenizer.ts";
export * from "./text/conversation.ts";
export * from "./draw/draw_subsets.ts";
export * from "./draw/evaluation_items.ts";
export * from "./dataset/guess_metric.ts";
export * from "./images/image.ts";
export * from "./images/image_store.ts";
export * from "./dataset/load_dataset.ts";
export * from "./draw/plan_batches.ts";
export * from "./images/png.ts";
export * from "./images/preprocess.ts";
export * from "./text/tokenizer.ts";
export type * from "./types.ts";
export * from "./dataset/validate_dataset.ts";
