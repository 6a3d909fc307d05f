/**
 * Sizes of training splits, as they are given by hand.
 *
 * @module
 */

import { InputError } from "../errors.ts";

/**
 * Reads `task=n,task=n`.
 *
 * @param text The text.
 * @returns Training conversations by task. Whether there is such a task is found out by `writeScenes`.
 * @throws {InputError} If an entry is no name and number, or a task occurs twice.
 *
 * @example Two tasks
 * ```ts
 * import { parseSizes } from "./parse_sizes.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseSizes("vqa=1200, chart=80"), { vqa: 1200, chart: 80 });
 * ```
 */
export function parseSizes(text: string): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const entry of text.split(",")) {
    const found = /^\s*([^=\s]+)\s*=\s*([1-9]\d*)\s*$/.exec(entry);
    if (found === null) {
      throw new InputError(
        `--train: expected task=number,task=number with whole numbers from 1 on, found "${entry.trim()}" ` +
          `in "${text}"; write it like vqa=1200,chart=80`,
      );
    }
    const [, task, count] = found;
    if (Object.hasOwn(sizes, task!)) {
      throw new InputError(`--train: expected every task once, found ${task} twice in "${text}"; remove one`);
    }
    sizes[task!] = Number(count);
  }
  return sizes;
}
