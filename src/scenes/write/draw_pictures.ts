/**
 * Pictures of scenes, as files.
 *
 * @module
 */

import { encodePng } from "../../data/images/png.ts";
import { renderScene } from "../picture/render.ts";
import type { Scene } from "../picture/scene.ts";

/** A scene, and the file that shows it. */
export interface Drawing {
  /** The scene. */
  scene: Scene;
  /** The PNG file. */
  path: string;
}

/**
 * Draws pictures in this thread.
 *
 * @param drawings What, and where to.
 * @param size Width and height of the pictures in pixels.
 * @returns Their pixels, picture after picture.
 */
export function drawPictures(drawings: readonly Drawing[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = 3 * size * size;
  const all = new Uint8Array(bytes * drawings.length);
  for (const [i, { scene, path }] of drawings.entries()) {
    const rgb = renderScene(scene, size);
    Deno.writeFileSync(path, encodePng(rgb, size, size));
    all.set(rgb, i * bytes);
  }
  return all;
}
