/**
 * The built-in benchmark: scene graphs, their pictures, seven tasks, and a stream for pretraining.
 *
 * @module
 */

export { COORDINATES, gridBoxText, readGridBox } from "./box_text.ts";
export * from "./chance.ts";
export * from "./deal.ts";
export * from "./generate.ts";
export { LETTERS } from "./font.ts";
export { placeName } from "./place.ts";
export * from "./pretrain.ts";
export * from "./render.ts";
export * from "./scene.ts";
export * from "./tasks/mod.ts";
export * from "./tasks/zero_shot.ts";
export type { Question, SceneTask, Template } from "./templates.ts";
export * from "./vocabulary.ts";
export * from "./write.ts";
