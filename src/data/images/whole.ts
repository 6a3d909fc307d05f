/**
 * Pictures that become one tile, as CLIP's, LLaVA's and SigLIP's processors make it.
 *
 * @module
 */

import { centreCrop, type Colour, padToSquare } from "./frame.ts";
import type { Image } from "./image.ts";
import { resize } from "./resize.ts";
import type { Settings, Size } from "./settings.ts";

/**
 * The side of the tile, where it follows from the settings alone.
 *
 * @param settings The settings.
 * @returns A side in pixels; undefined where it depends on the picture; null where no square comes of it.
 */
export function wholeSide({ size, crop, pad }: Settings): number | undefined | null {
  const box = crop ?? (size !== undefined && "height" in size ? size : undefined);
  if (box !== undefined) return box.height === box.width ? box.height : null;
  return pad && size !== undefined && "shortest" in size ? padSide(size) : undefined;
}

/** What a square becomes whose shorter side is asked for. */
function padSide({ shortest, longest }: { shortest: number; longest?: number }): number {
  return Math.min(shortest, longest ?? shortest);
}

/**
 * One tile of a picture: padded to a square where the settings say so, resized, its middle kept.
 *
 * @param image The picture.
 * @param settings The settings.
 * @returns The tile.
 * @throws {InputError} If the picture is too narrow to be resized.
 */
export function wholeTile(image: Image, { size, crop, pad, filter, mean }: Settings): Image {
  let out = image;
  if (pad) {
    const colour = mean.map((value) => Math.trunc(value * 255)) as unknown as Colour;
    const side = size !== undefined && "shortest" in size ? padSide(size) : undefined;
    out = padToSquare(image, colour, side, filter);
    if (size !== undefined && "height" in size) out = resize(out, size.width, size.height, filter);
  } else if (size !== undefined) {
    const { width, height } = resized(image, size);
    out = resize(image, width, height, filter);
  }
  return crop === undefined ? out : centreCrop(out, crop.width, crop.height);
}

/** A part of a picture, in shares of its width and height; where it reaches beyond 0 or 1 there is no picture. */
export interface Frame {
  /** Its left edge. */
  x: number;
  /** Its upper edge. */
  y: number;
  /** How wide it is. */
  width: number;
  /** How high it is. */
  height: number;
}

/**
 * What of a picture {@linkcode wholeTile} shows.
 *
 * @param extent The picture's size.
 * @param settings The settings.
 * @returns The part.
 */
export function wholeFrame(extent: { width: number; height: number }, settings: Settings): Frame {
  const { size, crop, pad } = settings;
  let { width, height } = extent;
  let part: Frame = { x: 0, y: 0, width: 1, height: 1 };
  if (pad) {
    const side = Math.max(width, height);
    const x = -Math.floor((side - width) / 2) / width, y = -Math.floor((side - height) / 2) / height;
    part = { x, y, width: side / width, height: side / height };
    width = height = size !== undefined && "height" in size
      ? size.width
      : size !== undefined && "shortest" in size
      ? padSide(size)
      : side;
  } else if (size !== undefined) ({ width, height } = resized(extent, size));
  if (crop === undefined) return part;
  const left = Math.floor((width - crop.width) / 2), top = Math.floor((height - crop.height) / 2);
  return {
    x: part.x + left / width * part.width,
    y: part.y + top / height * part.height,
    width: crop.width / width * part.width,
    height: crop.height / height * part.height,
  };
}

/** The size that a picture is resized to. */
function resized(
  { width, height }: Pick<Image, "width" | "height">,
  size: Size,
): { width: number; height: number } {
  if ("height" in size) return size;
  if (!("shortest" in size)) throw new Error("longest_edge alone is refused when settings are read");
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  let side = size.shortest, exact: number = side;
  if (size.longest !== undefined && long / short * side > size.longest) {
    exact = size.longest * short / long;
    side = roundHalfEven(exact);
  }
  const other = short === side && size.longest !== undefined ? long : Math.trunc(exact * long / short);
  return width <= height ? { width: side, height: other } : { width: other, height: side };
}

/** Python's `round`. */
function roundHalfEven(value: number): number {
  const low = Math.floor(value), rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}
