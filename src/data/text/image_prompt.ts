/**
 * What stands in a conversation in the place of an image, by family.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { type Grid, tileCount } from "../images/picture.ts";

/** Placeholders of the largest image; no model's sequence is as long. */
const MAX_PLACEHOLDERS = 1_000_000;

/**
 * The placeholders that an image takes.
 *
 * @param perTile Placeholders a tile.
 * @param grid How the image is cut.
 * @returns How many.
 * @throws {InputError} If no model takes as many.
 */
export function placeholderCount(perTile: number, grid: Grid): number {
  const tiles = tileCount(grid);
  if (perTile * tiles <= MAX_PLACEHOLDERS) return perTile * tiles;
  throw new InputError(
    `config.json: expected sizes (image_size, patch_size, scale_factor) that make at most ${MAX_PLACEHOLDERS} features an ` +
      `image, found ${perTile} a tile and ${tiles} tiles; use the file that came with the model`,
  );
}

/** The tokens of an image's place. */
export interface ImageTokens {
  /** The family: config.json's model_type. */
  family: string;
  /** The placeholder, one a feature: `<image>`. */
  image: string;
  /** Placeholders a tile. */
  perTile: number;
  /** What tokenizer_config.json calls the others, where it does. */
  names: ReadonlyMap<string, string>;
}

/** Families that say where each tile belongs. */
const TILED = new Set(["idefics3", "smolvlm"]);

/**
 * What an image's placeholder expands to. LLaVA: a placeholder a feature. Idefics3 and SmolVLM: a row and column token before
 * each tile and a line feed after each row of them, then the whole picture, between tokens of their own.
 *
 * @param tokens The tokens.
 * @param grid How the image is cut.
 * @returns Text, special tokens spelled out.
 * @throws {InputError} If there are more placeholders than any model takes.
 *
 * @example An image that is not cut
 * ```ts
 * import { imagePrompt } from "./image_prompt.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tokens = { family: "smolvlm", image: "<image>", perTile: 2, names: new Map() };
 * assertEquals(
 *   imagePrompt(tokens, { rows: 0, columns: 0 }),
 *   "<fake_token_around_image><global-img><image><image><fake_token_around_image>",
 * );
 * ```
 */
export function imagePrompt({ family, image, perTile, names }: ImageTokens, { rows, columns }: Grid): string {
  placeholderCount(perTile, { rows, columns });
  const placeholders = image.repeat(perTile);
  if (!TILED.has(family)) return placeholders;
  const around = names.get("fake_image_token") ?? "<fake_token_around_image>";
  const whole = `${around}${names.get("global_image_token") ?? "<global-img>"}${placeholders}${around}`;
  if (rows === 0 || columns === 0) return whole;
  let tiles = "";
  for (let r = 1; r <= rows; r++) {
    for (let c = 1; c <= columns; c++) tiles += `${around}<row_${r}_col_${c}>${placeholders}`;
    tiles += "\n";
  }
  return `${tiles}\n${whole}`;
}
