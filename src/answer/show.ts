/**
 * Samples of a dataset as a model gets them.
 *
 * @module
 */

import { ofSample } from "../data/dataset/validate_dataset.ts";
import type { ImageStore } from "../data/images/image_store.ts";
import { type Grid, tileCount } from "../data/images/picture.ts";
import type { Sample } from "../data/types.ts";
import type { CheckpointFiles } from "../train/checkpoint_files.ts";
import { type TokenRun, tokenRuns } from "./token_runs.ts";

/** An image and what it takes. */
export interface ShownImage {
  /** Its file. */
  path: string;
  /** How it is cut. */
  grid: Grid;
  /** Squares that the vision tower sees. */
  tiles: number;
  /** Its places in the sequence. */
  imageTokens: number;
}

/** A sample as the model gets it. */
export interface ShownSample {
  /** Its name in the file. */
  id: string;
  /** Its task. */
  task: string;
  /** The file. */
  file: string;
  /** Its images. */
  images: ShownImage[];
  /** Tokens in all, those that stand for images, and those that are trained on. */
  tokens: { all: number; image: number; trained: number };
  /** The tokens. */
  runs: TokenRun[];
}

/**
 * Lays a sample out and takes it apart again.
 *
 * @param checkpoint The model.
 * @param store Its images, looked at for their size alone.
 * @param sample The sample, of any length.
 * @returns What the model gets.
 * @throws {InputError} If it cannot be laid out, or an image is missing.
 */
export async function showSample(
  { format, tokenizer }: Pick<CheckpointFiles, "format" | "tokenizer">,
  store: Pick<ImageStore, "grid">,
  sample: Sample,
): Promise<ShownSample> {
  const images: ShownImage[] = [];
  for (const path of sample.images) {
    const grid = await ofSample(sample, () => store.grid(path));
    images.push({ path, grid, tiles: tileCount(grid), imageTokens: format.imageTokens(grid) });
  }
  const { ids, mask } = format.encode(sample, images.map(({ grid }) => grid), { maxTokens: Infinity });
  return {
    id: sample.id,
    task: sample.task,
    file: sample.file,
    images,
    tokens: {
      all: ids.length,
      image: images.reduce((sum, { imageTokens }) => sum + imageTokens, 0),
      trained: mask.reduce((sum, x) => sum + x, 0),
    },
    runs: tokenRuns(tokenizer, ids, mask, format.imageId),
  };
}
