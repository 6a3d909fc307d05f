/**
 * What a thread of a picture pool runs.
 *
 * @module
 */

import { serve } from "../workers/pool.ts";
import { cutPicture } from "./cut_picture.ts";
import type { CutPicture } from "./picture.ts";
import { type ProcessorRecipe, readProcessor } from "./processor.ts";

serve<ProcessorRecipe, string, CutPicture>(({ files, config, options }) => {
  const processor = readProcessor(files, config, options);
  return async (path) => {
    const result = await cutPicture(path, processor);
    return { result, buffers: [...new Set(result.tiles.map(({ buffer }) => buffer as ArrayBuffer))] };
  };
});
