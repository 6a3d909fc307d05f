/**
 * Where the tokens of a picture lie on it.
 *
 * LLaVA: a token a patch of the tower, row by row; where CLIP's class token is kept it comes first and lies nowhere.
 * Idefics3 and SmolVLM shuffle pixels: scale² neighbouring patches are one token, a square of the tile, row by row; a
 * picture that is cut has the tokens of its tiles, row by row, then those of the whole picture once more.
 *
 * @module
 */

import type { Grid } from "../../data/images/picture.ts";
import type { Frame } from "../../data/images/whole.ts";
import { imageTokenCount, type LmmConfig } from "../../lmm/config/lmm_config.ts";

/** A picture as a model saw it. */
export interface SeenPicture {
  /** How it was cut. */
  grid: Grid;
  /** What of it the tiles show. */
  shown: Frame;
}

/** How a tile's tokens lie on it. */
export interface TileTokens {
  /** Squares a side. */
  side: number;
  /** Tokens before the first square, which lie nowhere. */
  before: number;
  /** Which share of a tile's side the squares cover, from its left and upper edge: what is left over is no patch. */
  cover: number;
}

/**
 * How the tokens of a tile lie on it.
 *
 * @param config The model.
 * @returns A square of squares.
 */
export function tileTokens(config: LmmConfig): TileTokens {
  const { image_size, patch_size } = config.vision_config;
  const count = imageTokenCount(config);
  const side = Math.floor(Math.sqrt(count));
  const cover = Math.floor(image_size / patch_size) * patch_size / image_size;
  return { side, before: count - side * side, cover };
}

/** What was looked at, on a picture. */
export interface Heat {
  /** Cells a row. */
  columns: number;
  /** Rows of cells. */
  rows: number;
  /** What of the picture the cells cover together. */
  shown: Frame;
  /** What each cell got, row by row. */
  cells: Float64Array;
  /** What tokens of the picture got that lie nowhere on it: CLIP's class token. */
  elsewhere: number;
}

/**
 * Lays what a picture's tokens got onto the picture. Of a picture that was cut the cells are those of its tiles, and what
 * a token of the whole picture got is spread evenly over the cells that it covers.
 *
 * @param values What each token of the picture got, tile after tile.
 * @param tokens How they lie on a tile.
 * @param picture How the picture was cut.
 * @returns The cells, which hold the sum of `values` but for what lies elsewhere.
 *
 * @example A picture of 2 × 2 patches
 * ```ts
 * import { heatOf } from "./patches.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const shown = { x: 0, y: 0, width: 1, height: 1 };
 * const heat = heatOf([0.1, 0.2, 0.3, 0.4], { side: 2, before: 0, cover: 1 }, { grid: { rows: 0, columns: 0 }, shown });
 * assertEquals([heat.columns, heat.rows, ...heat.cells], [2, 2, 0.1, 0.2, 0.3, 0.4]);
 * ```
 */
export function heatOf(
  values: ArrayLike<number>,
  { side, before, cover }: TileTokens,
  { grid, shown }: SeenPicture,
): Heat {
  const cut = grid.rows > 0 && grid.columns > 0;
  const [columns, rows] = cut ? [grid.columns * side, grid.rows * side] : [side, side];
  const cells = new Float64Array(columns * rows);
  const perTile = before + side * side;
  let elsewhere = 0;
  const tiles = cut ? grid.columns * grid.rows : 0;
  for (let tile = 0; tile <= tiles; tile++) {
    const first = tile * perTile;
    for (let i = 0; i < before; i++) elsewhere += values[first + i]!;
    // The last tile is the whole picture.
    const whole = tile === tiles;
    const left = whole ? 0 : side * (tile % grid.columns),
      top = whole ? 0 : side * Math.floor(tile / grid.columns);
    const [wide, high] = whole && cut ? [grid.columns, grid.rows] : [1, 1];
    for (let i = 0; i < side * side; i++) {
      const x = left + wide * (i % side), y = top + high * Math.floor(i / side);
      const share = values[first + before + i]! / (wide * high);
      for (let r = y; r < y + high; r++) {
        for (let c = x; c < x + wide; c++) cells[r * columns + c]! += share;
      }
    }
  }
  // Between the tiles of a cut picture what is left over is narrower than a cell, and not told apart.
  const covered = cut ? shown : { ...shown, width: shown.width * cover, height: shown.height * cover };
  return { columns, rows, shown: covered, cells, elsewhere };
}
