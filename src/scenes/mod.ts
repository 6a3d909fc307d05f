/**
 * The built-in benchmark: scene graphs, their pictures, tasks, mixtures of tasks, and a stream for pretraining.
 *
 * @module
 */

export { COORDINATES, gridBoxText, readGridBox } from "./box_text.ts";
export * from "./chance.ts";
export * from "./datasheet/datasheet.ts";
export * from "./deal.ts";
export * from "./deal_benchmark.ts";
export * from "./picture/generate.ts";
export * from "./mixtures.ts";
export { LETTERS } from "./picture/font.ts";
export { placeName } from "./picture/place.ts";
export * from "./parse_sizes.ts";
export * from "./pretrain.ts";
export * from "./picture/render.ts";
export * from "./picture/scene.ts";
export { CONTROL_ANSWERS } from "./tasks/control.ts";
export * from "./tasks/mod.ts";
export * from "./tasks/zero_shot.ts";
export type { Question, SceneTask, Template } from "./templates.ts";
export * from "./vocabulary.ts";
export * from "./write.ts";
