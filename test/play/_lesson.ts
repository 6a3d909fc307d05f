// A small lesson for an engine without a GPU.

import { memoryFile } from "../../src/lmm/weights.ts";
import { openLesson } from "../../src/play/train/lesson.ts";
import { sceneData, type SceneSizes } from "../../src/play/data/scene_data.ts";
import { type CheckpointFiles, readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { type FakeEngine, fakeEngine, fakeWeights } from "../train/fake_engine.ts";

/** Two tasks, a few conversations each. */
export const SIZES: SceneSizes = {
  vqa: { train: 12, held: 2, shown: 2 },
  reading: { train: 4, held: 2, shown: 2 },
};

/** The shipped base's small files, with weights for the fake engine. */
export async function fakeCheckpoint(): Promise<CheckpointFiles> {
  return { ...await readCheckpoint("data/base"), weights: [memoryFile("model.safetensors", fakeWeights())] };
}

/** An engine, a checkpoint and a lesson. */
export async function smallLesson(engine: FakeEngine = fakeEngine()) {
  const checkpoint = await fakeCheckpoint();
  return { engine, checkpoint, lesson: await openLesson(engine, checkpoint, sceneData(SIZES)) };
}
