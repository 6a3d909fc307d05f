/**
 * Pictures drawn in other threads.
 *
 * @module
 */

import { openPool } from "../../data/workers/pool.ts";
import { type Drawing, drawPictures } from "./draw_pictures.ts";

/** Draws pictures. */
export interface Drawer {
  /**
   * Draws some.
   *
   * @param drawings What, and where to.
   * @returns Their pixels, picture after picture: red, green, blue, row by row.
   */
  draw(drawings: Drawing[]): Promise<Uint8Array>;
  /** Gives up what is not begun, and ends its threads. */
  close(): Promise<void>;
}

/** From so many pictures on it pays to start threads. */
const MANY = 1000;

/**
 * Draws pictures in other threads, if there are many. The files are the same whatever the number of threads.
 *
 * @param size Width and height of the pictures in pixels.
 * @param count How many there will be.
 * @param workers How many threads; as many as there are cores, if left out; 0 draws in this one.
 * @returns Draws them; close it.
 */
export function openDrawer(size: number, count: number, workers?: number): Drawer {
  if (workers === 0 || (workers === undefined && count < MANY)) {
    return {
      draw: (drawings) => Promise.resolve(drawPictures(drawings, size)),
      close: () => Promise.resolve(),
    };
  }
  const pool = openPool<{ size: number }, Drawing[], Uint8Array>(
    new URL("./draw_worker.ts", import.meta.url),
    { size },
    workers,
  );
  return { draw: (drawings) => pool.run(drawings), close: () => pool.stop() };
}
