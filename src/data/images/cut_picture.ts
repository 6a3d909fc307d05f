/**
 * A picture's file as tiles.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { readImageFile } from "./file_head.ts";
import { decodeImage } from "./image.ts";
import type { CutPicture } from "./picture.ts";
import type { Processor } from "./processor.ts";

/**
 * Reads, decodes and cuts a picture.
 *
 * @param path The file.
 * @param processor Cuts it.
 * @returns Its tiles, 8 bits a colour.
 * @throws {InputError} If the file is missing or cannot be decoded; the message begins with the path.
 */
export async function cutPicture(
  path: string,
  processor: Pick<Processor, "cut" | "exif" | "maxPixels">,
): Promise<CutPicture> {
  try {
    const { exif, maxPixels } = processor;
    return processor.cut(await decodeImage(await readImageFile(path), { exif, maxPixels }));
  } catch (error) {
    throw named(path, error);
  }
}

/**
 * Puts a path in front of what is wrong with a file.
 *
 * @param path The file.
 * @param error What was thrown.
 * @returns The error to throw.
 */
export function named(path: string, error: unknown): unknown {
  return error instanceof InputError ? new InputError(`${path}: ${error.message}`) : error;
}
