/**
 * The built-in benchmark: scene graphs, their pictures, tasks, mixtures of tasks, and a stream for pretraining.
 *
 * @module
 */

// The benchmark on disk.
export type { ScenesFile, ScenesTask } from "./write/scenes_file.ts";
export type { ScenesSettings, WriteOptions } from "./write/settings.ts";
export { writeScenes, ZERO_SHOT_FOLDER } from "./write/write.ts";
export { type Mixture, mixtureByName, MIXTURES, mixtureSizes, TRAIN_CONVERSATIONS } from "./mixtures.ts";
export { EXTRA_TASKS, SCENE_TASKS, sceneTask } from "./scene_tasks.ts";
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
export { denseCaption, type PretrainSample, pretrainSample, type PretrainSampleOptions } from "./pretrain.ts";
export { vocabulary } from "./vocabulary.ts";
