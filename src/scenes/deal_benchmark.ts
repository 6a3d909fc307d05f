/**
 * Deals the questions of a whole benchmark.
 *
 * @module
 */

import type { Split } from "../data/types.ts";
import { Random } from "../random.ts";
import { type Conversation, dealBlocks } from "./deal.ts";
import type { SceneTask } from "./templates.ts";

/** A task and how much is dealt of it. */
export interface TaskSizes {
  /** The task. */
  task: SceneTask;
  /** Conversations of each split; a split left out has none. */
  sizes: Partial<Record<Split, number>>;
}

/** One split of one task. */
export interface DealtSplit {
  /** The task. */
  task: SceneTask;
  /** The split. */
  split: Split;
  /** Its conversations, block by block; all of them must be taken before the next split is. */
  blocks: Iterable<Conversation[]>;
}

/**
 * Deals task after task, each in the order train, val, test, so that no scene occurs twice in all of them. Every split
 * of a task has a stream of random numbers of its own: what is dealt of one does not change the others, but that
 * they avoid its scenes. Validation and test ask one question a picture.
 *
 * @param seed Seed of all that is drawn.
 * @param tasks The tasks in their order.
 * @returns The splits.
 *
 * @example Five and two
 * ```ts
 * import { dealBenchmark } from "./deal_benchmark.ts";
 * import { sceneTask } from "./scene_tasks.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tasks = [{ task: sceneTask("vqa"), sizes: { train: 5, test: 2 } }];
 * const counts = [...dealBenchmark(0, tasks)].map(({ split, blocks }) => [split, [...blocks].flat().length]);
 * assertEquals(counts, [["train", 5], ["test", 2]]);
 * ```
 */
export function* dealBenchmark(seed: number, tasks: Iterable<TaskSizes>): Generator<DealtSplit> {
  const random = new Random(seed).fork("scenes");
  const seen = new Set<string>();
  for (const { task, sizes } of tasks) {
    for (const split of ["train", "val", "test"] as const) {
      const count = sizes[split];
      if (count === undefined) continue;
      const turns = split === "train" ? {} : { turns: 1 };
      const stream = random.fork(`${task.name} ${split}`);
      yield { task, split, blocks: dealBlocks(task, stream, { count, split, seen, ...turns }) };
    }
  }
}
