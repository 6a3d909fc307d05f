/**
 * What a thread runs that draws pictures.
 *
 * @module
 */

import { serve } from "../../data/workers/pool.ts";
import { type Drawing, drawPictures } from "./draw_pictures.ts";

serve<{ size: number }, Drawing[], Uint8Array<ArrayBuffer>>(({ size }) => (drawings) => {
  const result = drawPictures(drawings, size);
  return { result, buffers: [result.buffer] };
});
