/**
 * Images as the vision tower reads them, by a Hugging Face `preprocessor_config.json`.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import type { Image } from "./image.ts";
import { bicubicFilter, filterRow, resize, resizeColumns } from "./resize.ts";

/** What becomes of an image before the vision tower reads it. */
export interface PreprocessOptions {
  /** Height and width of the result, in pixels. */
  size: number;
  /** Mean of each colour, on a scale of 0 to 1. */
  mean: [red: number, green: number, blue: number];
  /** Deviation of each colour, on a scale of 0 to 1. */
  std: [red: number, green: number, blue: number];
  /**
   * How an image that is not square becomes so: "pad" adds bars of the mean colour (LLaVA), "crop" keeps the
   * middle (CLIP).
   */
  fit: "pad" | "crop";
}

/**
 * Reads `preprocessor_config.json`.
 *
 * @param json The file's text, or its parsed contents.
 * @returns What {@linkcode preprocess} needs of it.
 * @throws {InputError} If it is not JSON, or asks for something else than CLIP's or LLaVA's preprocessing.
 */
export function readPreprocessorConfig(json: string | object): PreprocessOptions {
  const wrong = (expected: string, found: unknown): InputError =>
    new InputError(
      `preprocessor_config.json: expected ${expected}, found ${JSON.stringify(found) ?? "none"}`,
    );
  let config: Record<string, unknown>;
  try {
    config = (typeof json === "string" ? JSON.parse(json) : json) as Record<string, unknown>;
  } catch (error) {
    throw new InputError(`preprocessor_config.json: expected JSON, found ${(error as Error).message}`);
  }
  if (typeof config !== "object" || config === null) throw wrong("an object", config);
  const side = (value: unknown): number | undefined => {
    if (typeof value === "number") return value;
    if (typeof value !== "object" || value === null) return undefined;
    const { shortest_edge, height, width } = value as Record<string, unknown>;
    if (typeof shortest_edge === "number") return shortest_edge;
    return typeof height === "number" && height === width ? height : undefined;
  };
  const fit = config.do_pad === true ? "pad" : "crop";
  const size = side(config.size);
  if (size === undefined || !Number.isInteger(size) || size < 1) {
    throw wrong("a square size in pixels", config.size);
  }
  const crop = config.crop_size;
  if (crop !== undefined && side(crop) !== size) throw wrong(`a crop_size of ${size}, as size`, crop);
  for (const step of ["do_resize", "do_rescale", "do_normalize"]) {
    if (config[step] === false) throw wrong(`${step} to be true`, false);
  }
  if ((config.resample ?? 3) !== 3) throw wrong("resample to be 3 (bicubic)", config.resample);
  const factor = config.rescale_factor ?? 1 / 255;
  if (typeof factor !== "number" || Math.abs(factor * 255 - 1) > 1e-6) {
    throw wrong("rescale_factor to be 1/255", factor);
  }
  const colours = (name: string): [number, number, number] => {
    const value = config[name];
    if (
      Array.isArray(value) && value.length === 3 &&
      value.every((v) => typeof v === "number" && Number.isFinite(v))
    ) {
      return value as [number, number, number];
    }
    throw wrong(`${name} to be three numbers`, value);
  };
  const std = colours("image_std");
  if (std.some((v) => v <= 0)) throw wrong("image_std to be above 0", std);
  return { size, mean: colours("image_mean"), std, fit };
}

/**
 * Turns an image into the vision tower's input: made square, resized, scaled to 0-1, normalised.
 *
 * The same numbers as Hugging Face's `LlavaImageProcessor` (pad) and `CLIPImageProcessor` (crop), down to Pillow's
 * 8-bit bicubic filter. An image that already has the size is not resized.
 *
 * @param image The image.
 * @param options The size, colours, and how to make it square.
 * @returns Pixels [3, size, size]: all red ones, then green, then blue.
 *
 * @example One gray pixel, normalised
 * ```ts
 * import { preprocess } from "../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pixels = preprocess(
 *   { width: 1, height: 1, data: Uint8Array.of(255, 0, 51) },
 *   { size: 1, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], fit: "pad" },
 * );
 * assertEquals(pixels, Float32Array.of(1, -1, -0.6));
 * ```
 */
export function preprocess(image: Image, options: PreprocessOptions): Float32Array {
  return normalise(toSquare(image, options), options);
}

/**
 * The first half of {@linkcode preprocess}: square and resized, still 8 bits a channel, a quarter of the memory.
 *
 * @param image The image.
 * @param options The size, the padding's colour, and how to make it square.
 * @returns Colours [size, size, 3], 0 to 255.
 */
export function toSquare(image: Image, options: PreprocessOptions): Uint8Array {
  const { size } = options;
  if (options.fit === "pad") {
    const colour = options.mean.map((v) => Math.trunc(v * 255));
    return resizeColumns(padAndResizeRows(image, colour, size), size).data;
  }
  // CLIP: the shorter side becomes `size`, the longer one keeps the proportion, rounded down.
  const { width, height } = image;
  const short = Math.min(width, height);
  const [w, h] = width <= height
    ? [size, Math.trunc(size * height / short)]
    : [Math.trunc(size * width / short), size];
  return crop(resize(image, w, h), size);
}

/**
 * The second half of {@linkcode preprocess}: from 0-255 to normalised numbers, one colour after the other.
 *
 * @param square Colours [size, size, 3].
 * @param options The mean and deviation of each colour.
 * @returns Pixels [3, size, size].
 */
export function normalise(square: Uint8Array, options: PreprocessOptions): Float32Array {
  const pixels = square.length / 3;
  const out = new Float32Array(square.length);
  for (let c = 0; c < 3; c++) {
    const table = Float32Array.from(
      { length: 256 },
      (_, v) => (v / 255 - options.mean[c]!) / options.std[c]!,
    );
    for (let i = 0; i < pixels; i++) out[c * pixels + i] = table[square[3 * i + c]!]!;
  }
  return out;
}

/**
 * The rows of the image in the middle of a square of one colour, resized; the square of a large photograph is never
 * built. Rows of one colour keep it.
 */
function padAndResizeRows(image: Image, colour: readonly number[], size: number): Image {
  const { width, height, data } = image;
  const side = Math.max(width, height);
  const top = Math.floor((side - height) / 2);
  const left = Math.floor((side - width) / 2);
  const out = new Uint8ClampedArray(flat(colour, size * side).buffer);
  const row = flat(colour, side);
  const filter = side === size ? null : bicubicFilter(side, size);
  for (let y = 0; y < height; y++) {
    const to = 3 * size * (y + top);
    row.set(data.subarray(3 * y * width, 3 * (y + 1) * width), 3 * left);
    if (filter === null) out.set(row, to);
    else filterRow(out, to, row, 0, filter);
  }
  return { width: size, height: side, data: new Uint8Array(out.buffer) };
}

/** `count` pixels of one colour. */
function flat(colour: readonly number[], count: number): Uint8Array {
  const out = new Uint8Array(3 * count);
  out.set(colour);
  for (let done = 3; done < out.length; done *= 2) out.copyWithin(done, 0, Math.min(done, out.length - done));
  return out;
}

/** The middle of an image. */
function crop({ width, height, data }: Image, size: number): Uint8Array {
  if (width === size && height === size) return data;
  const left = Math.floor((width - size) / 2);
  const top = Math.floor((height - size) / 2);
  const out = new Uint8Array(3 * size * size);
  for (let y = 0; y < size; y++) {
    const from = 3 * ((y + top) * width + left);
    out.set(data.subarray(from, from + 3 * size), 3 * y * size);
  }
  return out;
}
