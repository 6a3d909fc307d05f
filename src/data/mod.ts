/**
 * Datasets in LLaVA's form: read, checked, turned into token ids and pixels, cut into subsets and batches.
 *
 * @module
 */

export * from "./build_tokenizer.ts";
export * from "./conversation.ts";
export * from "./draw_subsets.ts";
export * from "./evaluation_items.ts";
export * from "./guess_metric.ts";
export * from "./image.ts";
export * from "./image_store.ts";
export * from "./load_dataset.ts";
export * from "./plan_batches.ts";
export * from "./png.ts";
export * from "./preprocess.ts";
export * from "./tokenizer.ts";
export type * from "./types.ts";
export * from "./validate_dataset.ts";
