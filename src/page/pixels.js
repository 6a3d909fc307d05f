// Pictures as the browser decodes them, made into what `decodeImage` gives elsewhere: pixels as they are stored.

import { orientation, turnedBack } from "../data/images/orientation.ts";
import { overWhite } from "../data/images/over_white.ts";

/**
 * The pixels of a file: no colour profile followed, not turned, what is transparent white.
 *
 * @param {Blob} file A picture of a kind that the browser knows.
 * @returns An `Image`.
 */
export async function pixels(file) {
  const turn = orientation(new Uint8Array(await file.arrayBuffer()));
  // Browsers turn pictures as their tag says, whatever is asked for.
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return overWhite(turnedBack(context.getImageData(0, 0, width, height), turn));
}
