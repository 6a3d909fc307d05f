/**
 * The seven tasks of the benchmark, in the order in which they are shown.
 *
 * @module
 */

import type { SceneTask } from "../templates.ts";
import { caption } from "./caption.ts";
import { chart } from "./chart.ts";
import { gqa } from "./gqa.ts";
import { grounding } from "./grounding.ts";
import { reading } from "./reading.ts";
import { regionCaption } from "./region_caption.ts";
import { vqa } from "./vqa.ts";

/** The seven tasks. */
export const SCENE_TASKS: readonly SceneTask[] = [
  caption,
  regionCaption,
  vqa,
  gqa,
  chart,
  reading,
  grounding,
];
