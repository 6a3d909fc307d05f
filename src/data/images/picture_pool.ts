/**
 * Pictures read and cut in other threads.
 *
 * @module
 */

import { openPool } from "../workers/pool.ts";
import { cutPicture } from "./cut_picture.ts";
import type { CutPicture } from "./picture.ts";
import type { Processor, ProcessorRecipe } from "./processor.ts";

/** Reads pictures in other threads. */
export interface PicturePool {
  /**
   * Reads and cuts a picture, as {@linkcode cutPicture} does.
   *
   * @param path The file.
   * @returns Its tiles.
   * @throws {InputError} If the file is missing or cannot be decoded; the message begins with the path.
   */
  cut(path: string): Promise<CutPicture>;
  /** How many pictures it pays to ask for at a time: enough for all threads, few enough for the memory. */
  readonly ahead: number;
  /** Ends the threads. */
  close(): void;
}

/** Memory that pictures may take that were asked for and not yet used, in bytes. */
const AHEAD_BYTES = 64 << 20;
/** Pictures asked for at a time, at most. */
const MOST_AHEAD = 256;
/** Tiles of a large picture. */
const TILES = 17;
/** Pictures read in this thread before others are started, which takes as long as to read these. */
const FEW = 100;

/** Who reads. */
export interface PicturePoolOptions {
  /** How many threads; as many as there are cores, if left out. */
  workers?: number;
  /** Pictures that this thread reads before the others are started; 100, if left out. */
  few?: number;
}

/**
 * Opens threads that read pictures. They start when there is enough to read for them.
 *
 * @param processor Cuts the pictures.
 * @param options Who reads.
 * @returns The pool; close it, or the process does not end.
 *
 * @example A store whose pictures are read by two threads
 * ```ts
 * import { createImageStore, encodePng, openPicturePool, readProcessor } from "../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * await Deno.writeFile(path, encodePng(Uint8Array.of(255, 0, 255), 1, 1));
 * const settings = { image_processor_type: "SiglipImageProcessor", size: { height: 1, width: 1 } };
 * const bytes = new TextEncoder().encode(JSON.stringify(settings));
 * const processor = readProcessor(new Map([["preprocessor_config.json", bytes]]), {});
 * const pool = openPicturePool(processor, { workers: 2, few: 0 });
 * assertEquals(await createImageStore(processor, pool).tiles(path), [Float32Array.of(1, -1, 1)]);
 * pool.close();
 * ```
 */
export function openPicturePool(
  processor: Processor,
  { workers, few = FEW }: PicturePoolOptions = {},
): PicturePool {
  const pool = openPool<ProcessorRecipe, string, CutPicture>(
    new URL("./picture_worker.ts", import.meta.url),
    processor.recipe,
    workers,
  );
  const bytes = 3 * processor.size ** 2 * (processor.splits ? TILES : 1);
  let read = 0;
  return {
    cut: (path) => read++ < few ? cutPicture(path, processor) : pool.run(path),
    ahead: Math.max(2 * pool.workers, Math.min(MOST_AHEAD, Math.floor(AHEAD_BYTES / bytes))),
    close: () => pool.close(),
  };
}
