/**
 * What a processor makes of a picture: squares that the vision tower sees.
 *
 * @module
 */

/** How a picture is cut into tiles. */
export interface Grid {
  /** Rows of tiles; 0: the picture is one tile, uncut. */
  rows: number;
  /** Tiles a row; 0: the picture is one tile, uncut. */
  columns: number;
}

/** The grid of a picture that is not cut. */
export const UNCUT: Readonly<Grid> = { rows: 0, columns: 0 };

/** A picture as the vision tower reads it. */
export interface Picture {
  /** Tiles row by row, then the whole picture as one more; each [3, S, S], normalised: all red, all green, all blue. */
  tiles: Float32Array[];
  /** Where the tiles belong. */
  grid: Grid;
}

/** A picture cut into tiles of 8 bits a colour, not normalised: a quarter of the memory. */
export interface CutPicture {
  /** Tiles as in {@linkcode Picture}; each [S, S, 3], 0 to 255. */
  tiles: Uint8Array[];
  /** Where the tiles belong. */
  grid: Grid;
}

/**
 * The tiles of a picture.
 *
 * @param grid How it is cut.
 * @returns 1 where it is not cut, else rows times columns and one for the whole picture.
 */
export function tileCount({ rows, columns }: Grid): number {
  return rows === 0 || columns === 0 ? 1 : rows * columns + 1;
}
