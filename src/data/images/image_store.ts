/**
 * The images of a dataset, each read and cut into tiles once.
 *
 * @module
 */

import { cutPicture, named } from "./cut_picture.ts";
import { readFileHead } from "./file_head.ts";
import { readImageSize } from "./image_size.ts";
import { type CutPicture, type Grid, UNCUT } from "./picture.ts";
import type { Processor } from "./processor.ts";

/** Gives the vision tower's input for image files. */
export interface ImageStore {
  /**
   * The tiles of an image file, as the {@linkcode Processor} makes them.
   *
   * @param path The file.
   * @returns Tiles [3, size, size], the caller's own.
   * @throws {InputError} If the file is missing or cannot be decoded; the message begins with the path.
   */
  tiles(path: string): Promise<Float32Array[]>;
  /**
   * Reads an image file, and keeps its tiles as long as there is room.
   *
   * @param path The file.
   * @throws {InputError} If the file is missing or cannot be decoded; the message begins with the path.
   */
  look(path: string): Promise<void>;
  /** How many files it pays to ask for at a time. */
  readonly ahead: number;
  /**
   * How an image file is cut, from its size alone: nothing is decoded where its first bytes say it, nothing read where
   * the model's pictures are never cut.
   *
   * @param path The file.
   * @returns The grid.
   * @throws {InputError} If the file is looked at, and is missing or no image; the message begins with the path.
   */
  grid(path: string): Promise<Grid>;
  /** Bytes held at the moment. */
  readonly bytes: number;
}

/** The memory a store takes if nothing else is said: 87,000 images of 32 x 32, 800 of 336 x 336. */
const MAX_BYTES = 256 * 2 ** 20;

/** How a store works. */
export interface ImageStoreOptions {
  /** The most memory that kept images may take, in bytes; 256 MiB, if left out. */
  maxBytes?: number;
  /** Reads and cuts a picture, such as a picture pool's; in this thread, if left out. */
  cut?: (path: string) => Promise<CutPicture>;
  /** How many files it pays to ask for at a time; 1, if left out. */
  ahead?: number;
}

/**
 * Makes a store that reads each file once and keeps its tiles, at 8 bits a colour, as long as there is room; then it
 * forgets what was not asked for longest, and reads that again when it is.
 *
 * @param processor Makes tiles of pictures.
 * @param options How much is kept, and who reads.
 * @returns The store.
 *
 * @example An image as numbers
 * ```ts
 * import { createImageStore, encodePng, readProcessor } from "../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * await Deno.writeFile(path, encodePng(Uint8Array.of(255, 0, 255), 1, 1));
 * const settings = { image_processor_type: "SiglipImageProcessor", size: { height: 1, width: 1 } };
 * const bytes = new TextEncoder().encode(JSON.stringify(settings));
 * const store = createImageStore(readProcessor(new Map([["preprocessor_config.json", bytes]]), {}));
 * assertEquals(await store.tiles(path), [Float32Array.of(1, -1, 1)]);
 * ```
 */
export function createImageStore(processor: Processor, options: ImageStoreOptions = {}): ImageStore {
  const { maxBytes = MAX_BYTES, cut = (path) => cutPicture(path, processor), ahead = 1 } = options;
  const kept = new Map<string, CutPicture>(); // the one asked for last stands last
  const coming = new Map<string, Promise<CutPicture>>();
  const grids = new Map<string, Grid>();
  let bytes = 0;

  const read = async (path: string): Promise<CutPicture> => {
    try {
      const picture = await cut(path);
      kept.set(path, picture);
      grids.set(path, picture.grid);
      bytes += sizeOf(picture);
      for (const [oldest, old] of kept) {
        if (bytes <= maxBytes) break;
        kept.delete(oldest);
        bytes -= sizeOf(old);
      }
      return picture;
    } finally {
      coming.delete(path);
    }
  };

  const get = async (path: string): Promise<CutPicture> => {
    const picture = kept.get(path);
    if (picture !== undefined) {
      kept.delete(path);
      kept.set(path, picture);
      return picture;
    }
    let reading = coming.get(path);
    if (reading === undefined) {
      reading = read(path);
      coming.set(path, reading);
    }
    return await reading;
  };

  return {
    get bytes() {
      return bytes;
    },
    tiles: async (path) => (await get(path)).tiles.map((tile) => processor.normalise(tile)),
    async look(path) {
      await get(path);
    },
    ahead,
    async grid(path) {
      if (!processor.splits) return UNCUT;
      let grid = grids.get(path);
      if (grid === undefined) {
        const size = readImageSize(headOf(path), { exif: processor.exif });
        grid = size === undefined ? (await get(path)).grid : processor.grid(size.width, size.height);
        grids.set(path, grid);
      }
      return grid;
    },
  };
}

function headOf(path: string): Uint8Array {
  try {
    return readFileHead(path).head;
  } catch (error) {
    throw named(path, error);
  }
}

function sizeOf({ tiles }: CutPicture): number {
  return tiles.reduce((sum, tile) => sum + tile.byteLength, 0);
}
