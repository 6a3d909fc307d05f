/**
 * Pictures as the model's processor makes them.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import type { Image } from "./image.ts";
import { processorKind } from "./kinds.ts";
import { type CutPicture, type Grid, type Picture, tileCount, UNCUT } from "./picture.ts";
import { PROCESSOR_FILES, processorFiles } from "./processor_files.ts";
import { readSettings, type Settings } from "./settings.ts";
import { cutTiles, tiledGrid } from "./tiled.ts";
import { type Frame, wholeFrame, wholeSide, wholeTile } from "./whole.ts";

/** Makes pictures ready for a model, by the settings that were saved with it. */
export interface Processor {
  /** Side of a tile, in pixels. */
  readonly size: number;
  /** The colour that becomes zero, each channel on a scale of 0 to 1: bars around pictures have it. */
  readonly mean: readonly [red: number, green: number, blue: number];
  /** The deviation that colours are divided by; ones where nothing is normalised. */
  readonly std: readonly [red: number, green: number, blue: number];
  /** Whether large pictures are cut into tiles; else every grid is 0 x 0. */
  readonly splits: boolean;
  /** Whether pictures are to be turned, before all else, as their orientation tag says. */
  readonly exif: boolean;
  /** The most pixels that a picture may have; as many as Pillow takes, if left out. */
  readonly maxPixels?: number | undefined;
  /**
   * How a picture is cut into tiles, from its size alone.
   *
   * @param width Pixels a row.
   * @param height Rows.
   * @returns The grid; 0 x 0 where the picture is one tile.
   */
  grid(width: number, height: number): Grid;
  /**
   * The part of a picture that its tiles show together: cut out of the middle, or with bars around it.
   *
   * @param width Pixels a row.
   * @param height Rows.
   * @returns The frame, up to the rounding of sizes.
   */
  shown(width: number, height: number): Frame;
  /** The tiles of a picture: 1 where the grid is 0 x 0, else rows times columns and one for the whole picture. */
  tileCount(grid: Grid): number;
  /**
   * A picture's tiles, normalised.
   *
   * @param image The picture.
   * @returns Tiles [3, size, size] and their grid.
   * @throws {InputError} If no tile of the size comes of the picture.
   */
  picture(image: Image): Picture;
  /**
   * The first half of `picture`: tiles of 8 bits a colour.
   *
   * @param image The picture.
   * @returns Tiles [size, size, 3] and their grid.
   * @throws {InputError} If no tile of the size comes of the picture.
   */
  cut(image: Image): CutPicture;
  /**
   * The second half of `picture`: from 0-255 to normalised numbers, one colour after the other.
   *
   * @param tile Colours [size, size, 3].
   * @returns Pixels [3, size, size].
   */
  normalise(tile: Uint8Array): Float32Array;
  /** The settings as used, in the files that the model came with: to be saved beside a tuned one. */
  files(): Map<string, Uint8Array>;
  /** What it was read from, for another thread to read it from. */
  readonly recipe: ProcessorRecipe;
}

/** What {@linkcode readProcessor} reads a processor from; it can be sent to another thread. */
export interface ProcessorRecipe {
  /** The files with settings. */
  files: ReadonlyMap<string, Uint8Array>;
  /** What config.json holds. */
  config: Readonly<Record<string, unknown>>;
  /** Whether pictures are cut and turned. */
  options: ProcessorOptions;
}

/** How settings are taken. */
export interface ProcessorOptions {
  /** Whether no picture is cut into tiles, whatever the settings say. */
  whole?: boolean;
  /** Whether pictures are turned as their orientation tag says; transformers does not. It is not saved with the settings. */
  exif?: boolean;
  /** The most pixels that a picture may have, where Pillow's limit is not meant. It is not saved with the settings. */
  maxPixels?: number | undefined;
}

/**
 * Reads how a model's pictures are made: the nested `image_processor` of processor_config.json if it is there, else
 * preprocessor_config.json, as transformers 5 does. Known are the processors of CLIP, LLaVA, SigLIP (and ViT), Idefics3
 * and SmolVLM.
 *
 * Pixels are those of transformers' Pillow processors to the last bit before normalising. Its torchvision processors,
 * which it takes by default, round elsewhere: in at most 1% of the colours by 1 of 255, or 2 after the two resizings of
 * tiles. Where Pillow resizes columns first (see {@linkcode resize}) torchvision does not: of tall pictures, hard
 * patterns and noise differ by up to 15. (Measured by `test/fixtures/make_pictures.py compare`.)
 *
 * @param files Holds preprocessor_config.json, processor_config.json, or both.
 * @param config What config.json holds: its `model_type` says the kind where no file does.
 * @param options Whether pictures are cut.
 * @returns The processor.
 * @throws {InputError} If no file holds settings, or one asks for something that is not known here.
 *
 * @example A gray pixel, enlarged
 * ```ts
 * import { readProcessor } from "../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const settings = { image_processor_type: "SiglipImageProcessor", size: { height: 2, width: 2 } };
 * const bytes = new TextEncoder().encode(JSON.stringify(settings));
 * const processor = readProcessor(new Map([["preprocessor_config.json", bytes]]), { model_type: "llava" });
 * const { tiles, grid } = processor.picture({ width: 1, height: 1, data: Uint8Array.of(255, 0, 51) });
 * assertEquals(grid, { rows: 0, columns: 0 });
 * assertEquals(tiles, [Float32Array.of(1, 1, 1, 1, -1, -1, -1, -1, -0.6, -0.6, -0.6, -0.6)]);
 * ```
 */
