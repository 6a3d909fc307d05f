/**
 * What a training in a page reads.
 *
 * @module
 */

import type { Picture } from "../../data/images/picture.ts";
import type { Processor } from "../../data/images/processor.ts";
import type { Sample, TaskInfo } from "../../data/types.ts";

/** Conversations and pictures of some tasks. */
export interface PlayData {
  /** The tasks, in the order in which they are shown. */
  tasks: readonly TaskInfo[];
  /** Samples by what they are for, task after task. */
  samples: Readonly<Record<PlayShare, readonly Sample[]>>;
  /**
   * A picture as the model is to see it.
   *
   * @param path As the samples name it.
   * @param processor The model's.
   */
  picture(path: string, processor: Pick<Processor, "picture" | "normalise">): Picture;
}

/** What samples are for: to be trained on, to measure losses on, to be shown with a model's answers. */
export type PlayShare = "train" | "held" | "shown";
