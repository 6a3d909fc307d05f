/** The pictures of a case, made ready here and compared with what its processor made of them. @module */
import { decodeImage } from "../data/images/image.ts";
import { readProcessor } from "../data/images/processor.ts";
import { InputError } from "../errors.ts";
import type { Quantity } from "./measure.ts";
import type { StoredCase } from "./stored_case.ts";
import { pictureError, type StoredPicture } from "./stored_pictures.ts";

/** The greatest difference of a colour that passes, of 255. */
export const PICTURE_TOLERANCE = 1;

/**
 * Compares the pictures of a case.
 *
 * @param of The case, whose folder says how pictures are made ready.
 * @param pictures Its pictures.
 * @returns The greatest difference of a colour, and where it is.
 * @throws {InputError} If the settings or a picture cannot be used.
 */
export async function verifyPictures(
  { folder, files }: Pick<StoredCase, "folder" | "files">,
  pictures: readonly StoredPicture[],
): Promise<Quantity> {
  const config = JSON.parse(new TextDecoder().decode(files.get("config.json"))) as Record<string, unknown>;
  const processor = within(folder, () => readProcessor(files, config));
  let error = 0, where = "";
  for (const picture of pictures) {
    const image = await decodeImage(picture.bytes).catch((error) => {
      throw error instanceof InputError
        ? new InputError(`${folder}/pictures/${picture.file}: ${error.message}`)
        : error;
    });
    const { tiles } = within(`${folder}/pictures/${picture.file}`, () => processor.picture(image));
    const found = pictureError(tiles, picture, processor.std);
    if (found.error > error || Number.isNaN(found.error)) ({ error, where } = found);
  }
  return {
    name: "pictures",
    error,
    unit: "of 255",
    tolerance: PICTURE_TOLERANCE,
    where,
    ok: error <= PICTURE_TOLERANCE,
    count: pictures.length,
  };
}

function within<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${place}: ${error.message}`) : error;
  }
}
