/**
 * What the benchmark's samples and their pictures are called.
 *
 * @module
 */

import type { Split } from "../data/types.ts";

/**
 * Names a sample.
 *
 * @param task Its task's name.
 * @param split Its split.
 * @param index Its place there, from 0.
 * @returns Its id, and the path of its picture in the benchmark's folder.
 *
 * @example
 * ```ts
 * import { sampleNames } from "./sample_names.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sampleNames("vqa", "val", 7), { id: "vqa-val-00007", image: "images/vqa/val/00007.png" });
 * ```
 */
export function sampleNames(task: string, split: Split, index: number): { id: string; image: string } {
  const number = String(index).padStart(5, "0");
  return { id: `${task}-${split}-${number}`, image: `images/${task}/${split}/${number}.png` };
}
