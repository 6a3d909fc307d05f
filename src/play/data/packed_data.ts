/**
 * A dataset's conversations and pictures as a page carries them.
 *
 * @module
 */

import type { Grid } from "../../data/images/picture.ts";
import type { Sample, TaskInfo } from "../../data/types.ts";
import type { PlayData, PlayShare } from "./play_data.ts";

/** Conversations and pictures of some tasks, as JSON. */
export interface PackedData {
  /** The tasks. */
  tasks: TaskInfo[];
  /** Their samples, by what these are for. */
  samples: Record<PlayShare, Sample[]>;
  /** A picture's tiles by its path, as the model's processor cut them: colours [S, S, 3] in base64. */
  pictures: Record<string, { tiles: string[]; grid: Grid }>;
}

/**
 * Takes data out of a page.
 *
 * @param packed What the page carries.
 * @returns The data; its pictures are those of the processor that cut them.
 */
export function unpackData({ tasks, samples, pictures }: PackedData): PlayData {
  return {
    tasks,
    samples,
    picture(path, processor) {
      const { tiles, grid } = pictures[path]!;
      return { tiles: tiles.map((tile) => processor.normalise(Uint8Array.fromBase64(tile))), grid };
    },
  };
}