export function readProcessor(
  files: ReadonlyMap<string, Uint8Array>,
  config: Readonly<Record<string, unknown>>,
  options: ProcessorOptions = {},
): Processor {
  const source = processorFiles(files);
  const { file } = source;
  const { kind, defaults, name } = processorKind(file, source.settings, config);
  const read = readSettings(file, source.settings, defaults);
  // Only LLaVA's class pads a picture; the others pad the pictures of a batch to one size, which they have here.
  const settings: Settings = {
    ...read,
    pad: read.pad && name === "LlavaImageProcessor",
    split: kind === "tiles" && (options.whole !== true && read.split),
  };
  const size = kind === "tiles" ? settings.tile : tileSide(file, settings, config);
  if (kind === "tiles") checkTiled(file, settings);
  else checkWhole(file, settings);
  const cut = (image: Image): CutPicture => {
    if (kind === "tiles") return cutTiles(image, settings);
    const tile = wholeTile(image, settings);
    if (tile.width === size && tile.height === size) return { tiles: [tile.data], grid: UNCUT };
    throw new InputError(
      `expected a picture that becomes ${size} x ${size} pixels by the settings in ${file}, found one of ` +
        `${image.width} x ${image.height} that becomes ${tile.width} x ${tile.height}; ` +
        "set do_center_crop, or a size of {height, width}, there",
    );
  };
  const tables = colourTables(settings);
  const normalise = (tile: Uint8Array) => normalised(tile, tables);
  return {
    size,
    splits: settings.split,
    exif: options.exif === true,
    maxPixels: options.maxPixels,
    mean: settings.mean,
    std: settings.std ?? [1, 1, 1],
    grid: (width, height) => kind === "tiles" ? tiledGrid({ width, height }, settings) : UNCUT,
    shown: (width, height) => kind === "tiles" ? WHOLE : wholeFrame({ width, height }, settings),
    tileCount,
    cut,
    normalise,
    picture(image) {
      const { tiles, grid } = cut(image);
      return { tiles: tiles.map(normalise), grid };
    },
    files: () => source.save(settings.split === read.split ? {} : { do_image_splitting: settings.split }),
    recipe: {
      files: new Map([...files].filter(([name]) => PROCESSOR_FILES.includes(name))),
      config,
      options,
    },
  };
}

/** Tiles are cut of the picture squeezed into them. */
const WHOLE: Frame = { x: 0, y: 0, width: 1, height: 1 };

/** The side of a tile where a picture is one. */
function tileSide(file: string, settings: Settings, config: Readonly<Record<string, unknown>>): number {
  const side = wholeSide(settings);
  if (side === null) {
    throw new InputError(
      `${file}: expected settings that make squares, found crop_size ${
        JSON.stringify(settings.crop) ?? "none"
      } ` +
        `and size ${JSON.stringify(settings.size) ?? "none"}`,
    );
  }
  if (side !== undefined) return side;
  const vision = config.vision_config as Record<string, unknown> | undefined;
  const { image_size } = typeof vision === "object" && vision !== null ? vision : { image_size: undefined };
  if (Number.isInteger(image_size) && image_size as number > 0) return image_size as number;
  throw new InputError(
    `${file}: expected do_center_crop, a size of {height, width}, or vision_config.image_size in config.json, ` +
      "found nothing that says how large a picture is in the end",
  );
}

function checkWhole(file: string, { size }: Settings): void {
  if (size === undefined || !("longest" in size) || "shortest" in size) return;
  throw new InputError(
    `${file}: expected a size of {height, width} or {shortest_edge}, found longest_edge alone (${size.longest})`,
  );
}

function checkTiled(file: string, { size }: Settings): void {
  if (size === undefined || !("shortest" in size)) return;
  throw new InputError(
    `${file}: expected a size of {longest_edge} or {height, width}, found shortest_edge (${size.shortest})`,
  );
}

/** What each of the 256 values of each colour becomes. */
function colourTables({ factor, mean, std }: Settings): Float32Array[] {
  return [0, 1, 2].map((c) =>
    Float32Array.from({ length: 256 }, (_, v) => {
      // A division by 255 is the nearest number; a factor of 1/255 may be one bit off.
      const scaled = factor === undefined ? v : factor === 1 / 255 ? v / 255 : v * factor;
      return std === undefined ? scaled : (scaled - mean[c]!) / std[c]!;
    })
  );
}

function normalised(tile: Uint8Array, tables: readonly Float32Array[]): Float32Array {
  const pixels = tile.length / 3;
  const out = new Float32Array(tile.length);
  for (const [c, table] of tables.entries()) {
    for (let i = 0; i < pixels; i++) out[c * pixels + i] = table[tile[3 * i + c]!]!;
  }
  return out;
}
