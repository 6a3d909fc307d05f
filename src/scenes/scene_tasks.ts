/**
 * The tasks: the seven of the benchmark, and those that some mixtures add or put in their place.
 *
 * @module
 */

import { InputError } from "./../errors.ts";
import type { SceneTask } from "./templates.ts";
import { caption } from "./tasks/caption.ts";
import { chart } from "./tasks/chart.ts";
import { control } from "./tasks/control.ts";
import { groundingWords, vqaFull } from "./tasks/conventions.ts";
import { gqa } from "./tasks/gqa.ts";
import { grounding } from "./tasks/grounding.ts";
import { letters } from "./tasks/letters.ts";
import { reading } from "./tasks/reading.ts";
import { regionCaption } from "./tasks/region_caption.ts";
import { vqa } from "./tasks/vqa.ts";

/** The seven tasks of the default mixture, in the order in which they are shown. */
export const SCENE_TASKS: readonly SceneTask[] = [
  caption,
  regionCaption,
  vqa,
  gqa,
  chart,
  reading,
  grounding,
];

/** Tasks that other mixtures add, or put in the place of one of the seven. */
export const EXTRA_TASKS: readonly SceneTask[] = [letters, vqaFull, groundingWords, control];

/**
 * A task by its name.
 *
 * @param name One of the seven or of the extra tasks.
 * @returns The task.
 * @throws {InputError} If there is none of this name.
 *
 * @example How reading is scored where it is learnt gradually
 * ```ts
 * import { sceneTask } from "./scene_tasks.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sceneTask("letters").metric, "anls");
 * ```
 */
export function sceneTask(name: string): SceneTask {
  const all = [...SCENE_TASKS, ...EXTRA_TASKS];
  const found = all.find((task) => task.name === name);
  if (found !== undefined) return found;
  throw new InputError(
    `scenes: expected a task (${all.map((task) => task.name).join(", ")}), found "${name}"; choose one`,
  );
}
