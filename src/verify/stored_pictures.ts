/** pictures/ and pictures.safetensors: picture files with the pixels that the processor must make of them. @module */
import { join } from "@std/path";
import { InputError } from "../errors.ts";
import { readSafetensors } from "../lmm/safetensors.ts";
import { exists, readIfThere } from "../run/files.ts";

/** A picture and its pixels. */
export interface StoredPicture {
  /** Its name in pictures/. */
  file: string;
  /** The file. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Tiles of [3, side, side], normalised: row by row, the whole picture last. */
  tiles: Float32Array[];
}

/**
 * Reads the pictures of a case.
 *
 * @param folder The case.
 * @param side Height and width of a tile, in pixels.
 * @returns Its pictures by name; undefined if it holds none.
 * @throws {InputError} If a picture has no pixels, pixels have no picture, or their shape is another.
 */
export async function readStoredPictures(folder: string, side: number): Promise<StoredPicture[] | undefined> {
  const path = join(folder, "pictures.safetensors"), place = join(folder, "pictures");
  const bytes = await readIfThere(path);
  if (!bytes) {
    if (!await exists(place)) return undefined;
    throw new InputError(`${path}: expected the pixels of the pictures in ${place}, found no such file`);
  }
  const tensors = readSafetensors(bytes, path);
  const found: StoredPicture[] = [];
  for (const [file, { shape, values }] of tensors) {
    // A name is a file of the folder, never a way out of it.
    if (/[\\/]/.test(file) || file.startsWith(".")) {
      throw new InputError(`${path}: tensor ${file}: expected the name of a file in ${place}`);
    }
    const picture = await readIfThere(join(place, file));
    if (!picture) {
      throw new InputError(`${join(place, file)}: expected the picture of a tensor in ${path}, found none`);
    }
    const [tiles = 0, ...rest] = shape;
    if (tiles === 0 || rest.join() !== `3,${side},${side}`) {
      throw new InputError(
        `${path}: tensor ${file}: expected shape [tiles, 3, ${side}, ${side}] by config.json, found [${
          shape.join(", ")
        }]`,
      );
    }
    const size = 3 * side * side;
    found.push({
      file,
      bytes: picture,
      tiles: Array.from({ length: tiles }, (_, i) => values.subarray(i * size, (i + 1) * size)),
    });
  }
  if (await exists(place)) {
    for await (const { name, isDirectory } of Deno.readDir(place)) {
      if (isDirectory || tensors.has(name)) continue;
      throw new InputError(`${path}: expected pixels of every picture in ${place}, found none of ${name}`);
    }
  }
  return found.sort((a, b) => a.file < b.file ? -1 : 1);
}

/**
 * How far pixels are from those stored, in steps of 1/255 of the picture's own colours.
 *
 * @param found Tiles as they were made here.
 * @param stored The picture.
 * @param std The deviation of each colour by which pixels were divided.
 * @returns The greatest difference and where it is; without end if there are more or fewer tiles.
 */
export function pictureError(
  found: readonly Float32Array[],
  stored: StoredPicture,
  std: readonly number[],
): { error: number; where: string } {
  const { file, tiles } = stored;
  if (found.length !== tiles.length) {
    return { error: Infinity, where: `${file}: expected ${tiles.length} tiles, found ${found.length}` };
  }
  let error = 0, where = file;
  tiles.forEach((expected, tile) => {
    const plane = expected.length / 3, side = Math.sqrt(plane);
    for (let i = 0; i < expected.length; i++) {
      const colour = Math.floor(i / plane), at = i % plane;
      const off = Math.abs(found[tile]![i]! - expected[i]!) * 255 * std[colour]!;
      if (off > error || Number.isNaN(off)) {
        error = off;
        where = `${file}, tile ${tile}, row ${Math.floor(at / side)}, column ${at % side}, ${
          COLOURS[colour]
        }`;
      }
    }
  });
  return { error, where };
}

const COLOURS = ["red", "green", "blue"];
