/**
 * Pictures cut into tiles, as Idefics3's and SmolVLM's processors cut them.
 *
 * The longer side becomes `size` (so small pictures are enlarged), then both sides are stretched to multiples of the
 * tile; the tiles go row by row, and the whole picture, squashed to one tile from what was already resized twice, comes
 * last.
 *
 * @module
 */

import { window } from "./frame.ts";
import type { Image } from "./image.ts";
import { type CutPicture, type Grid, UNCUT } from "./picture.ts";
import { resize } from "./resize.ts";
import type { Settings } from "./settings.ts";

/** Width and height in pixels. */
interface Extent {
  width: number;
  height: number;
}

/** No side becomes longer than this, whatever `size` says. */
const MAX_SIDE = 4096;

/** Scales so that the longer side is `longest`; the shorter one is even, unless the limit cut it again. */
function scaled({ width, height }: Extent, longest: number): Extent {
  const aspect = width / height;
  const wide = width >= height;
  const even = (value: number) => Math.max(1, value + value % 2);
  let out: Extent = wide
    ? { width: longest, height: even(Math.trunc(longest / aspect)) }
    : { width: even(Math.trunc(longest * aspect)), height: longest };
  if (longest > MAX_SIDE) {
    const again = out.width / out.height;
    out = out.width >= out.height
      ? { width: MAX_SIDE, height: Math.max(1, Math.trunc(MAX_SIDE / again)) }
      : { width: Math.max(1, Math.trunc(MAX_SIDE * again)), height: MAX_SIDE };
  }
  return out;
}

/** The first size that a picture is resized to. */
function firstExtent(extent: Extent, { size }: Settings): Extent {
  if (size === undefined) return extent;
  if ("height" in size) return { width: size.width, height: size.height };
  if ("shortest" in size) throw new Error("shortest_edge is refused when settings are read");
  return scaled(extent, size.longest);
}

/** The second size: both sides up to multiples of the tile. */
function secondExtent({ width, height }: Extent, tile: number): Extent {
  const up = (side: number) => Math.max(1, Math.ceil(side / tile)) * tile;
  const aspect = width / height;
  if (width >= height) return { width: up(width), height: up(Math.trunc(up(width) / aspect)) };
  return { width: up(Math.trunc(up(height) * aspect)), height: up(height) };
}

/**
 * How a picture is cut.
 *
 * @param extent The picture's size.
 * @param settings The settings.
 * @returns The grid.
 */
export function tiledGrid(extent: Extent, settings: Settings): Grid {
  if (!settings.split) return UNCUT;
  const { width, height } = secondExtent(firstExtent(extent, settings), settings.tile);
  if (width <= settings.tile && height <= settings.tile) return UNCUT;
  return { rows: height / settings.tile, columns: width / settings.tile };
}

/**
 * Cuts a picture.
 *
 * @param image The picture.
 * @param settings The settings.
 * @returns The tiles, the whole picture last, and the grid.
 * @throws {InputError} If the picture is too narrow to be resized.
 */
export function cutTiles(image: Image, settings: Settings): CutPicture {
  const { tile, filter } = settings;
  const one = firstExtent(image, settings);
  const first = resize(image, one.width, one.height, filter);
  const whole = (from: Image) => resize(from, tile, tile, filter).data;
  if (!settings.split) return { tiles: [whole(first)], grid: UNCUT };
  const two = secondExtent(one, tile);
  const second = resize(first, two.width, two.height, filter);
  const grid = tiledGrid(image, settings);
  const tiles: Uint8Array[] = [];
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      tiles.push(window(second, column * tile, row * tile, tile, tile).data);
    }
  }
  return { tiles: [...tiles, whole(second)], grid };
}
