/**
 * Scenes to train on in a page: drawn where they are needed, so that none need be shipped.
 *
 * @module
 */

import type { Image } from "../../data/images/image.ts";
import type { Sample, Split } from "../../data/types.ts";
import { dealBenchmark, type TaskSizes } from "../../scenes/deal_benchmark.ts";
import { mixtureSizes } from "../../scenes/mixtures.ts";
import { renderScene } from "../../scenes/picture/render.ts";
import { type Scene, UNITS } from "../../scenes/picture/scene.ts";
import { sampleNames } from "../../scenes/sample_names.ts";
import { sceneTask } from "../../scenes/scene_tasks.ts";
import type { PlayData, PlayShare } from "./play_data.ts";
import { HELD, SHOWN, TRAINED } from "./share.ts";

/** Seed of the pictures: that of the benchmark. Another seed of a training changes its order alone. */
const SEED = 0;

/** Sizes of the tasks: conversations of each that are for something. */
export type SceneSizes = Readonly<Record<string, Partial<Record<PlayShare, number>>>>;

/** Data whose pictures are painted when they are asked for. */
export interface SceneData extends PlayData {
  /** A picture as it is painted, by its path. */
  image(path: string): Image;
}

/** What each use takes: splits share no picture with each other. */
const SPLITS = { train: "train", held: "val", shown: "test" } as const satisfies Record<PlayShare, Split>;

/** What a training in a page takes: few, as they are drawn while somebody waits. */
export function sceneSizes(): SceneSizes {
  const whole = Object.values(mixtureSizes("default")).reduce((sum, count) => sum + count, 0);
  const train = mixtureSizes("default", { scale: TRAINED / whole });
  return Object.fromEntries(
    Object.entries(train).map(([task, count]) => [task, { train: count, held: HELD, shown: SHOWN }]),
  );
}

/** The same of the questions that are shown alone: the very same ones, as splits are drawn apart. */
export function shownSizes(): SceneSizes {
  return Object.fromEntries(Object.keys(sceneSizes()).map((task) => [task, { shown: SHOWN }]));
}

/**
 * Deals scenes and questions, as the benchmark does.
 *
 * @param sizes How many of each task, tasks in the order in which they are shown.
 * @returns The data; a picture is painted when it is asked for.
 *
 * @example Two questions of a task
 * ```ts
 * import { sceneData } from "./scene_data.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { samples } = sceneData({ vqa: { held: 2 } });
 * assertEquals(samples.held.map(({ id }) => id), ["vqa-val-00000", "vqa-val-00001"]);
 * ```
 */
export function sceneData(sizes: SceneSizes): SceneData {
  const tasks = Object.entries(sizes).map(([name, { train, held, shown }]): TaskSizes => ({
    task: sceneTask(name),
    sizes: {
      ...(train !== undefined && { train }),
      ...(held !== undefined && { val: held }),
      ...(shown !== undefined && { test: shown }),
    },
  }));
  const scenes = new Map<string, Scene>();
  const bySplit: Record<Split, Sample[]> = { train: [], val: [], test: [] };
  for (const { task, split, blocks } of dealBenchmark(SEED, tasks)) {
    let index = 0;
    for (const block of blocks) {
      for (const { scene, turns } of block) {
        const { id, image } = sampleNames(task.name, split, index++);
        scenes.set(image, scene);
        bySplit[split].push({ id, task: task.name, images: [image], turns, file: `${task.name}_${split}` });
      }
    }
  }
  const image = (path: string) => ({
    width: UNITS,
    height: UNITS,
    data: renderScene(scenes.get(path)!, UNITS),
  });
  return {
    tasks: tasks.map(({ task: { name, metric } }) => ({ name, metric })),
    samples: { train: bySplit[SPLITS.train], held: bySplit[SPLITS.held], shown: bySplit[SPLITS.shown] },
    image,
    picture: (path, processor) => processor.picture(image(path)),
  };
}
