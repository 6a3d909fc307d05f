/**
 * The built-in benchmark: scene graphs, their pictures, seven tasks, and a stream for pretraining.
 *
 * @module
 */

export * from "./box_text.ts";
export * from "./font.ts";
export * from "./generate.ts";
export * from "./place.ts";
export * from "./pretrain.ts";
export * from "./render.ts";
export * from "./scene.ts";
export * from "./tasks/mod.ts";
export * from "./templates.ts";
export * from "./vocabulary.ts";
