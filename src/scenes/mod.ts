/**
 * The built-in benchmark: scene graphs, their pictures, seven tasks, and a stream for pretraining.
 *
 * @module
 */

// The benchmark on disk.
export {
  type ScenesFile,
  type ScenesSettings,
  type ScenesTask,
  TRAIN_CONVERSATIONS,
  type WriteOptions,
  writeScenes,
} from "./write.ts";
export { SCENE_TASKS } from "./tasks/mod.ts";
export { ZERO_SHOT_TASKS } from "./tasks/zero_shot.ts";
export { type ChanceScores, chanceScores } from "./chance.ts";

// Its pictures and conversations.
export { generateScene, type SceneOptions } from "./picture/generate.ts";
export { renderScene } from "./picture/render.ts";
export {
  type Bar,
  type Colour,
  COLOURS,
  type GridBox,
  type Scene,
  type SceneKind,
  type SceneObject,
  type Shape,
  SHAPES,
  type Sign,
  type Size,
  SIZES,
} from "./picture/scene.ts";
export { type Conversation, dealConversations, type DealOptions, type DealtTurn } from "./deal.ts";
export type { Question, SceneTask, Template } from "./templates.ts";

// What a base is made from.
export { denseCaption, type PretrainOptions, type PretrainSample, pretrainSample } from "./pretrain.ts";
export { vocabulary } from "./vocabulary.ts";
