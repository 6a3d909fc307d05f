/**
 * The settings of a processor, as preprocessor_config.json or processor_config.json holds them: every field is read,
 * harmless, or refused by name.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { FILTERS } from "./filters.ts";

/** What a picture is resized to. */
export type Size =
  | { height: number; width: number }
  | { shortest: number; longest?: number }
  | { longest: number };

/** Settings that every processor has; where a file leaves one out, the default is its kind's. */
export interface Settings {
  /** What is resized to; undefined: it is not resized. */
  size: Size | undefined;
  /** What the middle is cut to; undefined: it is not cut. */
  crop: { height: number; width: number } | undefined;
  /** Whether a picture becomes a square with bars of the mean colour first. */
  pad: boolean;
  /** Pillow's number of the filter. */
  filter: number;
  /** Factor of the colours 0 to 255; undefined: they stay. */
  factor: number | undefined;
  /** Mean of each colour, after the factor. */
  mean: readonly [number, number, number];
  /** Deviation of each colour; undefined: nothing is normalised. */
  std: readonly [number, number, number] | undefined;
  /** Side of a tile where pictures are cut into tiles. */
  tile: number;
  /** Whether pictures are cut into tiles. */
  split: boolean;
}

/** A kind's defaults: what a file may leave out, in the file's own words. */
export type Defaults = Readonly<Record<string, unknown>>;

/** Fields that say nothing of the pixels. `do_convert_rgb` may be false: pictures are read as RGB here in any case. */
const HARMLESS = new Set([
  "image_processor_type",
  "feature_extractor_type",
  "processor_class",
  "auto_map",
  "_valid_processor_keys",
  "do_convert_rgb",
  "return_tensors",
  "return_row_col_info",
  "input_data_format",
  "device",
  "disable_grouping",
  "image_seq_length",
  "video_sampling",
  "model_input_names",
]);

/** Fields that are harmless with one value, and refused with another. */
const ONLY: Readonly<Record<string, unknown>> = {
  data_format: "channels_first",
  use_square_size: false,
  antialias: true,
  do_reduce_labels: false,
};

const MAX_SIDE = 2 ** 14;

/** Reads fields, with the file's name in the messages. */
class Reader {
  constructor(readonly file: string, readonly fields: Readonly<Record<string, unknown>>) {}

  wrong(expected: string, found: unknown): InputError {
    const text = JSON.stringify(found) ?? "none";
    return new InputError(
      `${this.file}: expected ${expected}, found ${text.length > 200 ? text.slice(0, 200) + "..." : text}`,
    );
  }

  flag(name: string): boolean {
    const value = this.fields[name];
    if (typeof value !== "boolean") throw this.wrong(`${name} to be true or false`, value);
    return value;
  }

  number(name: string): number {
    const value = this.fields[name];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw this.wrong(`${name} to be a number`, value);
    }
    return value;
  }

  colours(name: string): [number, number, number] {
    const value = this.fields[name];
    const three = typeof value === "number" ? [value, value, value] : value;
    if (Array.isArray(three) && three.length === 3 && three.every((v) => Number.isFinite(v))) {
      return three as [number, number, number];
    }
    throw this.wrong(`${name} to be three numbers, or one`, value);
  }

  /** The form of a size, whatever it is written as. */
  size(name: string, numberIsSquare: boolean): Size {
    const value = this.fields[name];
    const expected = `${name} to be {height, width}, {shortest_edge}, {longest_edge} or a number of pixels`;
    const side = (side: unknown): number => {
      if (Number.isInteger(side) && side as number > 0 && side as number <= MAX_SIDE) return side as number;
      throw this.wrong(`${expected}, 1 to ${MAX_SIDE}`, value);
    };
    if (typeof value === "number") {
      return numberIsSquare ? { height: side(value), width: side(value) } : { shortest: side(value) };
    }
    if (Array.isArray(value) && value.length === 2) return { height: side(value[0]), width: side(value[1]) };
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.wrong(expected, value);
    }
    const given = Object.entries(value).filter(([, side]) => side !== null).map(([key]) => key).sort().join();
    const { height, width, shortest_edge, longest_edge } = value as Record<string, unknown>;
    if (given === "height,width") return { height: side(height), width: side(width) };
    if (given === "shortest_edge") return { shortest: side(shortest_edge) };
    if (given === "longest_edge") return { longest: side(longest_edge) };
    if (given === "longest_edge,shortest_edge") {
      return { shortest: side(shortest_edge), longest: side(longest_edge) };
    }
    throw this.wrong(expected, value);
  }
}

/**
 * Reads the settings of a processor.
 *
 * @param file Names the file in messages.
 * @param given What the file holds.
 * @param defaults The kind's defaults; the fields named there are those that the kind knows.
 * @returns The settings.
 * @throws {InputError} If a field is unknown or has a value that cannot be used.
 */
export function readSettings(file: string, given: Record<string, unknown>, defaults: Defaults): Settings {
  // A null stands for the default, as in transformers.
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const fields: Record<string, unknown> = { default_to_square: true, ...defaults, ...present };
  const reader = new Reader(file, fields);
  for (const [name, value] of Object.entries(present)) {
    if (Object.hasOwn(defaults, name) || HARMLESS.has(name) || name === "default_to_square") continue;
    if (Object.hasOwn(ONLY, name)) {
      if (value === ONLY[name]) continue;
      throw reader.wrong(`${name} to be ${JSON.stringify(ONLY[name])}`, value);
    }
    // A step that this kind does not have, and that is switched off.
    if (name.startsWith("do_") && value === false) continue;
    // What such a step would use: it says nothing.
    if (name === "crop_size" && fields.do_center_crop !== true) continue;
    throw reader.wrong(`no field "${name}", which this kind of processor does not know`, value);
  }
  const numberIsSquare = reader.flag("default_to_square");
  const filter = reader.number("resample");
  if (!(filter in FILTERS)) {
    throw reader.wrong(
      `resample to be one of ${FILTERS.map((name, i) => `${i} (${name})`).join(", ")}`,
      filter,
    );
  }
  const crop = "do_center_crop" in defaults && reader.flag("do_center_crop")
    ? reader.size("crop_size", true)
    : undefined;
  if (crop !== undefined && !("height" in crop)) {
    throw reader.wrong("crop_size to be {height, width} or a number of pixels", fields.crop_size);
  }
  const normalise = reader.flag("do_normalize");
  const std = normalise ? reader.colours("image_std") : undefined;
  if (std?.some((value) => value === 0)) throw reader.wrong("image_std to have no 0", std);
  const tiles = "max_image_size" in defaults ? reader.size("max_image_size", false) : undefined;
  if (tiles !== undefined && !("longest" in tiles)) {
    throw reader.wrong("max_image_size to be {longest_edge}", fields.max_image_size);
  }
  return {
    size: reader.flag("do_resize") ? reader.size("size", numberIsSquare) : undefined,
    crop,
    pad: reader.flag("do_pad"),
    filter,
    factor: reader.flag("do_rescale") ? reader.number("rescale_factor") : undefined,
    mean: reader.colours("image_mean"),
    std,
    tile: tiles?.longest ?? 0,
    split: tiles !== undefined && reader.flag("do_image_splitting"),
  };
}
